import { createHmac } from 'node:crypto';

/**
 * Replaces IPv4 addresses so that prefixes are preserved: two addresses that begin with the same bits still do. Rules
 * and requests can then be evaluated as before, without identifying their owners. An address or a CIDR keeps its
 * notation. For any other text, the result is `undefined`.
 */
export type AddressScrubber = (text: string) => string | undefined;

/**
 * Ranges that identify no one: any address, loopback, Azure’s own addresses, and those for documentation and
 * benchmarks.
 */
const KNOWN = [
  '0.0.0.0/0',
  '0.0.0.0',
  '255.255.255.255',
  '127.0.0.0/8',
  '168.63.129.16',
  '169.254.0.0/16',
  '192.0.2.0/24',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '198.18.0.0/15',
];

/** Ranges with a meaning: an address in one remains in it (RFC 1918, RFC 6598). */
const KEPT = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'];

/** Public addresses have these first bits, which are in no special range: 20.0.0.0/8 belongs to Microsoft. */
const PUBLIC_HEAD = 20;

/** @param key a secret that is discarded, because it could restore the original addresses */
export function createAddressScrubber(key: Buffer): AddressScrubber {
  const known = KNOWN.map(toCidr);
  const kept = KEPT.map(toCidr);
  const bitFor = (prefix: string): number => (createHmac('sha256', key).update(prefix).digest()[0] ?? 0) & 1;

  /**
   * Each bit is flipped or not, depending on the preceding ones (Xu et al., "Prefix-preserving IP address
   * anonymization").
   */
  function scramble(value: number, from: number): number {
    const bits = value.toString(2).padStart(32, '0');
    let result = bits.slice(0, from);
    for (let at = from; at < 32; at++) result += String(Number(bits[at]) ^ bitFor(bits.slice(0, at)));
    return parseInt(result, 2);
  }

  function replace(value: number): number {
    if (known.some((one) => contains(one, value))) return value;
    const range = kept.find((one) => contains(one, value));
    if (range) return scramble(value, range.length);
    return PUBLIC_HEAD * 2 ** 24 + (scramble(value, 0) % 2 ** 24);
  }

  return (text) => {
    const cidr = parse(text);
    if (!cidr) return undefined;
    if (known.some((one) => one.first === cidr.first && one.length === cidr.length)) return text;
    const size = 2 ** (32 - cidr.length);
    const first = Math.floor(replace(cidr.first) / size) * size;
    return format(first) + (text.includes('/') ? `/${String(cidr.length)}` : '');
  };
}

interface Cidr {
  readonly first: number;
  readonly length: number;
}

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/;

function parse(text: string): Cidr | undefined {
  const found = IPV4.exec(text);
  if (!found) return undefined;
  const octets = found.slice(1, 5).map(Number);
  const length = Number(found[5] ?? 32);
  if (octets.some((octet) => octet > 255) || length > 32) return undefined;
  return { first: octets.reduce((sum, octet) => sum * 256 + octet, 0), length };
}

const toCidr = (text: string): Cidr => parse(text) ?? { first: 0, length: 32 };

const contains = ({ first, length }: Cidr, value: number): boolean => {
  const size = 2 ** (32 - length);
  // Every address is in 0.0.0.0/0, which is only recognized as a whole.
  return length > 0 && Math.floor(value / size) === Math.floor(first / size);
};

const format = (value: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
