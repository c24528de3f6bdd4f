import type { Failure } from './errors';

/**
 * Making foreign text harmless: a VM name, an Azure message, an echo answer, an input value. Whatever is
 * shown passes here first, so that it cannot run a logging command, break a line, reverse the reading
 * direction or show a credential.
 */

// Controls, invisible formatting (direction marks, zero-width characters, tags), separators and lone
// surrogates, by their Unicode general categories.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

const CREDENTIALS: readonly RegExp[] = [
  // JSON web tokens: tokens, assertions.
  /eyJ[\w-]{8,}(?:\.[\w-]*){0,2}/g,
  /\b(?:Bearer|Basic)\s+[\w.~+/=-]{8,}/gi,
  /-----BEGIN [^-]*-----[\s\S]*?(?:-----END [^-]*-----|$)/g,
  // In quotes a value may have blanks; without them it ends with one.
  /\b(?:client_?secret|client_?assertion|(?:access|refresh|id)_?token|password|passwd|pwd|secret|sig|(?:account|access|shared_?access|storage|api|function|subscription|primary|secondary)[_-]?key|shared_?access_?signature)["']?\s*[=:]\s*(?:"[^"]*"?|'[^']*'?|[^\s&;,"']+)/gi,
  // Keys in base64, as those of storage accounts and service buses. A resource ID does not end like this.
  /(?<![A-Za-z\d+/])[A-Za-z\d+/]{38,}={1,2}(?![A-Za-z\d+/=])/g,
  // Personal access tokens of Azure DevOps: 52 characters of base32 in lower case, in the form before 2024.
  /(?<![A-Za-z\d])[a-z2-7]{52}(?![A-Za-z\d])/g,
  // An authorization code is long; an error's code is not one.
  /\bcode=[^\s&;,"']{16,}/gi,
  // The secrets that Entra makes hold a tilde, which names and ids do not.
  /(?=[\w.-]*~)[\w.~-]{24,}/g,
  // The user part of an address, as in a proxy's.
  /(?<=:\/\/)[^\s/@]+:[^\s@]*@/g,
];

/** Long runs of letters and digits, of which the dense ones look like keys; names and ids do not. */
const RUNS = /[A-Za-z\d+~=]{24,}/g;

const looksLikeKey = (run: string): boolean =>
  /[a-z]/.test(run) && /[A-Z]/.test(run) && (run.match(/\d+/g) ?? []).length >= 3;

const LONGEST = 400;

/** Foreign text without what looks like a credential, at most 1,600 characters of it; else letter by letter. */
export function maskCredentials(foreign: string): string {
  // Searching takes time that grows with the square of the length, and so much is never shown.
  let text = foreign.slice(0, 4 * LONGEST);
  for (const pattern of CREDENTIALS) text = text.replace(pattern, '***');
  return text.replace(RUNS, (run) => (looksLikeKey(run) ? '***' : run));
}

/**
 * The agent warns of every line with `##vso` that is no command, and finds the word by culture, which sees no characters
 * without a weight in between (azure-pipelines-agent, WorkerCommandManager). `##[error]` is a format.
 */
const TWO_SIGNS = /#(?=\p{Default_Ignorable_Code_Point}*#)/gu;

/** A text in which the first of two signs is written in another way. */
export const partSigns = (text: string, sign: string): string => text.replace(TWO_SIGNS, sign);

/** A text on one line, without characters that nobody sees and without two signs that may begin a command. */
export const onOneLine = (text: string): string =>
  text.replace(UNSAFE, ' ').replace(/ {2,}/g, ' ').trim().replace(TWO_SIGNS, '# ');

/**
 * Foreign text on one line: no control or direction characters, nothing that looks like a credential, no
 * start of a logging command, at most 400 characters.
 */
export const safeText = (foreign: string): string => harmless(foreign, LONGEST);

/** Azure's own words, made harmless: they name what forbids a call at their end, behind ids that are long. */
export const azureWords = (words: string): string => harmless(words, 3 * LONGEST).replace(/\.$/, '');

function harmless(foreign: string, longest: number): string {
  const text = onOneLine(maskCredentials(foreign));
  if (text.length <= longest) return text;
  // Not in the middle of a character that takes two code units.
  return `${text.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** Foreign text as it may stand in a Markdown table cell: read as text, never as Markdown or HTML. */
export const markdownText = (foreign: string): string => escapeMarkdown(safeText(foreign));

/**
 * A sentence of the messages modules in the same way. Each value in it was made harmless and short, so that the sentence
 * is shown to its end, where it says what to do.
 */
export const markdownSentence = (sentence: string): string => escapeMarkdown(onOneLine(sentence));

/** A failure as a line of a list. */
export const failureMarkdown = ({ code, seen, remedy }: Failure): string =>
  `- ${code}: ${markdownSentence(seen)} ${markdownSentence(remedy)}`;

function escapeMarkdown(text: string): string {
  return (
    text
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      .replace(/[\\`*_[\]#!|~^$@:]/g, (character) => `&#${String(character.charCodeAt(0))};`)
      // Such a name becomes a link by itself, as two slashes do and addresses with a colon and mail addresses.
      .replace(/www\./gi, (www) => `${www.slice(0, 3)}&#46;`)
      .replace(/\/(?=\/)/g, '&#47;')
  );
}

/** Text in plain sentences, in which every value is made harmless on its way in. */
export function say(parts: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return parts.reduce((text, part, index) => {
    const value = values[index - 1] ?? '';
    return text + (typeof value === 'number' ? String(value) : safeText(value)) + part;
  });
}

/** The subject of a call, such as `The list of VMs`, inside a sentence. Names of services stay as they are. */
export const inSentence = (what: string): string =>
  what.replace(/^(?:The|An?) /u, (article) => article.toLowerCase());

/** A subject that is a service, although it has an article. */
export const MANAGED_IDENTITY_SERVICE = 'The managed identity service of this agent';

/** The call that a subject names, such as `The call (the list of VMs)`; nothing where the subject is a service. */
export const callOf = (what: string): string | undefined =>
  inSentence(what) === what || what === MANAGED_IDENTITY_SERVICE
    ? undefined
    : `The call (${inSentence(what)})`;

/** The service that should respond to a call: Azure, with the subject of the call, or the service that is the subject. */
export const responderOf = (what: string): string =>
  callOf(what) === undefined ? what : `Azure (${inSentence(what)})`;

/** `a, b and c`. */
export function listText(items: readonly string[], last = 'and'): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} ${last} ${items.at(-1) ?? ''}`;
}

/** A moment as UTC to the second, `2026-11-21 10:15:00 UTC`. `at` is milliseconds since 1970. */
export function formatUtc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
