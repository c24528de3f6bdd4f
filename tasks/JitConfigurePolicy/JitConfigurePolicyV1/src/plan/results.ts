import type { CheckList } from '../../../../shared/core/checks';
import type { CodedError } from '../../../../shared/core/errors';
import type { PolicyRef } from '../../../../shared/core/policy';
import type { VmId } from '../../../../shared/core/resourceIds';
import type { VmDifference } from './policyPorts';

/** The result of a run for one policy. */
export interface PolicyResult {
  readonly ref: PolicyRef;
  /** Whether the policy was written or deleted, or might have been because Azure did not respond. */
  readonly changed: boolean;
  readonly differences: readonly VmDifference[];
  /** Set if the policy does not have the requested content or is not in place. Changes that were made remain. */
  readonly failure?: CodedError;
}

/** The result of a run. The run failed if `failures` is not empty. Changes that were made remain. */
export interface Configured {
  /** In the order of the inputs. */
  readonly vms: readonly VmId[];
  readonly results: readonly PolicyResult[];
  /** VMs to remove that no policy lists, or that the named policy does not list. */
  readonly uncovered: readonly VmId[];
  readonly failures: readonly CodedError[];
  /** The checks of a dry run: whether the identity has the rights to write. */
  readonly checks: CheckList;
}
