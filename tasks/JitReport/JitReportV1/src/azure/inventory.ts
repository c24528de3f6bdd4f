import { toGroupId } from '../../../../shared/core/resourceIds';
import type { Inventory } from '../../../../shared/inventory';
import type { Limit } from '../../../../shared/world';
import type { Arm } from '../../../../shared/azure/arm';
import { listCalls } from './activityLog';
import { listAssessments } from './assessments';
import { FIREWALL } from '../../../../shared/azure/read/firewall';
import { LISTED_NIC } from '../../../../shared/azure/read/nic';
import { REPORTED_POLICY } from '../../../../shared/azure/read/policy';
import { PUBLIC_ADDRESS } from '../../../../shared/azure/read/publicAddress';
import { SECURITY_GROUP } from '../../../../shared/azure/read/securityGroup';
import { LISTED_VM } from '../../../../shared/azure/read/vm';
import { LISTED_VNET } from '../../../../shared/azure/read/vnet';
import { createReader, type Kind } from '../../../../shared/azure/reader';

/** What is there in a subscription, by way of Azure Resource Manager. */
export function createInventory(arm: Arm): Inventory {
  const reader = createReader(arm);
  const ofSubscription =
    <T>(kind: Kind<T>) =>
    (subscriptionId: string, limit: Limit) =>
      reader.list(kind, toGroupId(subscriptionId), limit);
  const single =
    <T>(kind: Kind<T>) =>
    (id: string, limit: Limit) =>
      reader.get(kind, id, limit);

  return {
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
    publicAddress: single(PUBLIC_ADDRESS),
    firewalls: ofSubscription(FIREWALL),
    policies: (subscriptionId, resourceGroup, limit) =>
      reader.list(REPORTED_POLICY, toGroupId(subscriptionId, resourceGroup), limit),
    assessments: (subscriptionId, limit) => listAssessments(reader, subscriptionId, limit),
    calls: (subscriptionId, from, to, limit) => listCalls(reader, subscriptionId, from, to, limit),
  };
}
