import { NETWORK, toSecurityGroup } from './nics';
import type { SecurityGroup } from './securityGroups';
import { resourceId, type NewSecurityGroup, type Place, type Topology } from './topology';

/** A virtual network as the simulation keeps it. */
export interface Vnet {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  prefixes: readonly string[];
  /** By name, in lower case. */
  readonly subnets: Map<string, Subnet>;
  /** The networks that are connected with it. */
  readonly peers: Peering[];
  /** The security admin rules that Virtual Network Manager applies to it, in the order of the list. */
  readonly adminRules: object[];
}

/** One side of a peering: what the network that it belongs to says about the other one. */
export interface Peering {
  readonly other: Vnet;
  /** The fields that differ from those of a peering that allows all traffic and uses no gateway. */
  readonly fields: object;
}

export interface Subnet {
  readonly id: string;
  readonly name: string;
  securityGroup: SecurityGroup | undefined;
  routeTableId: string | undefined;
}

/** A subnet and its network, as requested. */
export interface NewSubnet {
  readonly subnet?: string;
  readonly vnet?: string;
  readonly vnetPrefixes?: readonly string[];
  readonly subnetNsg?: NewSecurityGroup | boolean;
  /** The name of the route table of the subnet, which keeps it, as it does with its NSG. */
  readonly routeTable?: string;
}

/** @throws Error if there is no such network. */
export function requireVnet(id: string, topology: Topology): Vnet {
  const found = topology.vnets.get(id.toLowerCase());
  if (!found) throw new Error(`There is no network ${id}.`);
  return found;
}

/** Creates or finds a network. A group's networks outside its first region have the region in their name. */
export function ensureVnet(
  place: Place,
  { vnet, vnetPrefixes }: Pick<NewSubnet, 'vnet' | 'vnetPrefixes'>,
  topology: Topology,
): Vnet {
  const type = `${NETWORK}/virtualNetworks`;
  const named = (name: string): string => resourceId(place, type, name);
  const usual = vnet ?? `vnet-${place.resourceGroup}`;
  const there = topology.vnets.get(named(usual).toLowerCase());
  const isElsewhere = there !== undefined && there.location !== place.location;
  const name = isElsewhere ? `${usual}-${place.location}` : usual;
  const id = named(name);
  const found = topology.vnets.get(id.toLowerCase());
  if (found) {
    found.prefixes = vnetPrefixes ?? found.prefixes;
    return found;
  }
  const { location } = place;
  const prefixes = vnetPrefixes ?? ['10.0.0.0/16'];
  const made: Vnet = { id, name, location, prefixes, subnets: new Map(), peers: [], adminRules: [] };
  topology.vnets.set(id.toLowerCase(), made);
  topology.put({ id, json: () => vnetToJson(made) });
  return made;
}

/** Creates or finds a subnet and its network. A subnet keeps its NSG for the next VM in it. */
export function ensureSubnet(place: Place, wanted: NewSubnet, topology: Topology): Subnet {
  const vnet = ensureVnet(place, wanted, topology);
  const name = wanted.subnet ?? 'default';
  const group = toSecurityGroup(wanted.subnetNsg, `${name}-subnet-nsg`, place, topology);
  const { routeTable } = wanted;
  const routeTableId = routeTable && resourceId(place, `${NETWORK}/routeTables`, routeTable);
  const found = vnet.subnets.get(name.toLowerCase());
  if (found) {
    found.securityGroup = group ?? found.securityGroup;
    found.routeTableId = routeTableId ?? found.routeTableId;
    return found;
  }
  const made: Subnet = { id: `${vnet.id}/subnets/${name}`, name, securityGroup: group, routeTableId };
  vnet.subnets.set(name.toLowerCase(), made);
  topology.put({ id: made.id, json: () => subnetToJson(made, vnet) });
  return made;
}

/** Connects two networks on both sides, as VNet peering does. The fields are those of the first network's side. */
export function peerVnets(one: Vnet, other: Vnet, fields: object = {}): void {
  one.peers.push({ other, fields });
  other.peers.push({ other: one, fields: {} });
}

const vnetToJson = (vnet: Vnet): object => ({
  id: vnet.id,
  name: vnet.name,
  type: `${NETWORK}/virtualNetworks`,
  location: vnet.location,
  properties: {
    provisioningState: 'Succeeded',
    addressSpace: { addressPrefixes: vnet.prefixes },
    subnets: [...vnet.subnets.values()].map((subnet) => subnetToJson(subnet, vnet)),
    virtualNetworkPeerings: vnet.peers.map((peering) => peeringToJson(peering, vnet)),
  },
});

function peeringToJson({ other, fields }: Peering, vnet: Vnet): object {
  const name = `to-${other.name}`;
  return {
    id: `${vnet.id}/virtualNetworkPeerings/${name}`,
    name,
    type: `${NETWORK}/virtualNetworks/virtualNetworkPeerings`,
    properties: {
      provisioningState: 'Succeeded',
      peeringState: 'Connected',
      peeringSyncLevel: 'FullyInSync',
      allowVirtualNetworkAccess: true,
      allowForwardedTraffic: false,
      allowGatewayTransit: false,
      useRemoteGateways: false,
      remoteVirtualNetwork: { id: other.id },
      remoteAddressSpace: { addressPrefixes: other.prefixes },
      remoteVirtualNetworkAddressSpace: { addressPrefixes: other.prefixes },
      ...fields,
    },
  };
}

const subnetToJson = ({ id, name, securityGroup, routeTableId }: Subnet, { prefixes }: Vnet): object => ({
  id,
  name,
  type: `${NETWORK}/virtualNetworks/subnets`,
  properties: {
    provisioningState: 'Succeeded',
    addressPrefix: prefixes[0],
    ...(securityGroup && { networkSecurityGroup: { id: securityGroup.id } }),
    ...(routeTableId !== undefined && { routeTable: { id: routeTableId } }),
  },
});
