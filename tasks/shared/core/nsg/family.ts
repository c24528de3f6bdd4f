import { ALL_ADDRESSES, HOST_ADDRESS, PRIVATE_ADDRESSES, PUBLIC_ADDRESSES } from '../addresses';
import { ALL_ADDRESSES_6, HOST_ADDRESS_6, PRIVATE_ADDRESSES_6, PUBLIC_ADDRESSES_6 } from '../ipv6';
import { isIpv4, toPrefixes, toPrefixes6, type Prefix } from '../prefixes';
import { union, type Countable, type Range, type Ranges } from '../ranges';

/** The addresses of one version of IP: rules of both stand in one list, and only those of its own version meet a flow. */
export interface Family<N extends Countable = Countable> {
  readonly version: 'IPv4' | 'IPv6';
  readonly all: Ranges<N>;
  /** What a host on the internet can have. */
  readonly publicOnes: Ranges<N>;
  readonly privateOnes: Ranges<N>;
  /** Where Azure's own traffic comes from. */
  readonly host: Ranges<N>;
  readonly rangeOf: (prefix: Prefix) => Range<N> | undefined;
  readonly toPrefixes: (ranges: Ranges<N>) => readonly Prefix[];
  /** Whether what names no address of this version can only be of the other one. */
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

/** The version of an address. */
export const versionOf = ({ ipv4, ipv6 }: Prefix): Family['version'] => (ipv6 && !ipv4 ? 'IPv6' : 'IPv4');

/** Does something with the addresses of a version. */
export const inFamily = <Result>(
  version: Family['version'],
  work: <N extends Countable>(family: Family<N>) => Result,
): Result => (version === 'IPv6' ? work(IPV6) : work(IPV4));

/** The addresses of prefixes; what is none of this version stands for nothing. */
export const rangesIn = <N extends Countable>(
  { rangeOf }: Family<N>,
  prefixes: readonly Prefix[],
): Ranges<N> => union(prefixes.flatMap((prefix) => rangeOf(prefix) ?? []));

const written = new Map<Family['version'], readonly Prefix[]>();

/** Every public address of a version, as prefixes. They are made when they are first needed: those of IPv6 take long to write. */
export function publicPrefixes<N extends Countable>({ version, toPrefixes: write, publicOnes }: Family<N>) {
  const prefixes = written.get(version) ?? write(publicOnes);
  written.set(version, prefixes);
  return prefixes;
}
