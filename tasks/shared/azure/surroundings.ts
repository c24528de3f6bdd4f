import { toGroupId } from '../domain/resourceIds';
import type { Surroundings } from '../inventory';
import type { Arm } from './arm';
import { FIREWALL } from './read/firewall';
import { LISTED_NIC } from './read/nic';
import { SECURITY_GROUP } from './read/securityGroup';
import { LISTED_VM } from './read/vm';
import { LISTED_VNET } from './read/vnet';
import { createReader } from './reader';

/** What stands around single VMs, by way of Azure Resource Manager. */
export function createSurroundings(arm: Arm): Surroundings {
  const reader = createReader(arm);
  return {
    vm: (vm, limit) => reader.get(LISTED_VM, vm.id, limit),
    nic: (id, limit) => reader.get(LISTED_NIC, id, limit),
    vnet: (id, limit) => reader.get(LISTED_VNET, id, limit),
    securityGroup: (id, limit) => reader.get(SECURITY_GROUP, id, limit),
    firewalls: (subscriptionId, limit) => reader.list(FIREWALL, toGroupId(subscriptionId), limit),
  };
}
