import { parseIpv4 } from '../../domain/addresses';
import type { PublicSku } from '../../domain/network';
import { senselessAnswer } from '../../messages/failures';
import type { NicAddress } from '../../inventory';
import type { NicResource, PublicAddressResource, SubnetResource } from '../../world';
import { shapeOf, type Shape } from './shape';

/** The same as the SDK uses for single resources. */
export const NETWORK_API_VERSION = '2025-05-01';

const NIC = 'A network interface';

const isIpv6 = (text: string): boolean => /^[\da-f:.]*:[\da-f:.]*$/i.test(text);

/**
 * The primary IPv4 address of a NIC: the configuration marked so, or the first with an IPv4 address, since an IPv6 one may
 * be listed before it. Throws JIT604 when it makes no sense.
 */
export function toNic(model: object): NicResource {
  const shape = shapeOf(model, NIC);
  const configurations = shape.list('ipConfigurations').filter((one) => !isIpv6Configuration(one));
  const primary = configurations.find((one) => one.isTrue('primary')) ?? configurations[0];
  const privateIpAddress = primary?.optionalText('privateIPAddress');
  if (privateIpAddress !== undefined && parseIpv4(privateIpAddress) === undefined) {
    throw senselessAnswer(NIC, `the primary address ${privateIpAddress}, which is not IPv4`);
  }
  const publicIpId = primary && toPublicIpId(primary);
  const securityGroupId = toSecurityGroupId(shape);
  return {
    privateIpAddress,
    isPrimary: shape.isTrue('primary'),
    subnetId: primary?.optional('subnet')?.optionalText('id'),
    applicationGroupIds: primary ? toIds(primary, 'applicationSecurityGroups') : [],
    ...(publicIpId !== undefined && { publicIpId }),
    ...(securityGroupId !== undefined && { securityGroupId }),
  };
}

/** Just-in-time access has no IPv6. */
const isIpv6Configuration = (configuration: Shape): boolean =>
  configuration.optionalText('privateIPAddressVersion')?.toLowerCase() === 'ipv6' ||
  isIpv6(configuration.optionalText('privateIPAddress') ?? '');

const toPublicIpId = (configuration: Shape): string | undefined =>
  configuration.optional('publicIPAddress')?.optionalText('id');

/** All IPv4 addresses of a NIC; one that is not assigned at present is none. */
export const toNicAddresses = (model: object): readonly NicAddress[] =>
  shapeOf(model, NIC)
    .list('ipConfigurations')
    .flatMap((configuration) => {
      const privateIpAddress = configuration.optionalText('privateIPAddress');
      if (privateIpAddress === undefined || parseIpv4(privateIpAddress) === undefined) return [];
      return [
        {
          privateIpAddress,
          subnetId: configuration.optional('subnet')?.optionalText('id'),
          publicIpId: toPublicIpId(configuration),
          applicationGroupIds: toIds(configuration, 'applicationSecurityGroups'),
        },
      ];
    });

/** The id of the security group that a NIC or a subnet names, if any. */
export const toSecurityGroupId = (shape: Shape): string | undefined =>
  shape.optional('networkSecurityGroup')?.optionalText('id');

/** What of a subnet decides who gets in. */
export function toSubnet(model: object): SubnetResource {
  const shape = shapeOf(model, 'A subnet');
  const id = toSecurityGroupId(shape);
  return { hasRouteTable: hasRouteTable(shape), ...(id !== undefined && { securityGroupId: id }) };
}

/** Whether routes of its own lead out of a subnet. */
export const hasRouteTable = (subnet: Shape): boolean => subnet.optional('routeTable') !== undefined;

/** A public address and its kind. It goes into scripts: what is no address is JIT604. */
export function toPublicAddress(model: object): PublicAddressResource {
  const what = 'A public address';
  const shape = shapeOf(model, what);
  const sku = toPublicSku(shape.optional('sku')?.optionalText('name'));
  const address = shape.optionalText('ipAddress');
  // Just-in-time access has no IPv6, so such an address is none to connect to.
  if (address === undefined || isIpv6(address)) return { sku };
  if (parseIpv4(address) === undefined) throw senselessAnswer(what, `${address}, which is no address`);
  return { ipAddress: address, sku };
}

/**
 * The public addresses of a firewall: the ids of those in a virtual network, and those themselves in a virtual hub.
 * https://learn.microsoft.com/rest/api/virtualnetwork/azure-firewalls/get
 */
export function toFirewallAddresses(model: object): {
  readonly ids: readonly string[];
  readonly addresses: readonly string[];
} {
  const shape = shapeOf(model, 'A firewall');
  const hub = shape.optional('hubIPAddresses')?.optional('publicIPs');
  return {
    ids: shape
      .list('ipConfigurations')
      .flatMap((configuration) => configuration.optional('publicIPAddress')?.optionalText('id') ?? []),
    addresses: hub?.list('addresses').flatMap((one) => one.optionalText('address') ?? []) ?? [],
  };
}

/** `StandardV2` is as closed as `Standard`. https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses */
function toPublicSku(name: string | undefined): PublicSku {
  const text = name?.toLowerCase() ?? '';
  if (text.startsWith('standard')) return 'Standard';
  return text === 'basic' ? 'Basic' : 'unknown';
}

/** The ARM ids of a list of references. */
export const toIds = (shape: Shape, name: string): readonly string[] =>
  shape.list(name).flatMap((item) => item.optionalText('id') ?? []);
