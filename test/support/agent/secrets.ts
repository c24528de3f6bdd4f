/** The secrets of a job: what must not be seen anywhere, and what the agent hides in the log. */
export interface Secrets {
  /** Many lines are many secrets; the frame of a PEM file and very short lines are none. */
  readonly add: (secret: string) => void;
  /**
   * Looks for every secret in a text: in clear, URL-encoded, and in base64, also where it is a part of what
   * was encoded.
   *
   * @returns The forms in which secrets were found, never the secrets themselves.
   */
  find(text: string): string[];
  /** Also hides what a task registers itself. */
  addMask(text: string): void;
  /** The text as a person sees it. */
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

/** What to look for, and how to call it. */
function toForms(secret: string): Map<string, string> {
  const forms = new Map([
    [secret, 'in clear'],
    [encodeURIComponent(secret), 'URL-encoded'],
    [new URLSearchParams({ v: secret }).toString().slice(2), 'URL-encoded'],
    [JSON.stringify(secret).slice(1, -1), 'in JSON'],
  ]);
  // Base64 takes three bytes at a time, so that there are three ways in which a secret can lie in it.
  for (const before of ['', 'x', 'xx']) {
    const encoded = toInnerBase64(before, secret);
    forms.set(encoded, 'in base64').set(encoded.replace(/\+/g, '-').replace(/\//g, '_'), 'in base64');
  }
  forms.set(secret, 'in clear');
  return forms;
}

/** The base64 characters that depend on the secret alone, when something stands before and behind it. */
function toInnerBase64(before: string, secret: string): string {
  const encoded = Buffer.from(before + secret)
    .toString('base64')
    .replace(/=+$/, '');
  const bytes = Buffer.byteLength(before + secret);
  return encoded.slice(Math.ceil((before.length * 8) / 6), Math.floor((bytes * 8) / 6));
}
