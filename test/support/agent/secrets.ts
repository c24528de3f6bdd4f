/** The secrets of a job: what must not be visible anywhere, and what the agent hides in the log. */
export interface Secrets {
  /** Each line of a text is a separate secret, except the frame of a PEM file and very short lines. */
  readonly add: (secret: string) => void;
  /**
   * Searches a text for every secret: in plain text, URL-encoded, and in base64, also as a part of what was encoded.
   *
   * @returns The forms in which secrets were found, never the secrets themselves.
   */
  find(text: string): string[];
  /** Also hides a text that a task registers itself. */
  addMask(text: string): void;
  /** Returns the text as users see it. */
  mask(text: string): string;
}

const SHORTEST = 6;

export function createSecrets(): Secrets {
  const secrets = new Map<string, Map<string, string>>();
  const masks = new Set<string>();
  return {
    add: (secret) => {
      for (const line of secret.split(/\r?\n/).map((part) => part.trim())) {
        if (line.length < SHORTEST || line.startsWith('-----')) continue;
        secrets.set(line, toForms(line));
        masks.add(line);
      }
    },
    find: (text) => {
      const found = [...secrets.values()].flatMap((forms) =>
        [...forms].filter(([needle]) => text.includes(needle)).map(([, form]) => form),
      );
      return [...new Set(found)];
    },
    addMask: (text) => {
      for (const line of text.split(/\r?\n/)) if (line !== '') masks.add(line);
    },
    mask: (text) => {
      const longestFirst = [...masks].sort((a, b) => b.length - a.length);
      return longestFirst.reduce((masked, secret) => masked.replaceAll(secret, '***'), text);
    },
  };
}

/** Returns the texts to search for, with the name of each form. */
function toForms(secret: string): Map<string, string> {
  const forms = new Map([
    [secret, 'in clear'],
    [encodeURIComponent(secret), 'URL-encoded'],
    [new URLSearchParams({ v: secret }).toString().slice(2), 'URL-encoded'],
    [JSON.stringify(secret).slice(1, -1), 'in JSON'],
  ]);
  // Base64 encodes three bytes at a time, so a secret can be encoded in three ways.
  for (const before of ['', 'x', 'xx']) {
    const encoded = toInnerBase64(before, secret);
    forms.set(encoded, 'in base64').set(encoded.replace(/\+/g, '-').replace(/\//g, '_'), 'in base64');
  }
  forms.set(secret, 'in clear');
  return forms;
}

/** Returns the base64 characters that depend on the secret only, if there is text before and after it. */
function toInnerBase64(before: string, secret: string): string {
  const encoded = Buffer.from(before + secret)
    .toString('base64')
    .replace(/=+$/, '');
  const bytes = Buffer.byteLength(before + secret);
  return encoded.slice(Math.ceil((before.length * 8) / 6), Math.floor((bytes * 8) / 6));
}
