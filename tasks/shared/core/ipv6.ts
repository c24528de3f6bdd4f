import { subtract, union, type Range, type Ranges } from './ranges';

const WORDS = 8;
const LENGTH = 128;

/** Reads an IPv6 address (RFC 4291, 2.2), without a zone. */
export function parseIpv6(text: string): bigint | undefined {
  const [head = '', tail, ...rest] = text.split('::');
  if (rest.length > 0 || !/^[\da-f:.]*$/i.test(text)) return undefined;
  const left = wordsOf(head);
  const right = tail === undefined ? [] : wordsOf(tail);
  if (!left || !right) return undefined;
  const gap = WORDS - left.length - right.length;
  // Two colons stand for at least one word of zeros.
  if (tail === undefined ? gap !== 0 : gap < 1) return undefined;
  const words = [...left, ...Array.from({ length: gap }, () => 0), ...right];
  return words.reduce((address, word) => address * 65536n + BigInt(word), 0n);
}

/** Reads the 16-bit words of a part, which can end with an IPv4 address. */
function wordsOf(part: string): readonly number[] | undefined {
  if (part === '') return [];
  const pieces = part.split(':');
  const dotted = pieces.at(-1)?.includes('.') ? (pieces.pop() ?? '') : undefined;
  if (!pieces.every((piece) => /^[\da-f]{1,4}$/i.test(piece))) return undefined;
  const words = pieces.map((piece) => parseInt(piece, 16));
  if (dotted === undefined) return words;
  const bytes = dotted.split('.').map((byte) => (/^(0|[1-9]\d{0,2})$/.test(byte) ? Number(byte) : 256));
  const [a = 0, b = 0, c = 0, d = 0] = bytes;
  if (bytes.length !== 4 || bytes.some((byte) => byte > 255)) return undefined;
  return [...words, a * 256 + b, c * 256 + d];
}

/** Reads an address, or an address with a length from 0 to 128. If host bits are set, returns the whole network. */
export function parseCidr6(text: string): Range<bigint> | undefined {
  const [base = '', length = String(LENGTH), ...rest] = text.split('/');
  const address = parseIpv6(base);
  if (address === undefined || rest.length > 0 || !/^(0|[1-9]\d{0,2})$/.test(length)) return undefined;
  if (Number(length) > LENGTH) return undefined;
  const size = 1n << BigInt(LENGTH - Number(length));
  const first = address - (address % size);
  return { first, last: first + size - 1n };
}

/** Formats an address without its longest run of zeros (RFC 5952). */
export function formatIpv6(address: bigint): string {
  const words = Array.from({ length: WORDS }, (_none, at) =>
    Number((address >> BigInt(16 * (WORDS - 1 - at))) & 0xffffn).toString(16),
  );
  const runs = [...words.join(':').matchAll(/(?<![\da-f])0(?::0)+(?![\da-f])/g)];
  const [longest] = runs.toSorted((one, other) => other[0].length - one[0].length);
  if (!longest) return words.join(':');
  const text = words.join(':');
  return `${text.slice(0, Math.max(0, longest.index - 1))}::${text.slice(longest.index + longest[0].length + 1)}`;
}

/**
 * Returns the shortest list of prefixes for exactly these addresses, with their ranges. A single address has no length.
 */
export function writeRanges6(
  ranges: readonly Range<bigint>[],
): readonly (Range<bigint> & { readonly text: string })[] {
  return union(ranges).flatMap(({ first, last }) => {
    const prefixes: (Range<bigint> & { text: string })[] = [];
    for (let next = first; next <= last;) {
      let length = LENGTH;
      for (let size = 2n; length > 0 && next % size === 0n && next + size - 1n <= last; size *= 2n)
        length -= 1;
      const text = length === LENGTH ? formatIpv6(next) : `${formatIpv6(next)}/${String(length)}`;
      const after = next + (1n << BigInt(LENGTH - length));
      prefixes.push({ text, first: next, last: after - 1n });
      next = after;
    }
    return prefixes;
  });
}

const toRanges = (...prefixes: readonly string[]): Ranges<bigint> =>
  union(prefixes.map(parseCidr6).filter((prefix) => prefix !== undefined));

/** Every IPv6 address. */
export const ALL_ADDRESSES_6 = toRanges('::/0');

/** The source of Azure's health probes. Source: Microsoft Learn, "Overview of IPv6 for Azure Virtual Network". */
export const HOST_ADDRESS_6 = toRanges('fe80::1234:5678:9abc');

/** Unique local and link-local addresses (RFC 4193, RFC 4291). */
export const PRIVATE_ADDRESSES_6 = toRanges('fc00::/7', 'fe80::/10');

/**
 * The only addresses that a host on the internet can have: global unicast (RFC 4291, 2.4, as far as IANA assigns it)
 * without the blocks of the IANA IPv6 special-purpose address registry that are not globally reachable.
 */
export const PUBLIC_ADDRESSES_6 = subtract(
  toRanges('2000::/3'),
  toRanges(
    '2001::/23', // protocol assignments
    '2001:db8::/32', // documentation
    '2002::/16', // 6to4, withdrawn
    '3fff::/20', // documentation
  ),
);
