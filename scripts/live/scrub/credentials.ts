import { formsOf } from '../../../tasks/shared/azure/credentials';
import { CREDENTIALS, mask, matchesOf } from '../../../tasks/shared/core/mask';

/** What only looks like a credential where nothing is lost by it: a recording needs no signatures and thumbprints. */
const MORE_CREDENTIALS: readonly RegExp[] = [
  /\b(?:signature|sas|key|connection_?string)["']?\s*[=:]\s*["']?[^\s&;,"'}]+/gi,
  /(?=[\w.-]*~)[\w.~-]{20,}/g,
  // Keys of 40 and more hexadecimal digits.
  /\b[\da-f]{40,}\b/gi,
];

const RUNS = /[A-Za-z\d+/_=-]{24,}/g;

const looksLikeKey = (run: string): boolean =>
  /[a-z]/.test(run) && /[A-Z]/.test(run) && (run.match(/\d+/g) ?? []).length >= 3 && !/^\/|\//.test(run);

/**
 * Returns a text without credentials.
 *
 * @param known known secrets, which are removed in every form in which a text can quote them
 */
export function withoutCredentials(text: string, known: readonly string[]): string {
  const forms = known
    .filter((secret) => secret.length >= 6)
    .flatMap((secret) => [...formsOf(secret, LINE_END), ...hexFormsOf(secret)]);
  return mask(text, [
    ...[...forms, ...CREDENTIALS, ...MORE_CREDENTIALS].flatMap((pattern) => matchesOf(text, pattern)),
    ...matchesOf(text, RUNS, looksLikeKey),
  ]);
}

/** The end of a line, also as JSON has it, and the indentation of the next one. */
const LINE_END = '(?:(?:\\\\[rn]|[\\r\\n])[ \\t]*)*';

const hexFormsOf = (secret: string): readonly RegExp[] => [
  new RegExp(Buffer.from(secret).toString('hex'), 'gi'),
];
