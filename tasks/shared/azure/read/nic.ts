import type {
  NetworkInterface,
  NetworkInterfaceIPConfiguration,
  NetworkSecurityGroup,
} from '@azure/arm-network';
import { isIpv6 } from '../../core/addresses';
import { CodedError } from '../../core/errors';
import { parseAddress } from '../../core/prefixes';
import type { Ipv6Address } from '../../core/network';
import { sameId } from '../../core/resourceIds';
import type { ListedNic, NicAddress, NicResource, PublicIpAt } from '../../core/resources';
import { senselessAnswer } from '../../messages/failures';
import type { Kind } from '../reader';
import { flat } from './json';
import { shapeOf, type Shape } from './shape';

const NIC = 'A network interface';

const kind = {
  type: 'Microsoft.Network/networkInterfaces',
  noun: 'network interface',
  service: 'network',
} as const;

type Configuration = Shape<NetworkInterfaceIPConfiguration>;

const shapeOfNic = (body: unknown) => shapeOf<NetworkInterface>(flat(body, NIC), NIC);

/**
 * Reads a NIC by its primary IPv4 address: the configuration marked as primary, or the first one with an IPv4 address,
 * because an IPv6 configuration can precede it. Throws JIT604 if the NIC is invalid.
 */
export const PRIMARY_NIC: Kind<NicResource> = {
  ...kind,
  read(body) {
    const shape = shapeOfNic(body);
    const all = shape.list('ipConfigurations');
    const configurations = all.filter((one) => !isIpv6Configuration(one));
    const primary = configurations.find((one) => one.isTrue('primary')) ?? configurations[0];
    const text = primary?.optionalText('privateIPAddress');
    const privateIpAddress = text === undefined ? undefined : parseAddress(text);
    if (text !== undefined && !privateIpAddress?.ipv4) {
      throw senselessAnswer(NIC, `the primary address ${text} is not an IPv4 address`);
    }
    const publicIpId = primary && publicIpIdOf(primary);
    const securityGroupId = securityGroupIdOf(shape);
    const subnetId = subnetIdOf(primary);
    const otherPublicIps = configurations.filter((one) => one !== primary).flatMap(toPublicIpAt);
    const ipv6 = all.filter(isIpv6Configuration).flatMap((one) => toIpv6Address(one, subnetId));
    return {
      privateIpAddress,
      isPrimary: shape.isTrue('primary'),
      subnetId,
      applicationGroupIds: primary ? applicationGroupIdsOf(primary) : [],
      ...(publicIpId !== undefined && { publicIpId }),
      ...(securityGroupId !== undefined && { securityGroupId }),
      ...(ipv6.length > 0 && { ipv6 }),
      ...(otherPublicIps.length > 0 && { otherPublicIps }),
    };
  },
};

/** The result is used only in messages, so an invalid configuration is left out. */
function toPublicIpAt(configuration: Configuration): readonly PublicIpAt[] {
  try {
    const publicIpId = publicIpIdOf(configuration);
    const name = configuration.optionalText('name') ?? '';
    return publicIpId === undefined ? [] : [{ configuration: name, publicIpId }];
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return [];
  }
}

/**
 * Returns an IPv6 address in the subnet of the primary address: the NSG of another subnet is unknown. The result is
 * used only for a warning, so an invalid configuration is left out.
 */
function toIpv6Address(configuration: Configuration, subnetId: string | undefined): readonly Ipv6Address[] {
  try {
    return readIpv6Address(configuration, subnetId);
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return [];
  }
}

function readIpv6Address(configuration: Configuration, subnetId: string | undefined): readonly Ipv6Address[] {
  const privateIpAddress = parseAddress(configuration.optionalText('privateIPAddress') ?? '');
  if (!privateIpAddress?.ipv6) return [];
  const own = subnetIdOf(configuration);
  if (own === undefined || subnetId === undefined || !sameId(own, subnetId)) return [];
  return [{ privateIpAddress, applicationGroupIds: applicationGroupIdsOf(configuration) }];
}

/** Reads a NIC with all its IPv4 and IPv6 addresses that are assigned. */
export const LISTED_NIC: Kind<ListedNic> = {
  ...kind,
  read(body) {
    const shape = shapeOfNic(body);
    return {
      id: shape.text('id'),
      securityGroupId: securityGroupIdOf(shape),
      addresses: shape.list('ipConfigurations').flatMap((one) => toAddress(one) ?? []),
    };
  },
};

function toAddress(configuration: Configuration): NicAddress | undefined {
  const privateIpAddress = parseAddress(configuration.optionalText('privateIPAddress') ?? '');
  if (!privateIpAddress) return undefined;
  return {
    privateIpAddress,
    subnetId: subnetIdOf(configuration),
    publicIpId: publicIpIdOf(configuration),
    applicationGroupIds: applicationGroupIdsOf(configuration),
  };
}

/** Just-in-time access does not support IPv6. */
const isIpv6Configuration = (configuration: Configuration): boolean =>
  configuration.optionalText('privateIPAddressVersion')?.toLowerCase() === 'ipv6' ||
  isIpv6(configuration.optionalText('privateIPAddress') ?? '');

const subnetIdOf = (configuration: Configuration | undefined): string | undefined =>
  configuration?.optional('subnet')?.text('id');

const publicIpIdOf = (configuration: Configuration): string | undefined =>
  configuration.optional('publicIPAddress')?.text('id');

const applicationGroupIdsOf = (configuration: Configuration): readonly string[] =>
  configuration.list('applicationSecurityGroups').map((group) => group.text('id'));

/** Returns the ID of the security group of a NIC or a subnet, if any. Throws JIT604 if the group has no ID. */
export const securityGroupIdOf = (
  shape: Shape<{ networkSecurityGroup?: NetworkSecurityGroup }>,
): string | undefined => shape.optional('networkSecurityGroup')?.text('id');
