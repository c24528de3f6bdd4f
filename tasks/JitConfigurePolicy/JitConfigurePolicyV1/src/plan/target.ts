import type { PolicyRef, PortRule, StoredPolicy } from '../../../../shared/core/policy';
import type { VmId } from '../../../../shared/core/resourceIds';
import type { WantedPolicy } from './policyChange';

/** A policy that concerns the run, as it was found, and what is wanted of it. */
export interface Target {
  readonly ref: PolicyRef;
  /** Absent when the policy is not there yet. */
  readonly stored: StoredPolicy | undefined;
  readonly wanted: WantedPolicy;
}

/** A VM of the run in a policy that the run does not change for it. */
export interface OtherListing {
  readonly vm: VmId;
  readonly ref: PolicyRef;
  readonly ports: readonly PortRule[];
}

export interface Targets {
  readonly targets: readonly Target[];
  /** VMs to be removed that no policy lists, or not the named one. */
  readonly uncovered: readonly VmId[];
  readonly elsewhere: readonly OtherListing[];
}
