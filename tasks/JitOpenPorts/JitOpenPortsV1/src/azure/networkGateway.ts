import { CodedError } from '../../../../shared/core/errors';
import { toGroupId, vnetIdOf, type VmId } from '../../../../shared/core/resourceIds';
import type { Arm } from '../../../../shared/azure/arm';
import { readCrowd } from '../../../../shared/azure/crowd';
import { listAdminRules } from '../../../../shared/azure/read/adminRules';
import { FIREWALL_ADDRESSES } from '../../../../shared/azure/read/firewall';
import { PRIMARY_NIC } from '../../../../shared/azure/read/nic';
import { PUBLIC_ADDRESS } from '../../../../shared/azure/read/publicAddress';
import { SECURITY_GROUP } from '../../../../shared/azure/read/securityGroup';
import { VM_ID } from '../../../../shared/azure/read/vm';
import { SUBNET, VNET_SPACE } from '../../../../shared/azure/read/vnet';
import { createReader, type Reader } from '../../../../shared/azure/reader';
import { deleteRule } from './deleteRule';
import { readVm } from './readVm';
import type { Limit } from '../../../../shared/core/limits';
import type { AdminRule, SecurityGroup, VnetSpace } from '../../../../shared/core/network';
import type {
  VmResource,
  NicResource,
  SubnetResource,
  PublicAddressResource,
} from '../../../../shared/core/resources';

/**
 * The network around a VM. Every method throws a `CodedError`: a `RefusedError` if Azure refuses the call permanently,
 * and a `ForbiddenError` if a right is missing.
 */
export interface NetworkGateway {
  /**
   * Returns the same gateway for one pass over these VMs: nothing is read twice, and what many of them have is read
   * from lists. A value is as old as its first read.
   */
  among(vms: readonly VmId[]): NetworkGateway;
  /** Reads a VM, with its power state if Azure reports it. */
  getVm(vm: VmId, limit: Limit): Promise<VmResource>;
  /** Lists the VMs of a resource group, from all pages. */
  listVms(subscriptionId: string, resourceGroup: string, limit: Limit): Promise<readonly VmId[]>;
  getNic(nicId: string, limit: Limit): Promise<NicResource>;
  getSubnet(subnetId: string, limit: Limit): Promise<SubnetResource>;
  getSecurityGroup(groupId: string, limit: Limit): Promise<SecurityGroup>;
  getPublicAddress(publicIpId: string, limit: Limit): Promise<PublicAddressResource>;
  /**
   * Lists the public IPv4 addresses of the Azure Firewalls in a subscription. An address that cannot be read is left
   * out.
   */
  listFirewallAddresses(subscriptionId: string, limit: Limit): Promise<readonly string[]>;
  /** Deletes a rule of an NSG. A rule that does not exist is not an error. Only closing uses this. */
  deleteRule(groupId: string, ruleName: string, limit: Limit): Promise<void>;
  /** Reads which addresses belong to the VNet of the subnet. A route table of the subnet can add more. */
  getVnet(subnetId: string, limit: Limit): Promise<VnetSpace>;
  /** Lists the security admin rules of a VNet, from all pages. */
  listAdminRules(vnetId: string, limit: Limit): Promise<readonly AdminRule[]>;
}

/** Creates the gateway to the network around VMs through Azure Resource Manager. */
export function createNetworkGateway(arm: Arm): NetworkGateway {
  return gatewayOf(arm, createReader(arm));
}

function gatewayOf(arm: Arm, reader: Reader): NetworkGateway {
  return {
    among: (vms) => gatewayOf(arm, readCrowd(reader, vms)),

    getVm: (vm, limit) => readVm(reader, vm, limit),

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
          const read = await Promise.all(ids.map((id) => readAddress(reader, id, limit)));
          found.push(...addresses, ...read.flatMap((address) => address ?? []));
        }
      }
      return found;
    },

    getVnet: (subnetId, limit) => reader.get(VNET_SPACE, vnetIdOf(subnetId), limit),

    async listAdminRules(vnetId, limit) {
      const found: AdminRule[] = [];
      for await (const page of listAdminRules(reader, vnetId, limit)) found.push(...page);
      return found;
    },

    deleteRule: (groupId, ruleName, limit) => deleteRule(arm, groupId, ruleName, limit),
  };
}

/** Returns the value of a public address, or `undefined` if it has none or cannot be read. */
async function readAddress(reader: Reader, id: string, limit: Limit): Promise<string | undefined> {
  try {
    return (await reader.get(PUBLIC_ADDRESS, id, limit)).ipAddress;
  } catch (error) {
    if (error instanceof CodedError) return undefined;
    throw error;
  }
}
