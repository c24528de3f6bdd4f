import { toAdminRule } from '../../../tasks/shared/azure/read/adminRules';
import { FIREWALL_ADDRESSES } from '../../../tasks/shared/azure/read/firewall';
import { PRIMARY_NIC } from '../../../tasks/shared/azure/read/nic';
import { PUBLIC_ADDRESS } from '../../../tasks/shared/azure/read/publicAddress';
import { SECURITY_GROUP } from '../../../tasks/shared/azure/read/securityGroup';
import { VM_AT_WORK } from '../../../tasks/shared/azure/read/vm';
import { SUBNET, VNET_SPACE } from '../../../tasks/shared/azure/read/vnet';
import type { Kind as ArmKind } from '../../../tasks/shared/azure/reader';
import { parseVmId, toGroupId } from '../../../tasks/shared/core/resourceIds';
import { notFound, serverError } from '../../../tasks/shared/messages/failures';
import type { NetworkGateway } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/networkGateway';
import type { Limit } from '../../../tasks/shared/core/limits';
import type { Kind } from '../azure';
import type { Topology } from '../azure/network/topology';
import type { Entrance } from './calls';

/** Creates the network around VMs in memory. */
export function createFakeNetwork(
  topology: Topology,
  entrance: Entrance,
  isLocked: () => boolean,
  now: () => number,
): NetworkGateway {
  const get =
    <T>(kind: Kind, { type, noun, read, query }: ArmKind<T>) =>
    async (id: string, limit: Limit): Promise<T> => {
      await entrance.enter({ kind, id }, { action: `${type}/read`, scope: id }, limit);
      if (!topology.has(id)) throw notFound(noun, id);
      return read(topology.read(id, query !== undefined), id);
    };
  const getVm = get('vm', VM_AT_WORK);
  const getVnet = get('vnet', VNET_SPACE);

  const network: NetworkGateway = {
    among: () => network,
    getVm: ({ id }, limit) => getVm(id, limit),
    getNic: get('nic', PRIMARY_NIC),
    getSubnet: get('subnet', SUBNET),
    getSecurityGroup: get('nsg', SECURITY_GROUP),
    getPublicAddress: get('publicIp', PUBLIC_ADDRESS),
    getVnet: (subnetId, limit) => getVnet(subnetId.replace(/\/subnets\/[^/]*$/i, ''), limit),

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

    async listFirewallAddresses(subscriptionId, limit) {
      const [type, scope] = ['Microsoft.Network/azureFirewalls', toGroupId(subscriptionId)];
      await entrance.enter({ kind: 'firewalls.list', id: scope }, { action: `${type}/read`, scope }, limit);
      return topology
        .list(subscriptionId, type)
        .flatMap(({ resource }) =>
          FIREWALL_ADDRESSES.read(resource.json()).ids.flatMap(
            (id) => PUBLIC_ADDRESS.read(topology.read(id), id).ipAddress ?? [],
          ),
        );
    },

    async listAdminRules(id, limit) {
      const action = 'Microsoft.Network/virtualNetworks/listNetworkManagerEffectiveSecurityAdminRules/action';
      await entrance.enter({ kind: 'adminRules', id }, { action, scope: id }, limit);
      if (!topology.has(id)) throw notFound('virtual network', id);
      return (topology.vnets.get(id.toLowerCase())?.adminRules ?? []).map(toAdminRule);
    },

    async deleteRule(groupId, ruleName, limit) {
      const id = `${groupId}/securityRules/${ruleName}`;
      const action = 'Microsoft.Network/networkSecurityGroups/securityRules/delete';
      await entrance.enter({ kind: 'rule.delete', id }, { action, scope: id }, limit);
      const group = topology.securityGroup(groupId);
      if (!group) throw notFound('network security group', groupId);
      if (isLocked()) throw serverError(id, 409, 'ScopeLocked');
      group.endRule(ruleName, now());
    },
  };
  return network;
}
