import { ALL_ADDRESSES, HOST_ADDRESS, PRIVATE_ADDRESSES, PUBLIC_ADDRESSES, parseCidr } from '../addresses';
import type { VnetSpace } from '../network';
import { subtract, union, type Ranges } from '../ranges';

/** Addresses that something surely stands for, and those that it may stand for. */
export interface Match {
  readonly certain: Ranges;
  readonly possible: Ranges;
}

const NOTHING: Match = { certain: [], possible: [] };
const ANYTHING: Match = { certain: [], possible: ALL_ADDRESSES };

const toAddresses = (cidrs: readonly string[]): Ranges =>
  union(cidrs.map(parseCidr).filter((cidr) => cidr !== undefined));

const ANYWHERE: readonly string[] = ['0.0.0.0/0'];

/** The same VNet at a subnet with a route table: its routes, which are not read, belong to the tag as well. */
export const withRouteTable = (vnet: VnetSpace): VnetSpace => ({ ...vnet, possible: ANYWHERE });

/**
 * What `VirtualNetwork` stands for; every address may belong to a VNet that was not read.
 *
 * The tag is wider than the VNet: peered VNets, networks behind a gateway, the Azure host and the prefixes of routes
 * belong to it (Learn, "Virtual network service tags").
 */
export function toVnetMatch(vnet: VnetSpace | undefined): Match {
  const certain = toAddresses(vnet?.certain ?? []);
  // Health probes come from the host by a tag of their own: whether this one has them too is not tried.
  const possible = vnet ? union(toAddresses(vnet.possible), HOST_ADDRESS) : ALL_ADDRESSES;
  return { certain, possible: subtract(possible, certain) };
}

/**
 * What `Internet` stands for: addresses outside the VNet that the public internet reaches. Whether documentation, shared and
 * reserved ranges count is nowhere promised. That a gateway or a route may take public addresses out of it is not promised
 * either, so it does not make them doubtful.
 */
function toInternet({ certain }: Match): Match {
  const notPublic = subtract(ALL_ADDRESSES, union(PUBLIC_ADDRESSES, PRIVATE_ADDRESSES, HOST_ADDRESS));
  return { certain: subtract(PUBLIC_ADDRESSES, certain), possible: subtract(notPublic, certain) };
}

/**
 * The source addresses that one prefix of a rule stands for: an address, a CIDR, `*` or a service tag, in any
 * case. A tag whose addresses are not known here may stand for every address.
 * Tags: Learn, "Virtual network service tags".
 */
export function toSourceMatch(prefix: string, vnet: Match): Match {
  const cidr = parseCidr(prefix);
  if (cidr) return { certain: union([cidr]), possible: [] };
  switch (prefix.toLowerCase()) {
    case '*':
    case 'any':
      return { certain: ALL_ADDRESSES, possible: [] };
    case 'internet':
      return toInternet(vnet);
    case 'virtualnetwork':
      return vnet;
    case 'azureloadbalancer':
      return { certain: HOST_ADDRESS, possible: [] };
    default:
      // IPv6 never meets an IPv4 source.
      return prefix.includes(':') ? NOTHING : ANYTHING;
  }
}

/**
 * The addresses of an application security group: network interfaces of the VNet, but which is not known here.
 * Learn, "Application security groups".
 */
export const toGroupMatch = ({ certain }: Match): Match => ({
  certain: [],
  possible: union(subtract(ALL_ADDRESSES, PUBLIC_ADDRESSES), certain),
});
