import type { PolicyRef, StoredPolicy } from '../../../../shared/core/policy';
import type { VmId } from '../../../../shared/core/resourceIds';
import type { WantedPolicy } from './policyChange';

/** A policy that concerns the run, as it was found, and what is wanted of it. */
export interface Target {
  readonly ref: PolicyRef;
  /** Absent when the policy is not there yet. */
  readonly stored: StoredPolicy | undefined;
  readonly wanted: WantedPolicy;
}

export interface Targets {
  readonly targets: readonly Target[];
  /** VMs to be removed that no policy lists, or not the named one. */
  readonly uncovered: readonly VmId[];
  /** Keys of VMs that another policy lists too, which this run does not change. */
  readonly elsewhere: ReadonlySet<string>;
}
