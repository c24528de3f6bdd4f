import type { AddressSpace, Subnet, VirtualNetwork, VirtualNetworkPeering } from '@azure/arm-network';
import type { VnetSpace } from '../../core/network';
import { ANYWHERE } from '../../core/nsg/tags';
import { parsePrefixes, type Prefix } from '../../core/prefixes';
import type { Vnet, SubnetResource } from '../../core/resources';
import type { Kind } from '../reader';
import { flat } from './json';
import { securityGroupIdOf } from './nic';
import { shapeOf, type Shape } from './shape';

const VNET = 'A virtual network';

const kind = {
  type: 'Microsoft.Network/virtualNetworks',
  noun: 'virtual network',
  service: 'network',
} as const;

const shapeOfVnet = (body: unknown) => shapeOf<VirtualNetwork>(flat(body, VNET), VNET);

/** Reads the settings of a subnet that affect access. */
export const SUBNET: Kind<SubnetResource> = {
  ...{ type: 'Microsoft.Network/virtualNetworks/subnets', noun: 'subnet', service: 'network' },
  read(body) {
    const what = 'A subnet';
    const shape = shapeOf<Subnet>(flat(body, what), what);
    const id = securityGroupIdOf(shape);
    return { hasRouteTable: hasRouteTable(shape), ...(id !== undefined && { securityGroupId: id }) };
  },
};

/** Reads the address space that `VirtualNetwork` includes in a VNet. */
export const VNET_SPACE: Kind<VnetSpace> = { ...kind, read: (body) => toVnetSpace(shapeOfVnet(body)) };

/** Reads a VNet with its subnets and its peered VNets. */
export const LISTED_VNET: Kind<Vnet> = {
  ...kind,
  read(body) {
    const shape = shapeOfVnet(body);
    return {
      id: shape.text('id'),
      space: toVnetSpace(shape),
      subnets: shape.list('subnets').map((subnet) => ({
        id: subnet.text('id'),
        securityGroupId: securityGroupIdOf(subnet),
        hasRouteTable: hasRouteTable(subnet),
      })),
      peeredVnetIds: shape
        .list('virtualNetworkPeerings')
        .flatMap((peering) => peering.optional('remoteVirtualNetwork')?.text('id') ?? []),
    };
  },
};

/** Whether a subnet has a route table, so that its own routes lead out of it. */
const hasRouteTable = (subnet: Shape<Subnet>): boolean => subnet.optional('routeTable') !== undefined;

/** The subnet names that Azure prescribes for gateways and route servers. Routes through them reach the whole VNet. */
const GATEWAY_SUBNETS = ['gatewaysubnet', 'routeserversubnet'];

/**
 * Returns the address space that `VirtualNetwork` includes, according to the VNet's own response. A gateway, of the
 * VNet or of a peered VNet, can add any address, and so can a peering that is not described sufficiently.
 */
function toVnetSpace(shape: Shape<VirtualNetwork>): VnetSpace {
  // A VNet always has an address space. If the response has none, it is unknown.
  const own = prefixesOf(shape.optional('addressSpace')) ?? [];
  const peerings = shape.list('virtualNetworkPeerings').map(toPeeringSpace);
  const hasGateway = shape
    .list('subnets')
    .some((subnet) => GATEWAY_SUBNETS.includes(subnet.optionalText('name')?.toLowerCase() ?? ''));
  return {
    certain: [...own, ...peerings.flatMap(({ certain }) => certain)],
    possible: [
      ...(own.length > 0 && !hasGateway ? [] : ANYWHERE),
      ...peerings.flatMap(({ possible }) => possible),
    ],
  };
}

const prefixesOf = (space: Shape<AddressSpace> | undefined): readonly Prefix[] | undefined =>
  space && parsePrefixes(space.texts('addressPrefixes'));

/**
 * Returns the addresses that a peering adds.
 * https://learn.microsoft.com/rest/api/virtualnetwork/virtual-network-peerings/get
 */
function toPeeringSpace(peering: Shape<VirtualNetworkPeering>): VnetSpace {
  const usesGateway = peering.isTrue('useRemoteGateways') || peering.isTrue('allowGatewayTransit');
  const gateway = usesGateway ? ANYWHERE : [];
  if (peering.isFalse('allowVirtualNetworkAccess')) return { certain: [], possible: gateway };
  const prefixes = prefixesOf(peering.optional('remoteAddressSpace')) ?? [];
  // Later changes of the other VNet take effect when the peering is synchronized.
  const later = prefixesOf(peering.optional('remoteVirtualNetworkAddressSpace')) ?? [];
  if (prefixes.length === 0) return { certain: [], possible: ANYWHERE };
  const isWhole =
    peering.isTrue('allowVirtualNetworkAccess') &&
    !peering.isFalse('peerCompleteVnets') &&
    peering.optionalText('peeringState')?.toLowerCase() === 'connected';
  return isWhole
    ? { certain: prefixes, possible: [...later, ...gateway] }
    : { certain: [], possible: [...prefixes, ...later, ...gateway] };
}
