import { inOrder } from '../../../../shared/core/inOrder';
import type { VmDifference } from './policyPorts';
import type { PolicyRef } from '../../../../shared/core/policy';
import type { Configured } from './results';

/** What became of one VM in one policy; without a policy when none lists a VM that was to be removed. */
export interface PlacedDifference extends VmDifference {
  readonly ref: PolicyRef | undefined;
  /** Whether the policy has it for sure: it was not written when the step failed for it, or nobody knows. */
  readonly isSure: boolean;
}

/** What became of every VM, in the order of the inputs, whatever policy it is in. */
export function allDifferences({
  vms,
  results,
  uncovered,
}: Pick<Configured, 'vms' | 'results' | 'uncovered'>): readonly PlacedDifference[] {
  const found = [
    ...results.flatMap(({ ref, differences, failure }) =>
      differences.map((difference) => ({ ...difference, ref, isSure: failure === undefined })),
    ),
    ...uncovered.map((vm): PlacedDifference => ({
      vm,
      change: 'none',
      ports: [],
      ref: undefined,
      isSure: true,
    })),
  ];
  const keys = vms.map(({ key }) => key);
  return inOrder(found, keys, ({ vm }) => vm.key);
}
