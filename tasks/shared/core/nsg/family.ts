import {
  ALL_ADDRESSES,
  formatRanges,
  HOST_ADDRESS,
  isIpv6,
  parseCidr,
  PRIVATE_ADDRESSES,
  PUBLIC_ADDRESSES,
} from '../addresses';
import {
  ALL_ADDRESSES_6,
  formatRanges6,
  HOST_ADDRESS_6,
  parseCidr6,
  PRIVATE_ADDRESSES_6,
  PUBLIC_ADDRESSES_6,
} from '../ipv6';
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
  readonly parse: (prefix: string) => Range<N> | undefined;
  readonly format: (ranges: Ranges<N>) => string[];
  /** Whether a text can only be a prefix of the other version. */
  readonly isOther: (prefix: string) => boolean;
}

export const IPV4: Family<number> = {
  version: 'IPv4',
  all: ALL_ADDRESSES,
  publicOnes: PUBLIC_ADDRESSES,
  privateOnes: PRIVATE_ADDRESSES,
  host: HOST_ADDRESS,
  parse: parseCidr,
  format: formatRanges,
  isOther: (prefix) => prefix.includes(':'),
};

export const IPV6: Family<bigint> = {
  version: 'IPv6',
  all: ALL_ADDRESSES_6,
  publicOnes: PUBLIC_ADDRESSES_6,
  privateOnes: PRIVATE_ADDRESSES_6,
  host: HOST_ADDRESS_6,
  parse: parseCidr6,
  format: formatRanges6,
  isOther: (prefix) => parseCidr(prefix) !== undefined,
};

/** Does something with the version of an address. */
export const inFamilyOf = <Result>(
  address: string,
  work: <N extends Countable>(family: Family<N>) => Result,
): Result => (isIpv6(address) ? work(IPV6) : work(IPV4));

/** The addresses of prefixes, `*` among them; what is none of this version stands for nothing. */
export const rangesIn = <N extends Countable>(family: Family<N>, prefixes: readonly string[]): Ranges<N> =>
  union(
    ...prefixes.map((prefix) =>
      prefix === '*' ? family.all : [family.parse(prefix)].filter((range) => range !== undefined),
    ),
  );
