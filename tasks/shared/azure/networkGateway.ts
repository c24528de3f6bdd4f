import { toGroupId } from '../domain/resourceIds';
import type { NetworkGateway } from '../world';
import type { Arm } from './arm';
import { FIREWALL_ADDRESSES } from './read/firewall';
import { PRIMARY_NIC } from './read/nic';
import { PUBLIC_ADDRESS } from './read/publicAddress';
import { SECURITY_GROUP } from './read/securityGroup';
import { VM_ID, VM_RESOURCE } from './read/vm';
import { SUBNET, VNET_SPACE } from './read/vnet';
import { createReader } from './reader';
import { deleteRule } from './write/deleteRule';

/** The network around a VM by way of Azure Resource Manager. */
export function createNetworkGateway(arm: Arm): NetworkGateway {
  const reader = createReader(arm);
  return {
    getVm: (vm, limit) => reader.get(VM_RESOURCE, vm.id, limit),

    listVms: (subscriptionId, resourceGroup, limit) =>
      reader.all(VM_ID, toGroupId(subscriptionId, resourceGroup), limit),

    getNic: (id, limit) => reader.get(PRIMARY_NIC, id, limit),
    getSubnet: (id, limit) => reader.get(SUBNET, id, limit),
    getSecurityGroup: (id, limit) => reader.get(SECURITY_GROUP, id, limit),
    getPublicAddress: (id, limit) => reader.get(PUBLIC_ADDRESS, id, limit),

    async listFirewallAddresses(subscriptionId, limit) {
      const found: string[] = [];
      for await (const firewalls of reader.list(FIREWALL_ADDRESSES, toGroupId(subscriptionId), limit)) {
        for (const { ids, addresses } of firewalls) {
          const read = await Promise.allSettled(ids.map((id) => reader.get(PUBLIC_ADDRESS, id, limit)));
          const own = read.flatMap((one) => (one.status === 'fulfilled' ? (one.value.ipAddress ?? []) : []));
          found.push(...addresses, ...own);
        }
      }
      return found;
    },

    getVnet: (subnetId, limit) => reader.get(VNET_SPACE, subnetId.replace(/\/subnets\/[^/]*$/i, ''), limit),

    deleteRule: (groupId, ruleName, limit) => deleteRule(arm, groupId, ruleName, limit),
  };
}
