import { flat } from '../../../tasks/shared/azure/read/inventoryModels';
import { toFirewallAddresses, toNic, toPublicAddress, toSubnet } from '../../../tasks/shared/azure/read/nic';
import { toSecurityGroup } from '../../../tasks/shared/azure/read/securityGroup';
import { toVmResource } from '../../../tasks/shared/azure/read/vm';
import { toVnetSpace } from '../../../tasks/shared/azure/read/vnet';
import type { Json } from '../../../tasks/shared/domain/json';
import { parseVmId, toGroupId } from '../../../tasks/shared/domain/resourceIds';
import { notFound, serverError } from '../../../tasks/shared/messages/failures';
import type { Limit, NetworkGateway } from '../../../tasks/shared/world';
import type { Kind } from '../azure';
import type { Topology } from '../azure/network/topology';
import type { Entrance } from './calls';

/** The network around a VM, in memory. */
export function createFakeNetwork(
  topology: Topology,
  entrance: Entrance,
  isLocked: () => boolean,
): NetworkGateway {
  const read = async (kind: Kind, noun: string, action: string, id: string, limit: Limit): Promise<Json> => {
    await entrance.enter({ kind, id }, { action, scope: id }, limit);
    if (!topology.has(id)) throw notFound(noun, id);
    return topology.read(id) as Json;
  };

  return {
    getVm: async ({ id }, limit) =>
      toVmResource(await read('vm', 'VM', 'Microsoft.Compute/virtualMachines/read', id, limit)),

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

    getNic: async (id, limit) =>
      toNic(
        flat(await read('nic', 'network interface', 'Microsoft.Network/networkInterfaces/read', id, limit)),
      ),

    getSubnet: async (id, limit) =>
      toSubnet(
        flat(await read('subnet', 'subnet', 'Microsoft.Network/virtualNetworks/subnets/read', id, limit)),
      ),

    async getSecurityGroup(id, limit) {
      const action = 'Microsoft.Network/networkSecurityGroups/read';
      return toSecurityGroup(id, flat(await read('nsg', 'network security group', action, id, limit)));
    },

    getPublicAddress: async (id, limit) =>
      toPublicAddress(
        flat(await read('publicIp', 'public address', 'Microsoft.Network/publicIPAddresses/read', id, limit)),
      ),

    async listFirewallAddresses(subscriptionId, limit) {
      const [type, scope] = ['Microsoft.Network/azureFirewalls', toGroupId(subscriptionId)];
      await entrance.enter({ kind: 'firewalls.list', id: scope }, { action: `${type}/read`, scope }, limit);
      const models = topology.list(subscriptionId, type).map(({ resource }) => flat(resource.json() as Json));
      return models.flatMap((model) =>
        toFirewallAddresses(model).ids.flatMap(
          (id) => toPublicAddress(flat(topology.read(id) as Json)).ipAddress ?? [],
        ),
      );
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

    async getVnet(subnetId, limit) {
      const id = subnetId.replace(/\/subnets\/[^/]*$/i, '');
      const action = 'Microsoft.Network/virtualNetworks/read';
      return toVnetSpace(flat(await read('vnet', 'virtual network', action, id, limit)));
    },
  };
}
