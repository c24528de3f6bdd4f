import type { VnetSpace } from '../../domain/network';
import { shapeOf, type Shape } from './shape';

const ANYWHERE = '0.0.0.0/0';

/** Subnets whose names Azure prescribes, by which routes from elsewhere reach the whole VNet. */
const GATEWAY_SUBNETS = ['gatewaysubnet', 'routeserversubnet'];

/**
 * What `VirtualNetwork` stands for in a VNet, by the VNet's own answer. A gateway, of its own or of a peered VNet, may
 * add anything, and so may a peering that is not told well enough.
 */
export function toVnetSpace(model: object): VnetSpace {
  const shape = shapeOf(model, 'A virtual network');
  const own = shape.optional('addressSpace')?.texts('addressPrefixes');
  const peerings = shape.list('virtualNetworkPeerings').map(toPeeringSpace);
  const hasGateway = shape
    .list('subnets')
    .some((subnet) => GATEWAY_SUBNETS.includes(subnet.optionalText('name')?.toLowerCase() ?? ''));
  return {
    certain: [...(own ?? []), ...peerings.flatMap(({ certain }) => certain)],
    possible: [...(own && !hasGateway ? [] : [ANYWHERE]), ...peerings.flatMap(({ possible }) => possible)],
  };
}

/** What a peering adds. https://learn.microsoft.com/rest/api/virtualnetwork/virtual-network-peerings/get */
function toPeeringSpace(peering: Shape): VnetSpace {
  const usesGateway = peering.isTrue('useRemoteGateways') || peering.isTrue('allowGatewayTransit');
  const gateway = usesGateway ? [ANYWHERE] : [];
  if (peering.isFalse('allowVirtualNetworkAccess')) return { certain: [], possible: gateway };
  const prefixes = peering.optional('remoteAddressSpace')?.texts('addressPrefixes') ?? [];
  // Later changes of the other VNet count once the peering is synchronized.
  const later = peering.optional('remoteVirtualNetworkAddressSpace')?.texts('addressPrefixes') ?? [];
  if (prefixes.length === 0) return { certain: [], possible: [ANYWHERE] };
  const isWhole =
    peering.isTrue('allowVirtualNetworkAccess') &&
    !peering.isFalse('peerCompleteVnets') &&
    peering.optionalText('peeringState')?.toLowerCase() === 'connected';
  return isWhole
    ? { certain: prefixes, possible: [...later, ...gateway] }
    : { certain: [], possible: [...prefixes, ...later, ...gateway] };
}
