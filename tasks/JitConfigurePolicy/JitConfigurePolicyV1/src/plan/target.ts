import type { PolicyRef, PortRule, StoredPolicy } from '../../../../shared/core/policy';
import type { VmId } from '../../../../shared/core/resourceIds';
import type { WantedPolicy } from './policyChange';

/** A policy of the run: its state when it was read, and what it must become. */
export interface Target {
  readonly ref: PolicyRef;
  /** Absent if the policy does not exist yet. */
  readonly stored: StoredPolicy | undefined;
  readonly wanted: WantedPolicy;
}

/** A VM of the run, and a policy that lists it but that the run does not change for it. */
export interface OtherListing {
  readonly vm: VmId;
  readonly ref: PolicyRef;
  readonly ports: readonly PortRule[];
}

export interface Targets {
  readonly targets: readonly Target[];
  /** VMs to remove that no policy lists, or that the named policy does not list. */
  readonly uncovered: readonly VmId[];
  readonly elsewhere: readonly OtherListing[];
}
