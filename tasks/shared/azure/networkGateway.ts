import { NetworkManagementClient } from '@azure/arm-network';
import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import { parseResourceId, parseVmId, toGroupId, type ResourceId, type VmId } from '../domain/resourceIds';
import { senselessAnswer } from '../messages/failures';
import type { Limit, NetworkGateway } from '../world';
import type { Arm } from './arm';
import { parseJson } from './azureErrors';
import { failureOf, toFailure } from './failures';
import { flat } from './read/inventoryModels';
import { createJsonReader, toJson } from './jsonReader';
import { NETWORK_API_VERSION, toFirewallAddresses, toNic, toPublicAddress, toSubnet } from './read/nic';
import { encodeId } from './paths';
import { limitOf } from './retry';
import { toSecurityGroup } from './read/securityGroup';
import { shapeOf } from './read/shape';
import { COMPUTE_API_VERSION, toVmResource } from './read/vm';
import { toVnetSpace } from './read/vnet';

/** The network around a VM by way of Azure Resource Manager. */
export function createNetworkGateway(arm: Arm): NetworkGateway {
  const network = arm.connect(
    (credential, id, options) => new NetworkManagementClient(credential, id, options),
  );
  const reader = createJsonReader(arm);
  const getPublicAddress: NetworkGateway['getPublicAddress'] = (id, limit) =>
    read(
      id,
      'public address',
      'Microsoft.Network/publicIPAddresses/read',
      limit,
      async (address, options) => {
        const addresses = network(address.subscriptionId).publicIPAddresses;
        return toPublicAddress(await addresses.get(address.resourceGroup, address.name, options));
      },
    );
  return {
    getVm: (vm, limit) =>
      read(vm.id, 'VM', 'Microsoft.Compute/virtualMachines/read', limit, async (_vm, options) => {
        const url = `${arm.url}${encodeId(vm.id)}?api-version=${COMPUTE_API_VERSION}`;
        const response = await arm.send(
          createPipelineRequest({
            url,
            headers: createHttpHeaders({ Accept: 'application/json' }),
            ...options,
          }),
        );
        if (response.status !== 200) {
          throw failureOf(response, callOf(vm.id, 'VM', 'Microsoft.Compute/virtualMachines/read'));
        }
        return toVmResource(parseJson(response.bodyAsText));
      }),

    async listVms(subscriptionId, resourceGroup, limit) {
      const scope = toGroupId(subscriptionId, resourceGroup);
      const action = 'Microsoft.Compute/virtualMachines/read';
      const call = { what: 'The list of VMs', action, scope, sought: { noun: 'resource group', id: scope } };
      const url = reader.url(`${scope}/providers/Microsoft.Compute/virtualMachines`, COMPUTE_API_VERSION);
      const found: VmId[] = [];
      for await (const page of reader.pages(url, call, limit)) {
        found.push(...page.flatMap((vm) => parseVmId(shapeOf(vm, call.what).text('id')) ?? []));
      }
      return found;
    },

    getNic: (id, limit) =>
      read(id, 'network interface', 'Microsoft.Network/networkInterfaces/read', limit, async (nic, options) =>
        toNic(await network(nic.subscriptionId).networkInterfaces.get(nic.resourceGroup, nic.name, options)),
      ),

    getSubnet: (id, limit) =>
      read(id, 'subnet', 'Microsoft.Network/virtualNetworks/subnets/read', limit, async (subnet, options) => {
        const { subnets } = network(subnet.subscriptionId);
        return toSubnet(await subnets.get(subnet.resourceGroup, subnet.names[0] ?? '', subnet.name, options));
      }),

    getSecurityGroup: (id, limit) =>
      read(
        id,
        'network security group',
        'Microsoft.Network/networkSecurityGroups/read',
        limit,
        async (group, options) => {
          const groups = network(group.subscriptionId).networkSecurityGroups;
          return toSecurityGroup(id, await groups.get(group.resourceGroup, group.name, options));
        },
      ),

    getPublicAddress,

    async listFirewallAddresses(subscriptionId, limit) {
      const scope = toGroupId(subscriptionId);
      const call = {
        what: 'The list of firewalls',
        action: 'Microsoft.Network/azureFirewalls/read',
        scope,
        sought: { noun: 'subscription', id: scope },
      };
      const url = reader.url(`${scope}/providers/Microsoft.Network/azureFirewalls`, NETWORK_API_VERSION);
      const found: string[] = [];
      for await (const page of reader.pages(url, call, limit)) {
        for (const body of page) {
          const { ids, addresses } = toFirewallAddresses(flat(toJson(body, call.what)));
          const read = await Promise.allSettled(ids.map((id) => getPublicAddress(id, limit)));
          const own = read.flatMap((one) => (one.status === 'fulfilled' ? (one.value.ipAddress ?? []) : []));
          found.push(...addresses, ...own);
        }
      }
      return found;
    },

    deleteRule: (id, ruleName, limit) =>
      read(
        id,
        'network security group',
        'Microsoft.Network/networkSecurityGroups/securityRules/delete',
        limit,
        async (group, options) => {
          const rules = network(group.subscriptionId).securityRules;
          // Whether it worked is read from the rules, not from the operation.
          await rules.beginDelete(group.resourceGroup, group.name, ruleName, options);
        },
      ),

    getVnet: (subnetId, limit) => {
      const vnetId = subnetId.replace(/\/subnets\/[^/]*$/i, '');
      return read(
        vnetId,
        'virtual network',
        'Microsoft.Network/virtualNetworks/read',
        limit,
        async (vnet, options) => {
          const vnets = network(vnet.subscriptionId).virtualNetworks;
          return toVnetSpace(await vnets.get(vnet.resourceGroup, vnet.name, options));
        },
      );
    },
  };
}

async function read<T>(
  id: string,
  noun: string,
  action: string,
  limit: Limit,
  get: (id: ResourceId, options: { abortSignal: AbortSignal }) => Promise<T>,
): Promise<T> {
  const parsed = parseResourceId(id);
  if (!parsed) throw senselessAnswer('Azure Resource Manager', `the ${noun} id ${id}`);
  limitOf.set(limit.signal, limit);
  try {
    return await get(parsed, { abortSignal: limit.signal });
  } catch (error) {
    throw toFailure(error, callOf(id, noun, action));
  }
}

const callOf = (id: string, noun: string, action: string) => ({
  what: `The ${noun} ${id}`,
  action,
  scope: id,
  sought: { noun, id },
});
