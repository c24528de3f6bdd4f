import { randomBytes } from 'node:crypto';
import { withoutEscapes } from '../../../tasks/shared/azure/credentials';
import { createAddressScrubber } from './addresses';
import { withoutCredentials } from './credentials';
import { decode, decodeWholly, inString } from './encodings';
import { createNames } from './names';
import {
  BARE_GUID,
  DASHED_IPV4,
  DOUBLE_QUOTED,
  ENCODED_ID,
  GUID,
  HOST,
  ID,
  IPV4,
  IPV6,
  isCommonHost,
  MAC,
  MAIL,
  OTHER_QUOTED,
  SID,
  SINGLE_QUOTED,
  URL_TEXT,
} from './patterns';
import { isPlain, isQuotable, isServiceTag, isWord, PREFIXES, WORDS } from './vocabulary';

/**
 * Removes everything from texts and JSON that identifies an owner: IDs, names, addresses, people, and credentials.
 * Equal values have equal replacements, and prefixes are preserved, so that a recording is still meaningful.
 */
export interface Scrubber {
  /** Scrubs a message, or any other text from Azure. */
  text(text: string): string;
  /** Scrubs a body, and keeps only values that are known to be harmless. */
  json(value: unknown): unknown;
  /** Scrubs a name that a person chose. */
  name(name: string): string;
  /** Scrubs the path of a request. */
  path(path: string): string;
  /** Scrubs the query of a request. */
  query(query: Readonly<Record<string, string>>): Readonly<Record<string, string>>;
}

/**
 * @param secrets known secrets, in addition to texts with the form of a secret
 * @param names names that occur in no ID, such as an organization's or a person's
 */
export function createScrubber(secrets: readonly string[] = [], names: readonly string[] = []): Scrubber {
  const made = createNames();
  const address = createAddressScrubber(randomBytes(32));
  for (const name of names) made.name(name);

  /** Scrubs the path of a resource: fixed words, namespaces, and types are kept, names are replaced. */
  function path(text: string): string {
    const parts = text.split('/');
    const words = parts.map((part) => part.toLowerCase());
    return parts
      .map((raw, at) => {
        const part = decode(raw);
        if (part.match(GUID)?.[0] === part) return made.guid(part);
        const before = words[at - 1] ?? '';
        if (before === 'resourcegroups') return encodeURIComponent(made.name(part, 'group'));
        // After the provider, types and names alternate. An extension of a resource has its own provider.
        const provider = words.lastIndexOf('providers', at - 1);
        const isName =
          provider !== -1 && at > provider + 2 && (at - provider) % 2 === 1 && before !== 'locations';
        return isName && part !== '' ? encodeURIComponent(made.name(part)) : raw;
      })
      .join('/');
  }

  function text(original: string): string {
    // What is encoded would be taken for a key.
    let rest = withoutEscapes(original).replace(ENCODED_ID, (id) => decode(path(decodeWholly(id))));
    rest = withoutCredentials(rest, secrets);
    rest = rest.replace(MAIL, (mail) => made.person(decodeWholly(mail)));
    for (const pattern of [SID, MAC]) rest = rest.replace(pattern, (one) => made.token(one));
    rest = rest.replace(URL_TEXT, (url) => made.url(url));
    rest = rest.replace(ID, (id) => decode(path(id)));
    rest = rest.replace(GUID, (guid) => made.guid(guid));
    rest = rest.replace(BARE_GUID, (_all, ...parts: string[]) =>
      made.guid(parts.slice(0, 5).join('-')).replaceAll('-', ''),
    );
    rest = doubleQuoted(rest);
    rest = rest.replace(SINGLE_QUOTED, (all, one: string) =>
      one.length > LONGEST_NAME || isKept(one) ? all : `'${made.name(one)}'`,
    );
    rest = rest.replace(
      OTHER_QUOTED,
      (_all, open: string, one: string, close: string) => open + quoted(one) + close,
    );
    rest = rest.replace(HOST, (host) => (isCommonHost(host) ? host : made.name(host, 'host')));
    return addresses(withoutNames(rest));
  }

  /** Scrubs text in double quotes, and JSON in a text, even if the text is in JSON itself. */
  function doubleQuoted(original: string): string {
    if (original.includes('\\"') && !/(?<!\\)"/.test(original))
      return doubleQuoted(original.replace(/\\(["\\])/g, '$1')).replace(/["\\]/g, '\\$&');
    return original.replace(
      DOUBLE_QUOTED,
      (_all, first: string, colon: string | undefined, second: string | undefined) => {
        if (colon === undefined) return `"${inString(first, quoted)}"`;
        const key = isField(first) ? first : inString(first, quoted);
        return `"${key}"${colon}${second === undefined ? '' : `"${inString(second, (one) => value(first, one))}"`}`;
      },
    );
  }

  const quoted = (one: string): string =>
    one.length > LONGEST_NAME || /^[[{]/.test(one) ? text(one) : isKept(one) ? one : made.name(one);

  function withoutNames(original: string): string {
    let rest = original;
    for (const [name, replacement] of made.known()) rest = rest.replace(asWord(name), replacement);
    return rest;
  }

  const addresses = (rest: string): string =>
    rest
      .replace(IPV4, (one) => address(one) ?? one)
      .replace(DASHED_IPV4, (one) => address(one.replaceAll('-', '.'))?.replaceAll('.', '-') ?? one)
      .replace(IPV6, (one) => (isTime(one) ? one : made.ipv6(one)));

  const isScrubbed = (quoted: string): boolean =>
    /^(00000000-0000-4000-8000-|person-\d+@|https:\/\/example\.com\/)/.test(quoted);

  const isKept = (quoted: string): boolean =>
    isQuotable(quoted) || quoted.startsWith('/') || isScrubbed(quoted) || made.isOwn(quoted);

  function value(key: string, text_: string): string {
    if (text_ === '') return text_;
    const replaced = address(text_);
    if (replaced !== undefined) return replaced;
    if (isPlain(text_)) return text_;
    const name = key.toLowerCase();
    if (/^\/(subscriptions|providers)\//i.test(text_)) return decode(path(text_));
    if (text_.startsWith(ARM)) return link(text_);
    if (text_.match(GUID)?.[0] === text_) return made.guid(text_);
    if (text_.match(MAIL)?.[0] === text_) return made.person(text_);
    if (PREFIXES.has(name))
      return isServiceTag(text_) ? text_ : addresses(text_) === text_ ? made.text(text_) : addresses(text_);
    if (name === 'name') return made.name(text_);
    if (name === 'message' || name === 'error_description') return text(text_);
    if (name.endsWith('token')) return made.token(text_);
    if (WORDS.has(name) && isWord(text_)) return withoutNames(withoutCredentials(text_, secrets));
    return made.text(text_);
  }

  /** Scrubs the link to a next page, in which the recorder replaced the address of Azure. */
  function link(whole: string): string {
    const [place = '', search = ''] = whole.slice(ARM.length).split('?');
    const fields = Object.entries(query(Object.fromEntries(new URLSearchParams(search))));
    return `${ARM}${path(place)}?${new URLSearchParams(Object.fromEntries(fields)).toString()}`;
  }

  function query(fields: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    return Object.fromEntries(
      Object.entries(fields).map(([name, one]) => {
        if (name === 'api-version' || name === '$expand' || name === '$select') return [name, one];
        return [name, /token$/i.test(name) ? made.token(one) : text(one)];
      }),
    );
  }

  function json(given: unknown, key = ''): unknown {
    if (typeof given === 'string') return value(key, given);
    if (Array.isArray(given)) return given.map((item) => json(item, key));
    if (typeof given !== 'object' || given === null) return given;
    const entries = Object.entries(given);
    // These keys are texts that a person chose.
    if (/^(tags|claims)$/i.test(key)) return {};
    // Names are learned first, so that a text next to an ID has the same replacement.
    for (const [name, one] of entries) if (/^id$/i.test(name) && typeof one === 'string') value(name, one);
    return Object.fromEntries(entries.map(([name, one]) => [field(name), json(one, name)]));
  }

  /** The name of a field: the identities of a VM have their IDs there. */
  const field = (name: string): string =>
    /^(?:[@$]?[a-z]\w*|@?odata\.\w+)$/i.test(name) && name.match(BARE_GUID) === null ? name : value('', name);

  return { text, path, query, name: (given) => made.name(given), json: (given) => json(given) };
}

/** Replaces the address of Azure Resource Manager in links. */
export const ARM = '{arm}';

const isTime = (text: string): boolean => /^\d{1,2}:\d\d(:\d\d)?$/.test(text);

/** A longer text is at least one sentence. */
const LONGEST_NAME = 200;

/** The name of a field, as programs write it. */
const isField = (text: string): boolean => /^[a-z]+$/i.test(text);

/** A name where it stands as a word of its own. */
const asWord = (name: string): RegExp =>
  new RegExp(`(?<![\\w-])${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-])`, 'gi');
