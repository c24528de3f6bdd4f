import { parseIpv4 } from '../domain/addresses';
import type { SecurityGroup, SecurityRule } from '../domain/network';
import { senselessAnswer } from '../messages/failures';
import type { NicAddress } from '../inventory';
import type { NicResource } from '../world';
import { shapeOf, type Shape } from './shape';

const GROUP = 'A network security group';
const NIC = 'A network interface';

const isIpv6 = (text: string): boolean => /^[\da-f:.]*:[\da-f:.]*$/i.test(text);

/**
 * Turns Azure's model of a security group into the product's. Throws JIT604 when a rule makes no sense.
 *
 * @param id the id that was asked for, which a rule is deleted by, and not the one in the answer
 */
export function toSecurityGroup(id: string, model: object): SecurityGroup {
  const shape = shapeOf(model, GROUP);
  return {
    id,
    name: shape.optionalText('name') ?? '',
    rules: [
      ...shape.list('securityRules').map((rule) => toSecurityRule(rule, false)),
      ...shape.list('defaultSecurityRules').map((rule) => toSecurityRule(rule, true)),
    ],
  };
}

function toSecurityRule(shape: Shape, isDefault: boolean): SecurityRule {
  const name = shape.optionalText('name') ?? '';
  const access = shape.text('access');
  const direction = shape.text('direction');
  if (access !== 'Allow' && access !== 'Deny')
    throw senselessAnswer(GROUP, `the rule ${name} without an access`);
  return {
    name,
    priority: shape.integer('priority'),
    direction: direction === 'Outbound' ? 'Outbound' : 'Inbound',
    access,
    protocol: shape.text('protocol'),
    sources: merge(shape, 'sourceAddressPrefix', 'sourceAddressPrefixes'),
    sourceGroupIds: ids(shape, 'sourceApplicationSecurityGroups'),
    sourcePorts: merge(shape, 'sourcePortRange', 'sourcePortRanges'),
    destinations: merge(shape, 'destinationAddressPrefix', 'destinationAddressPrefixes'),
    destinationGroupIds: ids(shape, 'destinationApplicationSecurityGroups'),
    destinationPorts: merge(shape, 'destinationPortRange', 'destinationPortRanges'),
    isDefault,
  };
}

/** The primary address of a NIC: the one marked so, or the first. Throws JIT604 when it makes no sense. */
export function toNic(model: object): NicResource {
  const shape = shapeOf(model, NIC);
  const configurations = shape.list('ipConfigurations');
  const primary =
    configurations.find((configuration) => configuration.isTrue('primary')) ?? configurations[0];
  const privateIpAddress = primary?.optionalText('privateIPAddress');
  if (privateIpAddress !== undefined && parseIpv4(privateIpAddress) === undefined) {
    throw senselessAnswer(NIC, `the primary address ${privateIpAddress}, which is not IPv4`);
  }
  const publicIpId = primary?.optional('publicIPAddress')?.optionalText('id');
  const securityGroupId = toSecurityGroupId(shape);
  return {
    privateIpAddress,
    subnetId: primary?.optional('subnet')?.optionalText('id'),
    applicationGroupIds: primary ? ids(primary, 'applicationSecurityGroups') : [],
    ...(publicIpId !== undefined && { publicIpId }),
    ...(securityGroupId !== undefined && { securityGroupId }),
  };
}

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
          applicationGroupIds: ids(configuration, 'applicationSecurityGroups'),
        },
      ];
    });

/** The id of the security group that a NIC or a subnet names, if any. */
export const toSecurityGroupId = (shape: Shape): string | undefined =>
  shape.optional('networkSecurityGroup')?.optionalText('id');

/** The security group of a subnet, if it names one. */
export function toSubnet(model: object): { readonly securityGroupId?: string } {
  const id = toSecurityGroupId(shapeOf(model, 'A subnet'));
  return id === undefined ? {} : { securityGroupId: id };
}

/** The IPv4 address of a public IP, unless it has none. It goes into scripts: what is no address is JIT604. */
export function toPublicAddress(model: object): string | undefined {
  const what = 'A public address';
  const address = shapeOf(model, what).optionalText('ipAddress');
  // Just-in-time access has no IPv6, so such an address is none to connect to.
  if (address === undefined || isIpv6(address)) return undefined;
  if (parseIpv4(address) === undefined) throw senselessAnswer(what, `${address}, which is no address`);
  return address;
}

/** The CIDRs of a virtual network. */
export const toVnetPrefixes = (model: object): readonly string[] =>
  shapeOf(model, 'A virtual network').optional('addressSpace')?.texts('addressPrefixes') ?? [];

/** A rule has one value or a list of them. */
function merge(shape: Shape, one: string, many: string): readonly string[] {
  const single = shape.optionalText(one);
  return single ? [single, ...shape.texts(many)] : shape.texts(many);
}

const ids = (shape: Shape, name: string): readonly string[] =>
  shape.list(name).flatMap((item) => item.optionalText('id') ?? []);
