import { toGroupId, type VmId } from '../../../../shared/core/resourceIds';
import type { Limit } from '../../../../shared/core/limits';
import type { Arm } from '../../../../shared/azure/arm';
import { readCrowd } from '../../../../shared/azure/crowd';
import { listCalls } from './activityLog';
import { listAssessments } from './assessments';
import { listAdminRules } from '../../../../shared/azure/read/adminRules';
import { FIREWALL } from '../../../../shared/azure/read/firewall';
import { LISTED_NIC } from '../../../../shared/azure/read/nic';
import { REPORTED_POLICY } from '../../../../shared/azure/read/policy';
import { PUBLIC_ADDRESS } from '../../../../shared/azure/read/publicAddress';
import { SECURITY_GROUP } from '../../../../shared/azure/read/securityGroup';
import { LISTED_VM } from '../../../../shared/azure/read/vm';
import { LISTED_VNET } from '../../../../shared/azure/read/vnet';
import { createReader, type Kind, type Reader } from '../../../../shared/azure/reader';
import type { Pages } from '../../../../shared/azure/paging';
import type { AdminRule, SecurityGroup } from '../../../../shared/core/network';
import type { ListedPolicy } from '../../../../shared/core/policy';
import type {
  ListedVm,
  ListedNic,
  Vnet,
  PublicAddressResource,
  Firewall,
} from '../../../../shared/core/resources';
import type { ListedAssessment, LoggedEntry } from '../model/records';

/**
 * Reads the VMs of a scope, their network, and their policies: whole lists, page by page. Every method throws a
 * `CodedError`, at the first page or at a later one; for a missing right, a `ForbiddenError`. If an item of a list
 * cannot be interpreted, the list returns all other items before it throws.
 */
export interface Inventory {
  /**
   * Returns an inventory for one round of reads of these VMs: no resource is read twice, and what many VMs have is read
   * from lists.
   */
  among(vms: readonly VmId[]): Inventory;
  /** `resourceGroup`: limits the list to this group. */
  vms(subscriptionId: string, resourceGroup: string | undefined, limit: Limit): Pages<ListedVm>;
  vm(vm: VmId, limit: Limit): Promise<ListedVm>;
  nics(subscriptionId: string, limit: Limit): Pages<ListedNic>;
  nic(id: string, limit: Limit): Promise<ListedNic>;
  securityGroups(subscriptionId: string, limit: Limit): Pages<SecurityGroup>;
  securityGroup(id: string, limit: Limit): Promise<SecurityGroup>;
  vnets(subscriptionId: string, limit: Limit): Pages<Vnet>;
  vnet(id: string, limit: Limit): Promise<Vnet>;
  /** Lists the security admin rules of a VNet. */
  adminRules(vnetId: string, limit: Limit): Pages<AdminRule>;
  publicAddress(id: string, limit: Limit): Promise<PublicAddressResource>;
  firewalls(subscriptionId: string, limit: Limit): Pages<Firewall>;
  policies(subscriptionId: string, resourceGroup: string, limit: Limit): Pages<ListedPolicy>;
  assessments(subscriptionId: string, limit: Limit): Pages<ListedAssessment>;
  /** Lists calls that request access. `from` and `to` are milliseconds since 1970. A call can have several entries. */
  calls(subscriptionId: string, from: number, to: number, limit: Limit): Pages<LoggedEntry>;
  /** Azure's clock in milliseconds since 1970, from the last response. */
  readonly azureNow: () => number;
}

/** Creates an inventory that uses Azure Resource Manager. */
export const createInventory = (arm: Arm): Inventory => inventoryOf(arm, createReader(arm));

function inventoryOf(arm: Arm, reader: Reader): Inventory {
  const ofSubscription =
    <T>(kind: Kind<T>) =>
    (subscriptionId: string, limit: Limit) =>
      reader.list(kind, toGroupId(subscriptionId), limit);
  const single =
    <T>(kind: Kind<T>) =>
    (id: string, limit: Limit) =>
      reader.get(kind, id, limit);

  return {
    among: (vms) => inventoryOf(arm, readCrowd(reader, vms)),
    azureNow: arm.azureNow,
    vms: (subscriptionId, resourceGroup, limit) =>
      reader.list(LISTED_VM, toGroupId(subscriptionId, resourceGroup), limit),
    vm: (vm, limit) => reader.get(LISTED_VM, vm.id, limit),
    nics: ofSubscription(LISTED_NIC),
    nic: single(LISTED_NIC),
    securityGroups: ofSubscription(SECURITY_GROUP),
    securityGroup: single(SECURITY_GROUP),
    vnets: ofSubscription(LISTED_VNET),
    vnet: single(LISTED_VNET),
    adminRules: (vnetId, limit) => listAdminRules(reader, vnetId, limit),
    publicAddress: single(PUBLIC_ADDRESS),
    firewalls: ofSubscription(FIREWALL),
    policies: (subscriptionId, resourceGroup, limit) =>
      reader.list(REPORTED_POLICY, toGroupId(subscriptionId, resourceGroup), limit),
    assessments: (subscriptionId, limit) => listAssessments(reader, subscriptionId, limit),
    calls: (subscriptionId, from, to, limit) => listCalls(reader, subscriptionId, from, to, limit),
  };
}
