import { safeText } from '../core/text';

const LONGEST_LINK = 500;

/**
 * An address that a page may link to, every character of it harmless in HTML and in Markdown but for `&`; or nothing,
 * when it is not https, names a user, or looks like a credential.
 */
export function linkTarget(url: string | null): string | undefined {
  if (url === null || !URL.canParse(url)) return undefined;
  const { protocol, username, password, href } = new URL(url);
  if (protocol !== 'https:' || username !== '' || password !== '') return undefined;
  const target = href.replace(/[^\w\-.~:/?#@!$&+,;=%]/g, percentEncoded);
  return target.length > LONGEST_LINK || safeText(target) !== target ? undefined : target;
}

/** A WHATWG URL is ASCII, so that each character is one byte. */
const percentEncoded = (character: string): string =>
  `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
