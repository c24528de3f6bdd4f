import type { VmNetwork, VnetSpace } from '../network';
import { parsePrefixes, type Prefix } from '../prefixes';
import { subtract, union, type Countable, type Ranges } from '../ranges';
import { rangesIn, type Family } from './family';

/** Addresses that something surely stands for, and those that it may stand for. */
export interface Match<N extends Countable> {
  readonly certain: Ranges<N>;
  readonly possible: Ranges<N>;
}

/** What `VirtualNetwork` stands for, with the VNet's own addresses as far as they are known. */
export interface VnetMatch<N extends Countable> extends Match<N> {
  /** What may be an address of the VNet or of its peerings: every one, when the VNet was not read. */
  readonly inside: Ranges<N>;
}

const NOTHING = { certain: [], possible: [] };

/** Every address, of both versions. */
export const ANYWHERE = parsePrefixes(['0.0.0.0/0', '::/0']);

/** The same VNet at a subnet with a route table: its routes, which are not read, belong to the tag as well. */
export const withRouteTable = (vnet: VnetSpace): VnetSpace => ({ ...vnet, possible: ANYWHERE });

/**
 * What `VirtualNetwork` stands for; every address may belong to a VNet that was not read.
 *
 * The tag is wider than the VNet: peered VNets, networks behind a gateway, the Azure host and the prefixes of routes
 * belong to it (Learn, "Virtual network service tags").
 */
export function toVnetMatch<N extends Countable>(
  family: Family<N>,
  vnet: VnetSpace | undefined,
): VnetMatch<N> {
  const certain = rangesIn(family, vnet?.certain ?? []);
  // Health probes come from the host by a tag of their own: whether this one has them too is not tried.
  const possible = vnet ? union(rangesIn(family, vnet.possible), family.host) : family.all;
  return { certain, possible: subtract(possible, certain), inside: vnet ? certain : family.all };
}

/** The same network with a VNet that was not read taken for one without public addresses. */
export const withoutPublicVnet = (network: VmNetwork): VmNetwork => ({
  ...network,
  vnet: network.vnet ?? { certain: [], possible: ANYWHERE },
});

/**
 * What `Internet` stands for: addresses outside the VNet that the public internet reaches. Of a VNet that was not read nobody
 * knows which are outside: a VNet may have public addresses. Whether documentation, shared and reserved ranges count is
 * nowhere promised. That a gateway or a route may take public addresses out of it is not promised
 * either, so it does not make them doubtful.
 */
function toInternet<N extends Countable>(family: Family<N>, vnet: VnetMatch<N>): Match<N> {
  const { all, publicOnes, privateOnes, host } = family;
  const certain = subtract(publicOnes, vnet.inside);
  return { certain, possible: subtract(all, union(privateOnes, host, vnet.certain, certain)) };
}

/**
 * The source addresses that one prefix of a rule stands for: an address, a CIDR, `*` or a service tag, in any
 * case. A tag whose addresses are not known here may stand for every address.
 * Tags: Learn, "Virtual network service tags".
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
      // A prefix of the other version never meets a source of this one.
      return family.isOther(prefix) ? NOTHING : { certain: [], possible: family.all };
  }
}

/**
 * The addresses of an application security group: network interfaces of the VNet, but which is not known here.
 * Learn, "Application security groups".
 */
export const toGroupMatch = <N extends Countable>(
  { all, publicOnes }: Family<N>,
  { inside }: VnetMatch<N>,
): Match<N> => ({ certain: [], possible: union(subtract(all, publicOnes), inside) });
