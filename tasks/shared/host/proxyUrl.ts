/**
 * The address of a proxy; nothing where it is no HTTP or HTTPS URL. A slash in a password that is not encoded ends the host:
 * what follows it, with the password's end and the real host, is no path.
 */
export function parseProxyUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const { protocol, hostname, pathname, search, hash } = url;
  if (!/^https?:$/.test(protocol) || hostname === '') return undefined;
  return `${pathname}${search}${hash}`.includes('@') ? undefined : url;
}

/** The same as it may be shown: without a name and a password, also where it is no URL, as in `me:secret@proxy:8080`. */
export const shownProxy = (text: string): string =>
  parseProxyUrl(text)?.origin ?? text.replace(/^([a-z][a-z\d+.-]*:\/\/)?.*@/is, '$1');
