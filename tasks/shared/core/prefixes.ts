import { ALL_ADDRESSES, parseCidr, writeRanges, type Cidr } from './addresses';
import { ALL_ADDRESSES_6, parseCidr6, writeRanges6 } from './ipv6';
import { union, type Range, type Ranges } from './ranges';

/**
 * What a side of a rule, a policy or a request names: an address, a CIDR, `*`, a service tag, or text that makes no
 * sense. It is made where the text comes in, and nothing behind that reads the text again.
 */
export class Prefix {
  /** The same for all spellings of the same IPv4 addresses; for anything else the text in lower case, as tags compare. */
  readonly key: string;

  /**
   * @param text as it was written: what Azure, outputs and readers get
   * @param ipv4 the IPv4 addresses, those of the whole network where host bits are set; absent where it names none
   * @param ipv6 the same of IPv6. `*` names all addresses of both versions, and a tag none that are known
   */
  constructor(
    readonly text: string,
    readonly ipv4: Cidr | undefined,
    readonly ipv6: Range<bigint> | undefined,
  ) {
    this.key = ipv4 ? `${ipv4.first}-${ipv4.last}` : text.toLowerCase();
  }

  /** In JSON a prefix is its text. */
  toJSON(): string {
    return this.text;
  }
}

const toCidr = ({ first, last }: Range): Cidr => ({ first, last, hostBits: false });

/** Any address, of both versions. */
export const ANY = new Prefix('*', ALL_ADDRESSES.map(toCidr)[0], ALL_ADDRESSES_6[0]);

/** Reads one text. Nothing is guessed: what is neither `*` nor a strict address or CIDR names no addresses. */
export const parsePrefix = (text: string): Prefix =>
  text === ANY.text
    ? ANY
    : new Prefix(text, parseCidr(text), text.includes(':') ? parseCidr6(text) : undefined);

/** Reads the address of one host, of either version; nothing for whatever else a prefix may be. */
export function parseAddress(text: string): Prefix | undefined {
  const prefix = parsePrefix(text);
  const isSingle = !text.includes('/') && !isAny(prefix);
  return isSingle && (prefix.ipv4 ?? prefix.ipv6) ? prefix : undefined;
}

export const parsePrefixes = (texts: readonly string[]): readonly Prefix[] => texts.map(parsePrefix);

/** The texts, as they were written. */
export const textsOf = (prefixes: readonly Prefix[]): readonly string[] => prefixes.map(({ text }) => text);

/** The shortest list of CIDRs for exactly these IPv4 addresses. */
export const toPrefixes = (ranges: readonly Range[]): readonly Prefix[] =>
  writeRanges(ranges).map(({ text, ...range }) => new Prefix(text, toCidr(range), undefined));

/** The same for IPv6. */
export const toPrefixes6 = (ranges: readonly Range<bigint>[]): readonly Prefix[] =>
  writeRanges6(ranges).map(({ text, ...range }) => new Prefix(text, undefined, range));

/** Whether this is `*` itself, and not another spelling of all IPv4 addresses. */
export const isAny = ({ text }: Prefix): boolean => text === ANY.text;

/**
 * Whether a prefix is something that a request may name: an IPv4 address, a CIDR or `*`. What Azure or another run's
 * request names is foreign text until it has passed this.
 */
export const isIpv4 = ({ ipv4 }: Prefix): boolean => ipv4 !== undefined;

/** Whether a prefix is not known to be a single IPv4 address. */
export const isWide = ({ ipv4 }: Prefix): boolean => ipv4 === undefined || ipv4.first !== ipv4.last;

/** The IPv4 addresses of prefixes; what names none adds none. */
export const rangesOf = (prefixes: readonly Prefix[]): Ranges =>
  union(prefixes.flatMap(({ ipv4 }) => ipv4 ?? []));
