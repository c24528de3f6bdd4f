import { ALL_ADDRESSES, parseCidr, writeRanges, type Cidr } from './addresses';
import { ALL_ADDRESSES_6, parseCidr6, writeRanges6 } from './ipv6';
import { union, type Range, type Ranges } from './ranges';

/**
 * What one side of a rule, a policy, or a request names: an address, a CIDR, `*`, a service tag, or text that cannot be
 * interpreted. It is created where the text arrives, and later code never reads the text again.
 */
export class Prefix {
  /**
   * The same for all spellings of the same IPv4 addresses. Otherwise the text in lower case, because tags ignore case.
   */
  readonly key: string;

  /**
   * @param text the text as written, which Azure, outputs, and readers get
   * @param ipv4 the IPv4 addresses, those of the whole network if host bits are set; absent if the text names none
   * @param ipv6 the same for IPv6. `*` names all addresses of both versions, and a tag names none that are known
   */
  constructor(
    readonly text: string,
    readonly ipv4: Cidr | undefined,
    readonly ipv6: Range<bigint> | undefined,
  ) {
    this.key = ipv4 ? `${ipv4.first}-${ipv4.last}` : text.toLowerCase();
  }

  /** Returns the text, which represents the prefix in JSON. */
  toJSON(): string {
    return this.text;
  }
}

const toCidr = ({ first, last }: Range): Cidr => ({ first, last, hostBits: false });

/** Any address, of both versions. */
export const ANY = new Prefix('*', ALL_ADDRESSES.map(toCidr)[0], ALL_ADDRESSES_6[0]);

/** Reads one text without guessing: text that is neither `*` nor a strict address or CIDR names no addresses. */
export const parsePrefix = (text: string): Prefix =>
  text === ANY.text
    ? ANY
    : new Prefix(text, parseCidr(text), text.includes(':') ? parseCidr6(text) : undefined);

/** Reads the address of one host, of either version. Returns `undefined` for any other prefix. */
export function parseAddress(text: string): Prefix | undefined {
  const prefix = parsePrefix(text);
  const isSingle = !text.includes('/') && !isAny(prefix);
  return isSingle && (prefix.ipv4 ?? prefix.ipv6) ? prefix : undefined;
}

export const parsePrefixes = (texts: readonly string[]): readonly Prefix[] => texts.map(parsePrefix);

/** Returns the texts as written. */
export const textsOf = (prefixes: readonly Prefix[]): readonly string[] => prefixes.map(({ text }) => text);

/** Returns the shortest list of CIDRs for exactly these IPv4 addresses. */
export const toPrefixes = (ranges: readonly Range[]): readonly Prefix[] =>
  writeRanges(ranges).map(({ text, ...range }) => new Prefix(text, toCidr(range), undefined));

/** Returns the shortest list of prefixes for exactly these IPv6 addresses. */
export const toPrefixes6 = (ranges: readonly Range<bigint>[]): readonly Prefix[] =>
  writeRanges6(ranges).map(({ text, ...range }) => new Prefix(text, undefined, range));

/** Whether this is `*` itself, and not another spelling of all IPv4 addresses. */
export const isAny = ({ text }: Prefix): boolean => text === ANY.text;

/**
 * Whether a request can name a prefix: an IPv4 address, a CIDR, or `*`. What Azure or the request of another run names
 * is foreign text until it passes this check.
 */
export const isIpv4 = ({ ipv4 }: Prefix): boolean => ipv4 !== undefined;

/** Whether a prefix is not known to be a single IPv4 address. */
export const isWide = ({ ipv4 }: Prefix): boolean => ipv4 === undefined || ipv4.first !== ipv4.last;

/** Returns the IPv4 addresses of prefixes. A prefix that names none adds none. */
export const rangesOf = (prefixes: readonly Prefix[]): Ranges =>
  union(prefixes.flatMap(({ ipv4 }) => ipv4 ?? []));
