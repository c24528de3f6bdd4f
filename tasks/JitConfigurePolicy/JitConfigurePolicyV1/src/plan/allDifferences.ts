import { inOrder } from '../../../../shared/core/inOrder';
import type { VmDifference } from './policyPorts';
import type { PolicyRef } from '../../../../shared/core/policy';
import type { Configured } from './results';

/** The difference of one VM in one policy. The policy is absent if none lists a VM that was to be removed. */
export interface PlacedDifference extends VmDifference {
  readonly ref: PolicyRef | undefined;
  /**
   * Whether the policy certainly has this change. False if the step failed for the policy: the policy was not written,
   * or its state is unknown.
   */
  readonly isSure: boolean;
}

/** Returns the difference of every VM, in the order of the inputs, regardless of its policy. */
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
