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

/** What of a subnet decides who gets in. */
export const SUBNET: Kind<SubnetResource> = {
  ...{ type: 'Microsoft.Network/virtualNetworks/subnets', noun: 'subnet', service: 'network' },
  read(body) {
    const what = 'A subnet';
    const shape = shapeOf<Subnet>(flat(body, what), what);
    const id = securityGroupIdOf(shape);
    return { hasRouteTable: hasRouteTable(shape), ...(id !== undefined && { securityGroupId: id }) };
  },
};

/** A VNet by what `VirtualNetwork` stands for in it. */
export const VNET_SPACE: Kind<VnetSpace> = { ...kind, read: (body) => toVnetSpace(shapeOfVnet(body)) };

/** A VNet with its subnets and those that it is peered with. */
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

/** Whether routes of its own lead out of a subnet. */
const hasRouteTable = (subnet: Shape<Subnet>): boolean => subnet.optional('routeTable') !== undefined;

/** Subnets whose names Azure prescribes, by which routes from elsewhere reach the whole VNet. */
const GATEWAY_SUBNETS = ['gatewaysubnet', 'routeserversubnet'];

/**
 * What `VirtualNetwork` stands for in a VNet, by the VNet's own answer. A gateway, of its own or of a peered VNet, may
 * add anything, and so may a peering that is not told well enough.
 */
function toVnetSpace(shape: Shape<VirtualNetwork>): VnetSpace {
  // A VNet always has an address. An answer without one does not tell what the VNet has.
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

/** What a peering adds. https://learn.microsoft.com/rest/api/virtualnetwork/virtual-network-peerings/get */
function toPeeringSpace(peering: Shape<VirtualNetworkPeering>): VnetSpace {
  const usesGateway = peering.isTrue('useRemoteGateways') || peering.isTrue('allowGatewayTransit');
  const gateway = usesGateway ? ANYWHERE : [];
  if (peering.isFalse('allowVirtualNetworkAccess')) return { certain: [], possible: gateway };
  const prefixes = prefixesOf(peering.optional('remoteAddressSpace')) ?? [];
  // Later changes of the other VNet count once the peering is synchronized.
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
