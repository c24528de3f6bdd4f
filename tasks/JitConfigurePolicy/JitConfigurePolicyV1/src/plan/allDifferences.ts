import { inOrder } from '../../../../shared/core/inOrder';
import type { VmDifference } from './policyPorts';
import type { PolicyRef } from '../../../../shared/core/policy';
import type { Configured } from './results';

/** What became of one VM in one policy; without a policy when none lists a VM that was to be removed. */
export interface PlacedDifference extends VmDifference {
  readonly ref: PolicyRef | undefined;
}

/** What became of every VM, in the order of the inputs, whatever policy it is in. */
export function allDifferences({
  vms,
  results,
  uncovered,
}: Pick<Configured, 'vms' | 'results' | 'uncovered'>): readonly PlacedDifference[] {
  const found = [
    ...results.flatMap(({ ref, differences }) => differences.map((difference) => ({ ...difference, ref }))),
    ...uncovered.map((vm): PlacedDifference => ({ vm, change: 'none', ports: [], ref: undefined })),
  ];
  const keys = vms.map(({ key }) => key);
  return inOrder(found, keys, ({ vm }) => vm.key);
}
