/** Patterns of credentials at any position. They are replaced completely, and always by the same text. */
const CREDENTIALS: readonly RegExp[] = [
  /-----BEGIN [^-]*-----[\s\S]*?(?:-----END [^-]*-----|$)/g,
  // JSON Web Tokens and parts of them.
  /eyJ[\w-]{8,}(?:\.[\w-]*){0,2}/g,
  /\b(?:Bearer|Basic)\s+[\w.~+/=-]{8,}/gi,
  /\b(?:client_?secret|client_?assertion|access_?token|refresh_?token|id_?token|password|pwd|secret|sig|signature|sas|key|connection_?string|AccountKey|SharedAccessKey)["']?\s*[=:]\s*["']?[^\s&;,"'}]+/gi,
  // Client secrets from Entra contain a tilde.
  /(?=[\w.-]*~)[\w.~-]{20,}/g,
  // The user part of a URL.
  /(?<=:\/\/)[^\s/@]+:[^\s@]*@/g,
  // Keys with 32 or more letters and digits: hexadecimal, or with uppercase letters, lowercase letters, and digits.
  /\b[\da-f]{40,}\b/gi,
];

const RUNS = /[A-Za-z\d+/_=-]{24,}/g;

const looksLikeKey = (run: string): boolean =>
  /[a-z]/.test(run) && /[A-Z]/.test(run) && (run.match(/\d+/g) ?? []).length >= 3 && !/^\/|\//.test(run);

export const MASK = '***';

/**
 * Returns a text without credentials.
 *
 * @param known known secrets, which are removed in every form in which a text can quote them
 */
export function withoutCredentials(text: string, known: readonly string[]): string {
  let rest = text;
  for (const secret of known.filter((one) => one.length >= 6)) {
    for (const form of formsOf(secret)) rest = rest.replaceAll(form, MASK);
  }
  for (const pattern of CREDENTIALS) rest = rest.replace(pattern, MASK);
  return rest.replace(RUNS, (run) => (looksLikeKey(run) ? MASK : run));
}

const formsOf = (secret: string): readonly string[] => [
  secret,
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1),
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  Buffer.from(secret).toString('base64url'),
  Buffer.from(secret).toString('hex'),
];
