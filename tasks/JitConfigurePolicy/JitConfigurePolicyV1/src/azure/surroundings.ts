import { toGroupId } from '../../../../shared/core/resourceIds';
import type { Surroundings } from '../../../../shared/inventory';
import type { Arm } from '../../../../shared/azure/arm';
import { FIREWALL } from '../../../../shared/azure/read/firewall';
import { LISTED_NIC } from '../../../../shared/azure/read/nic';
import { SECURITY_GROUP } from '../../../../shared/azure/read/securityGroup';
import { LISTED_VM } from '../../../../shared/azure/read/vm';
import { LISTED_VNET } from '../../../../shared/azure/read/vnet';
import { createReader } from '../../../../shared/azure/reader';

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
