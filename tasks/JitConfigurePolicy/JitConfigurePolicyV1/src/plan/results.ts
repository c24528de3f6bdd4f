import type { CheckList } from '../../../../shared/core/checks';
import type { CodedError } from '../../../../shared/core/errors';
import type { PolicyRef } from '../../../../shared/core/policy';
import type { VmId } from '../../../../shared/core/resourceIds';
import type { VmDifference } from './policyPorts';

/** One policy after the run. */
export interface PolicyResult {
  readonly ref: PolicyRef;
  /** It was written or deleted, or may have been: Azure did not answer. */
  readonly changed: boolean;
  readonly differences: readonly VmDifference[];
  /** Of a policy that was not brought to what is wanted, or is not in place. What is changed is changed all the same. */
  readonly failure?: CodedError;
}

/** What a run came to. It failed when there is an error; what is changed is changed all the same. */
export interface Configured {
  /** In the order of the inputs. */
  readonly vms: readonly VmId[];
  readonly results: readonly PolicyResult[];
  /** VMs to be removed that no policy lists, or not the named one. */
  readonly uncovered: readonly VmId[];
  readonly failures: readonly CodedError[];
  /** Of a dry run: whether the rights to write are there. */
  readonly checks: CheckList;
}
