import { endsRun, isSignInFailure } from '../../../../shared/core/codes';
import { leftOutByPolicy } from '../messages/planning';
import type { NotOpened, RequestSource, Tried, VmFindings } from '../plan/findings';
import type { OpenPortsInputs } from '../plan/inputs';
import type { VmPlan } from '../plan/plan';
import { allPlans } from './planVms';

/** Returns the plans. Throws the first failure, in the order in which a run meets failures. */
export function plansOf(
  { policyName }: OpenPortsInputs,
  all: Tried<unknown>,
  vms: readonly VmFindings[],
  leftOut: readonly NotOpened[],
): readonly VmPlan[] {
  const out = new Set(leftOut.map(({ vm }) => vm));
  const plannings = vms.filter(({ vm }) => !out.has(vm)).map(({ planning }) => planning);
  if (leftOut.length === 0) throwFirst([all]);
  throwFirst(plannings);
  const planned = plannings.flatMap((one) => (one?.kind === 'found' ? [one.value] : []));
  return allPlans(planned, policyName);
}

function throwFirst(tried: readonly (Tried<unknown> | undefined)[]): void {
  for (const one of tried) if (one?.kind === 'failed') throw one.failure;
}

/**
 * Returns the VMs to leave out: those that cannot be read, or that the policies do not allow. Returns none if the
 * failure affects the whole run, or if no VM would be left.
 */
export function findLeftOut(
  { policyName }: OpenPortsInputs,
  source: Tried<RequestSource>,
  vms: readonly VmFindings[],
): readonly NotOpened[] {
  const leftOut = vms.flatMap(({ vm, policies, place, planning }): readonly NotOpened[] => {
    const tried = [policies, place, ...(planning ? [planning] : [])];
    const [failed] = tried.flatMap((one) => (one.kind === 'failed' ? [one.failure] : []));
    const refused =
      planning?.kind === 'found' && planning.value.kind === 'refused'
        ? leftOutByPolicy(planning.value.violations, policyName)
        : undefined;
    const failure = failed ?? refused;
    return failure ? [{ vm, port: undefined, failure }] : [];
  });
  const isOfRun = ({ failure }: NotOpened): boolean => endsRun(failure) || isSignInFailure(failure);
  return source.kind === 'failed' || leftOut.length === vms.length || leftOut.some(isOfRun) ? [] : leftOut;
}
