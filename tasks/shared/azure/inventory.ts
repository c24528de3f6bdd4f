import { toGroupId } from '../domain/resourceIds';
import type { Inventory } from '../inventory';
import type { Limit } from '../world';
import type { Arm } from './arm';
import { listCalls } from './read/activityLog';
import { listAssessments } from './read/assessments';
import { FIREWALL } from './read/firewall';
import { LISTED_NIC } from './read/nic';
import { REPORTED_POLICY } from './read/policy';
import { PUBLIC_ADDRESS } from './read/publicAddress';
import { SECURITY_GROUP } from './read/securityGroup';
import { LISTED_VM } from './read/vm';
import { LISTED_VNET } from './read/vnet';
import { createReader, type Kind } from './reader';

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
