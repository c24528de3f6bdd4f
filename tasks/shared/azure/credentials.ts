import { createHttpHeaders, type PipelineRequest, type PipelineResponse } from '@azure/core-rest-pipeline';
import { mask, matchesOf } from '../core/mask';

/** Form fields of a sign-in that contain a credential (RFC 6749, 2.3.1; RFC 7521, 4.2). */
const PROVING = ['client_secret', 'client_assertion'];

/** Headers with which a machine's managed identity services recognize a caller: App Service, and its older form. */
const PROVING_HEADERS = ['x-identity-header', 'secret'];

/** The minimum length of a credential. A shorter text is not a credential, and could be part of any word. */
const SHORTEST = 6;

/**
 * Returns the response with the credentials of its request masked, in its headers and its body. Otherwise, a server or
 * proxy that quotes the request in its error would put them into a message.
 */
export function withoutSentCredentials(
  request: Pick<PipelineRequest, 'headers' | 'body'>,
  response: PipelineResponse,
): PipelineResponse {
  const quotes = sentCredentials(request).flatMap(quotesOf);
  const maskQuotes = (text: string): string => {
    const found = quotes.filter(({ part }) => text.includes(part));
    return mask(
      text,
      found.flatMap(({ toPattern }) => matchesOf(text, toPattern(''))),
    );
  };
  const headers = createHttpHeaders();
  for (const [name, value] of response.headers) headers.set(name, maskQuotes(value));
  const { bodyAsText } = response;
  if (!bodyAsText) return { ...response, headers };
  return { ...response, headers, bodyAsText: maskQuotes(withoutEscapes(bodyAsText)) };
}

function sentCredentials({ headers, body }: Pick<PipelineRequest, 'headers' | 'body'>): readonly string[] {
  const bearer = /^\S+ (\S+)$/.exec(headers.get('authorization') ?? '')?.[1];
  const isForm = headers.get('content-type')?.includes('x-www-form-urlencoded') === true;
  const form = new URLSearchParams(isForm && typeof body === 'string' ? body : '');
  return [
    bearer,
    ...PROVING_HEADERS.map((name) => headers.get(name)),
    ...PROVING.map((field) => form.get(field)),
  ].filter((text): text is string => typeof text === 'string' && text.length >= SHORTEST);
}

/**
 * Replaces escapes of ordinary characters in JSON, such as `\u002b` for `+`, which some services write: a credential
 * would not be found in them. The JSON has the same value.
 */
export function withoutEscapes(text: string): string {
  if (!/\\(?:u00|\/)/.test(text)) return text;
  return text.replace(/\\(?:u00([2-7][\da-fA-F])|(.))/g, (escape: string, code?: string, sign?: string) => {
    if (sign === '/') return sign;
    const character = code === undefined ? '' : String.fromCharCode(Number.parseInt(code, 16));
    return /[ -~]/.test(character) && character !== '"' && character !== '\\' ? character : escape;
  });
}

/**
 * Returns patterns for the forms in which a page or a JSON text can quote a credential.
 *
 * @param between a pattern for what can be between its characters
 */
export const formsOf = (credential: string, between: string): readonly RegExp[] =>
  quotesOf(credential).map(({ toPattern }) => toPattern(between));

/** A form in which a text can quote a credential. */
interface Quote {
  /** A part that is the same wherever the form occurs, unless there is something between its characters. */
  readonly part: string;
  /** Compiling the pattern of a token takes as long as a call, so it is compiled only for texts that have the part. */
  readonly toPattern: (between: string) => RegExp;
}

const quotesOf = (credential: string): readonly Quote[] => [
  {
    part: longestOf(credential.match(/\w+/g) ?? []),
    toPattern: (between) => new RegExp(Array.from(credential, formsOfSign).join(between), 'g'),
  },
  ...base64FormsOf(credential).map((form) => ({
    part: form,
    toPattern: (between: string) => new RegExp(Array.from(form, literally).join(between), 'g'),
  })),
];

const longestOf = (texts: readonly string[]): string =>
  texts.reduce((longest, text) => (text.length > longest.length ? text : longest), '');

/** Returns a pattern for a character as it is, and encoded for a URL, a form, JSON, or HTML: each might be on its own. */
function formsOfSign(sign: string): string {
  if (/\w/.test(sign)) return sign;
  const code = sign.codePointAt(0) ?? 0;
  const inUrl = [...Buffer.from(sign, 'utf8')].map(
    (byte) => `%${inAnyCase(byte.toString(16).padStart(2, '0'))}`,
  );
  const forms = [
    literally(sign),
    literally(JSON.stringify(sign).slice(1, -1)),
    inUrl.join(''),
    `&#(?:0*${String(code)}|[xX]0*${inAnyCase(code.toString(16))});`,
    ...(ENTITIES[sign] ?? []),
  ];
  return `(?:${forms.join('|')})`;
}

const ENTITIES: Readonly<Record<string, readonly string[]>> = {
  ' ': ['\\+'],
  '&': ['&amp;'],
  '<': ['&lt;'],
  '>': ['&gt;'],
  '"': ['&quot;'],
  "'": ['&apos;'],
};

const inAnyCase = (digits: string): string =>
  digits.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);

const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/**
 * Returns the base64 forms of a text that is a part of what was encoded. Base64 takes three bytes at a time, so there
 * are three ways in which the text can lie in it. The characters at both ends that depend on other bytes are left out.
 */
function base64FormsOf(text: string): readonly string[] {
  return ['', ' ', '  '].flatMap((before) => {
    const bytes = Buffer.from(before + text, 'utf8');
    const encoded = bytes
      .toString('base64')
      .slice(Math.ceil((before.length * 8) / 6), Math.floor((bytes.length * 8) / 6));
    return [encoded, encoded.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
