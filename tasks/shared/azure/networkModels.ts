import type {
  NetworkInterface,
  NetworkSecurityGroup,
  SecurityRule as SecurityRuleModel,
} from '@azure/arm-network';
import type { SecurityGroup, SecurityRule } from '../domain/network';
import { senselessAnswer } from '../messages/failures';
import type { NicResource, VmResource } from '../world';

/** Turns Azure's model of a security group into the product's. Throws JIT604 when a rule makes no sense. */
export function toSecurityGroup(model: NetworkSecurityGroup): SecurityGroup {
  return {
    id: model.id ?? '',
    name: model.name ?? '',
    rules: [
      ...(model.securityRules ?? []).map((rule) => toSecurityRule(rule, false)),
      ...(model.defaultSecurityRules ?? []).map((rule) => toSecurityRule(rule, true)),
    ],
  };
}

function toSecurityRule(model: SecurityRuleModel, isDefault: boolean): SecurityRule {
  const { name = '', priority, direction, access, protocol } = model;
  if (priority === undefined || protocol === undefined || (access !== 'Allow' && access !== 'Deny')) {
    throw senselessAnswer(
      'A network security group',
      `the rule ${name} without priority, protocol or access`,
    );
  }
  return {
    name,
    priority,
    direction: direction === 'Outbound' ? 'Outbound' : 'Inbound',
    access,
    protocol,
    sources: merge(model.sourceAddressPrefix, model.sourceAddressPrefixes),
    sourceGroupIds: ids(model.sourceApplicationSecurityGroups),
    sourcePorts: merge(model.sourcePortRange, model.sourcePortRanges),
    destinations: merge(model.destinationAddressPrefix, model.destinationAddressPrefixes),
    destinationGroupIds: ids(model.destinationApplicationSecurityGroups),
    destinationPorts: merge(model.destinationPortRange, model.destinationPortRanges),
    isDefault,
  };
}

/** The primary address of a NIC: the one marked so, or the only one. */
export function toNic(model: NetworkInterface): NicResource {
  const configurations = model.ipConfigurations ?? [];
  const primary = configurations.find(({ primary }) => primary) ?? configurations[0];
  const publicIpId = primary?.publicIPAddress?.id;
  const securityGroupId = model.networkSecurityGroup?.id;
  return {
    privateIpAddress: primary?.privateIPAddress,
    subnetId: primary?.subnet?.id,
    applicationGroupIds: ids(primary?.applicationSecurityGroups),
    ...(publicIpId !== undefined && { publicIpId }),
    ...(securityGroupId !== undefined && { securityGroupId }),
  };
}

/** The part of a VM that this product reads. https://learn.microsoft.com/rest/api/compute/virtual-machines/get */
interface VmModel {
  readonly properties?: {
    readonly networkProfile?: {
      readonly networkInterfaces?: readonly {
        readonly id?: string;
        readonly properties?: { readonly primary?: boolean };
      }[];
    };
  };
}

export function toVmResource(model: VmModel): VmResource {
  const nics = model.properties?.networkProfile?.networkInterfaces ?? [];
  const primary = nics.find((nic) => nic.properties?.primary) ?? nics[0];
  return { nicIds: nics.flatMap(({ id }) => (id === undefined ? [] : [id])), primaryNicId: primary?.id };
}

const merge = (one: string | undefined, many: readonly string[] | undefined): readonly string[] =>
  one ? [one, ...(many ?? [])] : (many ?? []);

const ids = (items: readonly { readonly id?: string }[] | undefined): readonly string[] =>
  (items ?? []).flatMap(({ id }) => (id === undefined ? [] : [id]));
