import type {
  EffectiveBaseSecurityAdminRuleUnion,
  EffectiveDefaultSecurityAdminRule,
  EffectiveSecurityAdminRule,
  NetworkInterface,
  NetworkInterfaceIPConfiguration,
  NetworkSecurityGroup,
  SecurityRule,
  Subnet,
  VirtualNetwork,
} from '@azure/arm-network';
import type { JitNetworkAccessPolicy } from '@azure/arm-security';
import { parsePrefix, parsePrefixes } from '../../tasks/shared/core/prefixes';
import { parseIsoDuration } from '../../tasks/shared/core/durations';
import type { Policy } from '../../tasks/shared/core/policy';

/** The content of Microsoft's models in the types of this product, written independently of the readers. */

export const toListedNic = (model: NetworkInterface) => ({
  id: model.id ?? '',
  securityGroupId: model.networkSecurityGroup?.id,
  addresses: (model.ipConfigurations ?? []).map((one) => ({
    privateIpAddress: parsePrefix(one.privateIPAddress ?? ''),
    ...toPlace(one),
    publicIpId: one.publicIPAddress?.id,
  })),
});

const toPlace = ({ subnet, applicationSecurityGroups = [] }: NetworkInterfaceIPConfiguration) => ({
  subnetId: subnet?.id,
  applicationGroupIds: applicationSecurityGroups.map(({ id }) => id),
});

export function toPrimaryNic(model: NetworkInterface) {
  const primary = model.ipConfigurations?.find((one) => one.primary) ?? {};
  const publicIpId = primary.publicIPAddress?.id;
  const securityGroupId = model.networkSecurityGroup?.id;
  const otherPublicIps = (model.ipConfigurations ?? []).flatMap((one) =>
    one.primary || !one.publicIPAddress
      ? []
      : [{ configuration: one.name, publicIpId: one.publicIPAddress.id }],
  );
  return {
    isPrimary: model.primary === true,
    privateIpAddress: parsePrefix(primary.privateIPAddress ?? ''),
    ...toPlace(primary),
    ...(publicIpId !== undefined && { publicIpId }),
    ...(securityGroupId !== undefined && { securityGroupId }),
    ...(otherPublicIps.length > 0 && { otherPublicIps }),
  };
}

export const toGroup = ({
  id = '',
  name,
  securityRules = [],
  defaultSecurityRules = [],
}: NetworkSecurityGroup) => ({
  ...{ id, name },
  rules: [
    ...securityRules.map((rule) => toRule(rule, false)),
    ...defaultSecurityRules.map((rule) => toRule(rule, true)),
  ],
});

/** One value, or a list of them. */
const either = (one: string | undefined, many: readonly string[] = []) => (one ? [one, ...many] : many);

const toRule = (rule: SecurityRule, isDefault: boolean) => ({
  name: rule.name,
  priority: rule.priority,
  direction: rule.direction,
  access: rule.access,
  protocol: rule.protocol,
  sources: parsePrefixes(either(rule.sourceAddressPrefix, rule.sourceAddressPrefixes)),
  sourceGroupIds: (rule.sourceApplicationSecurityGroups ?? []).map(({ id }) => id),
  sourcePorts: either(rule.sourcePortRange, rule.sourcePortRanges),
  destinations: parsePrefixes(either(rule.destinationAddressPrefix, rule.destinationAddressPrefixes)),
  destinationGroupIds: (rule.destinationApplicationSecurityGroups ?? []).map(({ id }) => id),
  destinationPorts: either(rule.destinationPortRange, rule.destinationPortRanges),
  isDefault,
});

/** Microsoft's client keeps the properties of known kinds next to the other fields. */
export function toAdminRule(found: EffectiveBaseSecurityAdminRuleUnion) {
  const model = found as EffectiveSecurityAdminRule | EffectiveDefaultSecurityAdminRule;
  const { sources = [], destinations = [] } = model;
  const parts = model.id?.split('/') ?? [];
  const textsOf = (addresses: typeof sources, isGroup: boolean) =>
    addresses
      .filter(({ addressPrefixType }) => (addressPrefixType === 'NetworkGroup') === isGroup)
      .map(({ addressPrefix }) => addressPrefix ?? '');
  return {
    ...{ name: parts.at(-1), collection: parts.at(-3), configuration: parts.at(-5) },
    managerId: parts.slice(0, -6).join('/'),
    ...{ priority: model.priority, access: model.access, direction: model.direction },
    protocol: model.protocol === 'Any' ? '*' : model.protocol,
    ...{ sources: parsePrefixes(textsOf(sources, false)), sourceGroupIds: textsOf(sources, true) },
    ...{
      destinations: parsePrefixes(textsOf(destinations, false)),
      destinationGroupIds: textsOf(destinations, true),
    },
    ...{ sourcePorts: model.sourcePortRanges, destinationPorts: model.destinationPortRanges },
  };
}

export const toSubnet = (subnet: Subnet) => ({
  id: subnet.id ?? '',
  securityGroupId: subnet.networkSecurityGroup?.id,
  hasRouteTable: subnet.routeTable !== undefined,
});

export const toVnet = (model: VirtualNetwork) => ({
  id: model.id ?? '',
  subnets: (model.subnets ?? []).map(toSubnet),
  peeredVnetIds: (model.virtualNetworkPeerings ?? []).map(
    ({ remoteVirtualNetwork }) => remoteVirtualNetwork?.id,
  ),
});

/** Returns a policy in a form that both sides can return. */
export const toComparable = ({ id, name, location, vms, requests }: Policy) => ({
  ...{ id, name, location },
  // Gives the fixed words of a VM ID the same spelling.
  vms: vms.map(({ vm, ports, publicIpAddress }) => ({ key: vm.key, publicIpAddress, ports })),
  requests: requests.map(({ ports, ...request }) => ({
    ...request,
    ports: ports.map(({ vm, ...port }) => ({ key: vm.key, ...port })),
  })),
});

export function toPolicy(model: JitNetworkAccessPolicy) {
  const sourcesOf = (one: string | undefined, many: readonly string[] | undefined) =>
    parsePrefixes(many ?? [one ?? '*']);
  return {
    ...{ id: model.id ?? '', name: model.name, location: model.location },
    vms: model.virtualMachines.map(({ id, publicIpAddress, ports }) => ({
      ...{ key: id.toLowerCase(), publicIpAddress },
      ports: ports.map((rule) => ({
        port: rule.number,
        protocol: rule.protocol,
        sources: sourcesOf(rule.allowedSourceAddressPrefix, rule.allowedSourceAddressPrefixes),
        maxDurationMs: parseIsoDuration(rule.maxRequestAccessDuration),
      })),
    })),
    requests: (model.requests ?? []).map((request) => ({
      startedAt: request.startTimeUtc.toISOString(),
      requestor: request.requestor,
      justification: request.justification ?? '',
      ports: request.virtualMachines.flatMap(({ id, ports }) =>
        ports.map((port) => ({
          ...{ key: id.toLowerCase(), port: port.number },
          sources: sourcesOf(port.allowedSourceAddressPrefix, port.allowedSourceAddressPrefixes),
          endsAt: port.endTimeUtc.getTime(),
          ...{ status: port.status, statusReason: port.statusReason },
          ...(port.mappedPort !== undefined && { mappedPort: port.mappedPort }),
        })),
      ),
    })),
  };
}
