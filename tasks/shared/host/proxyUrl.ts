/**
 * Returns the address of a proxy, or `undefined` if it is not an HTTP or HTTPS URL. A slash in a password that is not
 * encoded ends the host: the rest of the password and the real host then look like a path, which is not accepted.
 */
export function parseProxyUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const { protocol, hostname, pathname, search, hash } = url;
  if (!/^https?:$/.test(protocol) || hostname === '') return undefined;
  return `${pathname}${search}${hash}`.includes('@') ? undefined : url;
}

/** Returns the address without user name and password, even if it is not a URL, as in `me:secret@proxy:8080`. */
export const shownProxy = (text: string): string =>
  parseProxyUrl(text)?.origin ?? text.replace(/^([a-z][a-z\d+.-]*:\/\/)?.*@/is, '$1');
