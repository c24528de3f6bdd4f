import type { SecurityRule } from '../../../tasks/shared/domain/network';
import { parseVmId, toGroupId } from '../../../tasks/shared/domain/resourceIds';
import { notFound, serverError } from '../../../tasks/shared/messages/failures';
import type { Limit, NetworkGateway } from '../../../tasks/shared/world';
import type { Kind } from '../azure';
import { DEFAULT_RULES, type NewRule } from '../azure/network/securityRules';
import type { Topology } from '../azure/network/topology';
import type { Entrance } from './calls';

interface Named {
  readonly id: string;
}

/** The parts of the stored resources that the gateway reads. */
interface Stored {
  readonly properties: {
    readonly networkProfile?: {
      readonly networkInterfaces: readonly (Named & {
        readonly properties: { readonly primary?: boolean };
      })[];
    };
    readonly ipConfigurations?: readonly {
      readonly properties: {
        readonly privateIPAddress: string;
        readonly primary: boolean;
        readonly subnet: Named;
        readonly publicIPAddress?: Named;
        readonly applicationSecurityGroups?: readonly Named[];
      };
    }[];
    readonly networkSecurityGroup?: Named;
    readonly ipAddress?: string;
    readonly addressSpace?: { readonly addressPrefixes: readonly string[] };
  };
}

/** The network around a VM, in memory. */
export function createFakeNetwork(
  topology: Topology,
  entrance: Entrance,
  isLocked: () => boolean,
): NetworkGateway {
  const read = async (
    kind: Kind,
    noun: string,
    action: string,
    id: string,
    limit: Limit,
  ): Promise<Stored> => {
    await entrance.enter({ kind, id }, { action, scope: id }, limit);
    if (!topology.has(id)) throw notFound(noun, id);
    return topology.read(id) as Stored;
  };

  return {
    async getVm({ id }, limit) {
      const { properties } = await read('vm', 'VM', 'Microsoft.Compute/virtualMachines/read', id, limit);
      const nics = properties.networkProfile?.networkInterfaces ?? [];
      const primary = nics.find((nic) => nic.properties.primary) ?? nics[0];
      return { nicIds: nics.map((nic) => nic.id), primaryNicId: primary?.id };
    },

    async listVms(subscriptionId, resourceGroup, limit) {
      const id = toGroupId(subscriptionId, resourceGroup);
      const action = 'Microsoft.Compute/virtualMachines/read';
      await entrance.enter({ kind: 'vms.list', id }, { action, scope: id }, limit);
      if (!topology.hasGroup(subscriptionId, resourceGroup)) throw notFound('resource group', id);
      return topology
        .list(subscriptionId, 'Microsoft.Compute/virtualMachines')
        .filter(({ group }) => group === resourceGroup.toLowerCase())
        .flatMap(({ resource }) => parseVmId(resource.id) ?? []);
    },

    async getNic(id, limit) {
      const action = 'Microsoft.Network/networkInterfaces/read';
      const { properties } = await read('nic', 'network interface', action, id, limit);
      const primary = properties.ipConfigurations?.find((one) => one.properties.primary)?.properties;
      const publicIpId = primary?.publicIPAddress?.id;
      const securityGroupId = properties.networkSecurityGroup?.id;
      return {
        privateIpAddress: primary?.privateIPAddress,
        subnetId: primary?.subnet.id,
        applicationGroupIds: (primary?.applicationSecurityGroups ?? []).map((group) => group.id),
        ...(publicIpId !== undefined && { publicIpId }),
        ...(securityGroupId !== undefined && { securityGroupId }),
      };
    },

    async getSubnet(id, limit) {
      const action = 'Microsoft.Network/virtualNetworks/subnets/read';
      const securityGroupId = (await read('subnet', 'subnet', action, id, limit)).properties
        .networkSecurityGroup?.id;
      return securityGroupId === undefined ? {} : { securityGroupId };
    },

    async getSecurityGroup(id, limit) {
      const action = 'Microsoft.Network/networkSecurityGroups/read';
      await read('nsg', 'network security group', action, id, limit);
      const group = topology.securityGroup(id);
      if (!group) throw notFound('network security group', id);
      return {
        id: group.id,
        name: group.name,
        rules: [
          ...group.rules().map((rule) => toRule(rule, false)),
          ...DEFAULT_RULES.map((rule) => toRule(rule, true)),
        ],
      };
    },

    async getPublicAddress(id, limit) {
      const action = 'Microsoft.Network/publicIPAddresses/read';
      return (await read('publicIp', 'public address', action, id, limit)).properties.ipAddress;
    },

    async deleteRule(groupId, ruleName, limit) {
      const id = `${groupId}/securityRules/${ruleName}`;
      const action = 'Microsoft.Network/networkSecurityGroups/securityRules/delete';
      await entrance.enter({ kind: 'rule.delete', id }, { action, scope: id }, limit);
      const group = topology.securityGroup(groupId);
      if (!group) throw notFound('network security group', groupId);
      if (isLocked()) throw serverError(id, 409, 'ScopeLocked');
      group.removeRule(ruleName);
    },

    async getVnetPrefixes(subnetId, limit) {
      const id = subnetId.replace(/\/subnets\/[^/]*$/i, '');
      const action = 'Microsoft.Network/virtualNetworks/read';
      const { properties } = await read('vnet', 'virtual network', action, id, limit);
      return properties.addressSpace?.addressPrefixes ?? [];
    },
  };
}

const any = ['*'];

const toRule = (rule: NewRule, isDefault: boolean): SecurityRule => ({
  name: rule.name,
  priority: rule.priority,
  direction: rule.direction ?? 'Inbound',
  access: rule.access,
  protocol: rule.protocol ?? '*',
  sources: rule.sources ?? (rule.sourceGroupIds ? [] : any),
  sourceGroupIds: rule.sourceGroupIds ?? [],
  sourcePorts: rule.sourcePorts ?? any,
  destinations: rule.destinations ?? (rule.destinationGroupIds ? [] : any),
  destinationGroupIds: rule.destinationGroupIds ?? [],
  destinationPorts: rule.destinationPorts ?? any,
  isDefault,
});
