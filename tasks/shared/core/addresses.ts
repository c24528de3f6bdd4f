import { intersect, subtract, union, type Range, type Ranges } from './ranges';

/** A CIDR, as the range of its addresses. */
export interface Cidr extends Range {
  /** Whether the text names an address inside the network, as in `20.50.1.7/24`. */
  readonly hostBits: boolean;
}

/** Reads an IPv4 address in strict dotted decimal: four numbers up to 255, without leading zeros or white space. */
export function parseIpv4(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) {
    return undefined;
  }
  return parts.reduce((address, part) => address * 256 + Number(part), 0);
}

/** Whether a text can only be an IPv6 address. */
export const isIpv6 = (text: string): boolean => /^[\da-f:.]*:[\da-f:.]*$/i.test(text);

/** Writes an address as dotted decimal. */
export function formatIpv4(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
}

/** Reads an address, or `a.b.c.d/n` with n from 0 to 32. If host bits are set, returns the whole network. */
export function parseCidr(text: string): Cidr | undefined {
  const [base = '', length = '32', ...rest] = text.split('/');
  const address = parseIpv4(base);
  if (address === undefined || rest.length > 0 || !/^(\d|[12]\d|3[0-2])$/.test(length)) return undefined;
  const size = 2 ** (32 - Number(length));
  const first = address - (address % size);
  return { first, last: first + size - 1, hostBits: first !== address };
}

/**
 * Returns the shortest list of CIDRs for exactly these addresses, with their ranges. A single address has no length.
 */
export function writeRanges(ranges: readonly Range[]): readonly (Range & { readonly text: string })[] {
  return union(ranges).flatMap(({ first, last }) => {
    const cidrs: (Range & { text: string })[] = [];
    for (let next = first; next <= last;) {
      let length = 32;
      // The next larger block must begin at a multiple of its size and end inside the range.
      for (let size = 2; length > 0 && next % size === 0 && next + size - 1 <= last; size *= 2) length -= 1;
      const text = length === 32 ? formatIpv4(next) : `${formatIpv4(next)}/${length}`;
      const after = next + 2 ** (32 - length);
      cidrs.push({ text, first: next, last: after - 1 });
      next = after;
    }
    return cidrs;
  });
}

const toRanges = (...cidrs: readonly string[]): Ranges =>
  union(cidrs.map(parseCidr).filter((cidr) => cidr !== undefined));

/** Every IPv4 address. */
export const ALL_ADDRESSES = toRanges('0.0.0.0/0');

/**
 * The address of the Azure host, which is the same for every VM, and also the source of health probes. No other traffic
 * has it. Source: Microsoft Learn, "What is IP address 168.63.129.16?".
 */
export const HOST_ADDRESS = toRanges('168.63.129.16');

/** Private addresses (RFC 1918). */
export const PRIVATE_ADDRESSES = toRanges('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16');

/**
 * Addresses that no host on the internet has: all that are not global unicast, and the address of the Azure host. Not
 * global unicast are multicast (RFC 5771) and the blocks of the IANA IPv4 special-purpose address registry (RFC 6890,
 * RFC 8190) that are not globally reachable. The registry marks the AS112 blocks (192.31.196.0/24, 192.175.48.0/24) and
 * AMT (192.52.193.0/24) as globally reachable, so they are not listed.
 */
const SPECIAL_ADDRESSES = union(
  PRIVATE_ADDRESSES,
  HOST_ADDRESS,
  toRanges(
    '0.0.0.0/8', // this network
    '100.64.0.0/10', // shared by the customers of a provider
    '127.0.0.0/8', // loopback
    '169.254.0.0/16', // link local
    '192.0.0.0/24', // protocol assignments
    '192.0.2.0/24', // documentation
    '192.88.99.0/24', // 6to4 relays, withdrawn
    '198.18.0.0/15', // benchmarks
    '198.51.100.0/24', // documentation
    '203.0.113.0/24', // documentation
    '224.0.0.0/4', // multicast
    '240.0.0.0/4', // reserved, and broadcast
  ),
);

/** The only addresses that a host on the internet can have. */
export const PUBLIC_ADDRESSES = subtract(ALL_ADDRESSES, SPECIAL_ADDRESSES);

/** Whether a host on the internet can have this address. */
export const isPublicIpv4 = (address: number): boolean =>
  intersect(PUBLIC_ADDRESSES, [{ first: address, last: address }]).length > 0;
