import type { VmNetwork, VnetSpace } from '../network';
import { parsePrefixes, type Prefix } from '../prefixes';
import { subtract, union, type Countable, type Ranges } from '../ranges';
import { rangesIn, type Family } from './family';

/** The addresses that something certainly stands for, and those that it possibly stands for. */
export interface Match<N extends Countable> {
  readonly certain: Ranges<N>;
  readonly possible: Ranges<N>;
}

/** What `VirtualNetwork` stands for, with the VNet's own addresses as far as they are known. */
export interface VnetMatch<N extends Countable> extends Match<N> {
  /** Possible addresses of the VNet or its peerings: every address if the VNet was not read. */
  readonly inside: Ranges<N>;
}

const NOTHING = { certain: [], possible: [] };

/** Every address, of both versions. */
export const ANYWHERE = parsePrefixes(['0.0.0.0/0', '::/0']);

/** Returns the VNet as seen from a subnet with a route table. The tag also includes its routes, which are not read. */
export const withRouteTable = (vnet: VnetSpace): VnetSpace => ({ ...vnet, possible: ANYWHERE });

/**
 * Returns what `VirtualNetwork` stands for. Every address might belong to a VNet that was not read.
 *
 * The tag is wider than the VNet: it also includes peered VNets, networks behind a gateway, the Azure host, and the
 * prefixes of routes (Microsoft Learn, "Virtual network service tags").
 */
export function toVnetMatch<N extends Countable>(
  family: Family<N>,
  vnet: VnetSpace | undefined,
): VnetMatch<N> {
  const certain = rangesIn(family, vnet?.certain ?? []);
  // Health probes come from the host, by a tag of their own. Whether this tag also includes them is not tested.
  const possible = vnet ? union(rangesIn(family, vnet.possible), family.host) : family.all;
  return { certain, possible: subtract(possible, certain), inside: vnet ? certain : family.all };
}

/** Returns the network, with a VNet that was not read replaced by one without public addresses. */
export const withoutPublicVnet = (network: VmNetwork): VmNetwork => ({
  ...network,
  vnet: network.vnet ?? { certain: [], possible: ANYWHERE },
});

/**
 * Returns what `Internet` stands for: addresses outside the VNet that the public internet can reach. If the VNet was
 * not read, it is unknown which addresses are outside, because a VNet can have public addresses. It is not documented
 * whether documentation, shared, and reserved ranges are included. It is also not documented that a gateway or a route
 * takes public addresses out of the tag, so they stay certain.
 */
function toInternet<N extends Countable>(family: Family<N>, vnet: VnetMatch<N>): Match<N> {
  const { all, publicOnes, privateOnes, host } = family;
  const certain = subtract(publicOnes, vnet.inside);
  return { certain, possible: subtract(all, union(privateOnes, host, vnet.certain, certain)) };
}

/**
 * Returns the source addresses that one prefix of a rule stands for: an address, a CIDR, `*`, or a service tag, in any
 * case. A tag whose addresses are not known here might stand for every address.
 * Source: Microsoft Learn, "Virtual network service tags".
 */
export function toSourceMatch<N extends Countable>(
  family: Family<N>,
  prefix: Prefix,
  vnet: VnetMatch<N>,
): Match<N> {
  const range = family.rangeOf(prefix);
  if (range) return { certain: union([range]), possible: [] };
  switch (prefix.key) {
    case 'any':
      return { certain: family.all, possible: [] };
    case 'internet':
      return toInternet(family, vnet);
    case 'virtualnetwork':
      return vnet;
    case 'azureloadbalancer':
      return { certain: family.host, possible: [] };
    default:
      // A prefix of the other version never matches a source of this one.
      return family.isOther(prefix) ? NOTHING : { certain: [], possible: family.all };
  }
}

/**
 * Returns the addresses of an application security group: network interfaces of the VNet, but it is not known here
 * which.
 * Source: Microsoft Learn, "Application security groups".
 */
export const toGroupMatch = <N extends Countable>(
  { all, publicOnes }: Family<N>,
  { inside }: VnetMatch<N>,
): Match<N> => ({ certain: [], possible: union(subtract(all, publicOnes), inside) });
