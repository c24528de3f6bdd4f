import { groupBy } from '../../../../shared/core/groupBy';
import type { VmId } from '../../../../shared/core/resourceIds';

/** The names that a VM can have in an inventory, from the shortest one to the one that no other VM has. */
const FORMS: readonly ((vm: VmId) => string)[] = [
  ({ name }) => name,
  ({ resourceGroup, name }) => `${resourceGroup}.${name}`,
  ({ subscriptionId, resourceGroup, name }) => `${subscriptionId}.${resourceGroup}.${name}`,
  // The names of groups and VMs can contain dots.
  ({ id }) => id,
];

/**
 * Returns a name for each VM, by its key: the shortest form that no other VM has, regardless of case. VMs that share a
 * name all get a longer one, which can again be the name of another VM.
 */
export function toHostNames(vms: readonly VmId[]): ReadonlyMap<string, string> {
  const forms = new Map(vms.map(({ key }) => [key, 0]));
  const nameOf = (vm: VmId): string => FORMS[forms.get(vm.key) ?? 0]?.(vm) ?? vm.id;
  for (let isUnique = false; !isUnique;) {
    isUnique = true;
    for (const alike of groupBy(vms, (vm) => nameOf(vm).toLowerCase()).values()) {
      if (alike.length === 1) continue;
      isUnique = false;
      for (const { key } of alike) forms.set(key, (forms.get(key) ?? 0) + 1);
    }
  }
  return new Map(vms.map((vm) => [vm.key, nameOf(vm)]));
}
