import type { Limit } from '../../../../shared/core/limits';
import type { AdminRule, SecurityGroup } from '../../../../shared/core/network';
import { toGroupId, type VmId } from '../../../../shared/core/resourceIds';
import type { Firewall, ListedNic, ListedVm, Vnet } from '../../../../shared/core/resources';
import type { Arm } from '../../../../shared/azure/arm';
import { readCrowd } from '../../../../shared/azure/crowd';
import type { Pages } from '../../../../shared/azure/paging';
import { listAdminRules } from '../../../../shared/azure/read/adminRules';
import { FIREWALL } from '../../../../shared/azure/read/firewall';
import { LISTED_NIC } from '../../../../shared/azure/read/nic';
import { SECURITY_GROUP } from '../../../../shared/azure/read/securityGroup';
import { LISTED_VM } from '../../../../shared/azure/read/vm';
import { LISTED_VNET } from '../../../../shared/azure/read/vnet';
import { createReader, type Reader } from '../../../../shared/azure/reader';

/** Reads the network around single VMs, one resource at a time. Every method throws a `CodedError`. */
export interface Surroundings {
  /**
   * Returns a reader for one round of reads of these VMs: nothing is read twice, and what many VMs have is read from
   * lists.
   */
  among(vms: readonly VmId[]): Surroundings;
  vm(vm: VmId, limit: Limit): Promise<ListedVm>;
  nic(id: string, limit: Limit): Promise<ListedNic>;
  vnet(id: string, limit: Limit): Promise<Vnet>;
  securityGroup(id: string, limit: Limit): Promise<SecurityGroup>;
  /** Lists the security admin rules of a VNet. */
  adminRules(vnetId: string, limit: Limit): Pages<AdminRule>;
  firewalls(subscriptionId: string, limit: Limit): Pages<Firewall>;
}

/** Creates a reader for the network around single VMs that uses Azure Resource Manager. */
export const createSurroundings = (arm: Arm): Surroundings => surroundingsOf(createReader(arm));

function surroundingsOf(reader: Reader): Surroundings {
  return {
    among: (vms) => surroundingsOf(readCrowd(reader, vms)),
    vm: (vm, limit) => reader.get(LISTED_VM, vm.id, limit),
    nic: (id, limit) => reader.get(LISTED_NIC, id, limit),
    vnet: (id, limit) => reader.get(LISTED_VNET, id, limit),
    securityGroup: (id, limit) => reader.get(SECURITY_GROUP, id, limit),
    adminRules: (vnetId, limit) => listAdminRules(reader, vnetId, limit),
    firewalls: (subscriptionId, limit) => reader.list(FIREWALL, toGroupId(subscriptionId), limit),
  };
}
