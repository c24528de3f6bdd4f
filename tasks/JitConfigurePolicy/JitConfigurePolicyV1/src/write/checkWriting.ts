import { entriesOf, type PolicyChange } from '../plan/policyChange';
import { groupIdOf, parseResourceId } from '../../../../shared/core/resourceIds';
import { withLimit } from '../../../../shared/core/limits';
import type { CheckList } from '../../../../shared/core/checks';
import type { NeededRight } from '../../../../shared/core/rights';
import { checkRights, rightChecks } from '../../../../shared/task/rights';
import type { ConfigureContext } from '../context';
import type { Target } from '../plan/target';

/** How long checking rights can take, in milliseconds: a minute. */
const CHECK_MS = 60_000;

/** The planned change of one policy. */
export interface PlannedChange {
  readonly target: Target;
  readonly change: PolicyChange;
}

/** Checks whether Azure allows writing the changes. If nothing is to be written, no right is needed. */
export async function checkWriting(
  { rights, clock, signal }: ConfigureContext,
  planned: readonly PlannedChange[],
): Promise<CheckList> {
  const needed = planned.flatMap(neededRights);
  const checked = await withLimit(clock, signal, CHECK_MS, (limit) => checkRights(rights, needed, limit));
  return rightChecks(checked);
}

const WRITE = 'Microsoft.Security/locations/jitNetworkAccessPolicies/write';
const DELETE = 'Microsoft.Security/locations/jitNetworkAccessPolicies/delete';
const VM_WRITE = 'Microsoft.Compute/virtualMachines/write';

function neededRights({ target: { ref, stored }, change }: PlannedChange): readonly NeededRight[] {
  if (change.kind === 'none') return [];
  if (change.kind === 'delete') return [{ action: DELETE, scope: ref.id, purpose: 'deletePolicy' }];
  // A policy that does not exist yet has no rights of its own.
  const scope = stored ? ref.id : groupIdOf(ref.id);
  return [
    { action: WRITE, scope, purpose: 'writePolicy' },
    // The other VMs of the policy are written with it.
    ...entriesOf(change.body).flatMap(({ id }): readonly NeededRight[] =>
      // An entry without an ID for which rights can be checked is nevertheless written back.
      typeof id === 'string' && parseResourceId(id)
        ? [{ action: VM_WRITE, scope: id, purpose: 'writePolicyForVm' }]
        : [],
    ),
  ];
}
