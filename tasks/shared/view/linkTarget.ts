import { safeText } from '../core/text';

/**
 * Returns an address that a page can link to, in which every character except `&` is safe in HTML and Markdown. Returns
 * `undefined` if it is not HTTPS, names a user, is too long, or looks like a credential.
 */
export function linkTarget(url: string | null): string | undefined {
  if (url === null || !URL.canParse(url)) return undefined;
  const { protocol, username, password, href } = new URL(url);
  if (protocol !== 'https:' || username !== '' || password !== '') return undefined;
  const target = href.replace(/[^\w\-.~:/?#@!$&+,;=%]/g, percentEncoded);
  return safeText(target) === target ? target : undefined;
}

/** Encodes one character. A WHATWG URL is ASCII, so each character is one byte. */
const percentEncoded = (character: string): string =>
  `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
