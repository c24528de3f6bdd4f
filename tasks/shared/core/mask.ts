import { union, type Range } from './ranges';

/** What is shown instead of a credential. */
export const MASK = '***';

/** What looks like a credential, wherever it is in a text. */
export const CREDENTIALS: readonly RegExp[] = [
  // JSON web tokens: tokens, assertions.
  /eyJ[\w-]{8,}(?:\.[\w-]*){0,2}/g,
  /\b(?:Bearer|Basic)\s+[\w.~+/=-]{8,}/gi,
  /-----BEGIN [^-]*-----[\s\S]*?(?:-----END [^-]*-----|$)/g,
  // A value in quotes can contain spaces. Without quotes, it ends at a space.
  /\b(?:client_?secret|client_?assertion|(?:access|refresh|id)_?token|password|passwd|pwd|secret|sig|(?:account|access|shared_?access|storage|api|function|subscription|primary|secondary)[_-]?key|shared_?access_?signature)["']?\s*[=:]\s*(?:"[^"]*"?|'[^']*'?|[^\s&;,"']+)/gi,
  // Base64 keys, such as those of storage accounts and service buses. A resource ID does not end like this.
  /(?<![A-Za-z\d+/])[A-Za-z\d+/]{38,}={1,2}(?![A-Za-z\d+/=])/g,
  // Personal access tokens of Azure DevOps in the format before 2024: 52 characters of base32 in lower case.
  /(?<![A-Za-z\d])[a-z2-7]{52}(?![A-Za-z\d])/g,
  // An authorization code is long. The code of an error is not.
  /\bcode=[^\s&;,"']{16,}/gi,
  // Secrets that Entra creates contain a tilde, which names and IDs do not.
  /(?=[\w.-]*~)[\w.~-]{24,}/g,
  // The user information of a URL, such as a proxy's.
  /(?<=:\/\/)[^\s/@]+:[^\s@]*@/g,
];

/** Long runs of letters and digits. Dense ones look like keys. Names and IDs are not dense. */
const RUNS = /[A-Za-z\d+~=]{24,}/g;

const looksLikeKey = (run: string): boolean =>
  /[a-z]/.test(run) && /[A-Z]/.test(run) && (run.match(/\d+/g) ?? []).length >= 3;

/** The search time grows with the square of the length, and longer texts are never shown. */
const MOST_SEARCHED = 1600;

/** Returns at most 1,600 characters of a foreign text, with anything that looks like a credential replaced by `***`. */
export function maskCredentials(foreign: string): string {
  let text = foreign.slice(0, MOST_SEARCHED);
  // The start of a credential might not look like one.
  if (text.length < foreign.length) text = text.replace(/[^\s"'&;,<>]{1,100}$/, '');
  return mask(text, [
    ...CREDENTIALS.flatMap((pattern) => matchesOf(text, pattern)),
    ...matchesOf(text, RUNS, looksLikeKey),
  ]);
}

/**
 * Returns where a pattern matches, as positions in the text.
 *
 * @param counts whether a match counts
 */
export const matchesOf = (
  text: string,
  pattern: RegExp,
  counts: (match: string) => boolean = () => true,
): readonly Range[] =>
  // Most texts match nothing, and `matchAll` copies the pattern first.
  text.search(pattern) < 0
    ? []
    : [...text.matchAll(pattern)]
        .filter(([match]) => match !== '' && counts(match))
        .map(({ 0: match, index }) => ({ first: index, last: index + match.length - 1 }));

/**
 * Returns the text with `***` instead of each range of positions. Ranges can overlap. All are of the unchanged text: a
 * part of a key can look like a token, and the rest of the key would no longer look like a key once that part was masked.
 */
export function mask(text: string, ranges: readonly Range[]): string {
  if (ranges.length === 0) return text;
  let masked = '';
  let next = 0;
  for (const { first, last } of union(ranges)) {
    masked += text.slice(next, first) + MASK;
    next = last + 1;
  }
  return masked + text.slice(next);
}
