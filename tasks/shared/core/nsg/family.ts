import { ALL_ADDRESSES, HOST_ADDRESS, PRIVATE_ADDRESSES, PUBLIC_ADDRESSES } from '../addresses';
import { ALL_ADDRESSES_6, HOST_ADDRESS_6, PRIVATE_ADDRESSES_6, PUBLIC_ADDRESSES_6 } from '../ipv6';
import { isIpv4, toPrefixes, toPrefixes6, type Prefix } from '../prefixes';
import { union, type Countable, type Range, type Ranges } from '../ranges';

/**
 * The addresses of one IP version. Lists of rules contain both versions. A flow only meets rules of its own version.
 */
export interface Family<N extends Countable = Countable> {
  readonly version: 'IPv4' | 'IPv6';
  readonly all: Ranges<N>;
  /** The addresses that a host on the internet can have. */
  readonly publicOnes: Ranges<N>;
  readonly privateOnes: Ranges<N>;
  /** The source of Azure's own traffic. */
  readonly host: Ranges<N>;
  readonly rangeOf: (prefix: Prefix) => Range<N> | undefined;
  readonly toPrefixes: (ranges: Ranges<N>) => readonly Prefix[];
  /** Whether a prefix that names no address of this version can only be of the other version. */
  readonly isOther: (prefix: Prefix) => boolean;
}

export const IPV4: Family<number> = {
  version: 'IPv4',
  all: ALL_ADDRESSES,
  publicOnes: PUBLIC_ADDRESSES,
  privateOnes: PRIVATE_ADDRESSES,
  host: HOST_ADDRESS,
  rangeOf: ({ ipv4 }) => ipv4,
  toPrefixes,
  isOther: ({ text }) => text.includes(':'),
};

export const IPV6: Family<bigint> = {
  version: 'IPv6',
  all: ALL_ADDRESSES_6,
  publicOnes: PUBLIC_ADDRESSES_6,
  privateOnes: PRIVATE_ADDRESSES_6,
  host: HOST_ADDRESS_6,
  rangeOf: ({ ipv6 }) => ipv6,
  toPrefixes: toPrefixes6,
  isOther: isIpv4,
};

/** Returns the IP version of an address. */
export const versionOf = ({ ipv4, ipv6 }: Prefix): Family['version'] => (ipv6 && !ipv4 ? 'IPv6' : 'IPv4');

/** Calls a function with the addresses of an IP version. */
export const inFamily = <Result>(
  version: Family['version'],
  work: <N extends Countable>(family: Family<N>) => Result,
): Result => (version === 'IPv6' ? work(IPV6) : work(IPV4));

/** Returns the addresses of prefixes. A prefix without an address of this version adds none. */
export const rangesIn = <N extends Countable>(
  { rangeOf }: Family<N>,
  prefixes: readonly Prefix[],
): Ranges<N> => union(prefixes.flatMap((prefix) => rangeOf(prefix) ?? []));

const written = new Map<Family['version'], readonly Prefix[]>();

/**
 * Returns every public address of a version as prefixes. Creates them on first use, because those of IPv6 take long.
 */
export function publicPrefixes<N extends Countable>({ version, toPrefixes: write, publicOnes }: Family<N>) {
  const prefixes = written.get(version) ?? write(publicOnes);
  written.set(version, prefixes);
  return prefixes;
}
