import { ALL_ADDRESSES, PRIVATE_ADDRESSES, PUBLIC_ADDRESSES, parseCidr } from '../addresses';
import { subtract, union, type Ranges } from '../ranges';

/** Addresses that something surely stands for, and those that it may stand for. */
export interface Match {
  readonly certain: Ranges;
  readonly possible: Ranges;
}

const NOTHING: Match = { certain: [], possible: [] };
const ANYTHING: Match = { certain: [], possible: ALL_ADDRESSES };

/** Learn, "What is IP address 168.63.129.16?": the address that Azure's health probes come from. */
const LOAD_BALANCER = union([parseCidr('168.63.129.16')].filter((cidr) => cidr !== undefined));

/** The VNet's own prefixes as addresses; nothing when they were not read. */
export function toVnetRanges(prefixes: readonly string[] | undefined): Ranges | undefined {
  return prefixes && union(prefixes.map(parseCidr).filter((cidr) => cidr !== undefined));
}

/**
 * What `Internet` stands for: addresses outside the VNet that the public internet reaches. Whether documentation,
 * shared and reserved ranges count is nowhere promised.
 */
function toInternet(vnet: Ranges): Match {
  const notPublic = subtract(ALL_ADDRESSES, union(PUBLIC_ADDRESSES, PRIVATE_ADDRESSES));
  return { certain: subtract(PUBLIC_ADDRESSES, vnet), possible: subtract(notPublic, vnet) };
}

/**
 * The source addresses that one prefix of a rule stands for: an address, a CIDR, `*` or a service tag, in any
 * case. A tag whose addresses are not known here may stand for every address.
 * Tags: Learn, "Virtual network service tags".
 */
export function toSourceMatch(prefix: string, vnet: Ranges | undefined): Match {
  const cidr = parseCidr(prefix);
  if (cidr) return { certain: union([cidr]), possible: [] };
  switch (prefix.toLowerCase()) {
    case '*':
    case 'any':
      return { certain: ALL_ADDRESSES, possible: [] };
    case 'internet':
      return toInternet(vnet ?? []);
    case 'virtualnetwork':
      return vnet ? { certain: vnet, possible: [] } : ANYTHING;
    case 'azureloadbalancer':
      return { certain: LOAD_BALANCER, possible: [] };
    default:
      // IPv6 never meets an IPv4 source.
      return prefix.includes(':') ? NOTHING : ANYTHING;
  }
}

/**
 * The addresses of an application security group: network interfaces of the VNet, but which is not known here.
 * Learn, "Application security groups".
 */
export function toGroupMatch(vnet: Ranges | undefined): Match {
  return { certain: [], possible: union(subtract(ALL_ADDRESSES, PUBLIC_ADDRESSES), vnet ?? []) };
}
