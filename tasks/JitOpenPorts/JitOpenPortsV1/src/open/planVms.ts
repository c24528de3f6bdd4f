import { planVm, type Planning, type VmPlan } from '../plan/plan';
import type { PlannedPort } from '../plan/plannedPort';
import { isAny } from '../../../../shared/core/prefixes';
import type { Policy } from '../../../../shared/core/policy';
import type { OwnPort } from '../../../../shared/core/requests';
import { createPrefixCover } from '../../../../shared/core/sources';
import { warnFirst } from '../../../../shared/core/crowd';
import { mayConcern, oddEntriesOf, type FoundOdd } from '../../../../shared/core/oddEntries';
import { explainByOddEntries } from '../plan/oddPlans';
import { sameId, type VmId } from '../../../../shared/core/resourceIds';
import { moreOddEntries, oddEntriesOfOthers, oddEntry } from '../../../../shared/messages/oddEntries';
import { policyNameUnknown } from '../../../../shared/messages/failures';
import { mayCutOff } from '../messages/requesting';
import { refusedByPolicy } from '../messages/planning';
import * as say from '../messages/opening';
import type { Log } from '../../../../shared/core/log';
import type { OpenPortsInputs } from '../plan/inputs';
import type { RequestSource } from '../plan/findings';

/** What a plan is made from, in addition to the policies. */
export interface PlanParts {
  readonly inputs: OpenPortsInputs;
  readonly source: RequestSource;
  /** What earlier attempts of this step requested. */
  readonly own: readonly OwnPort[];
  /** Milliseconds since 1970 on Azure's clock. */
  readonly azureNow: number;
}

/**
 * Returns a plan for one VM, or its violations. Throws JIT406 if the named policy does not exist.
 *
 * @param policies all policies of the VM's resource group
 */
export function planOne(
  { inputs, source, own, azureNow }: PlanParts,
  vm: VmId,
  policies: readonly Policy[],
): Planning {
  const { ports, durationMs, share, policyName } = inputs;
  const names = policies.map(({ name }) => name).filter(Boolean);
  const usable = policyName
    ? policies.filter(({ name }) => name.toLowerCase() === policyName.toLowerCase())
    : policies;
  if (policyName && usable.length === 0) throw policyNameUnknown(policyName, vm.resourceGroup, names);
  const others = policies.filter((policy) => !usable.includes(policy));
  const planning = planVm(vm, usable, { ports, durationMs, source, share, earlier: own }, azureNow, others);
  return explainByOddEntries(planning, vm, usable, ports);
}

/** Reports the entries of the policies that cannot be interpreted, with a warning if they might affect this run. */
export function warnOfOddEntries(
  { vms, ports, policyName }: OpenPortsInputs,
  log: Log,
  lists: readonly (readonly Policy[])[],
  azureNow: number,
): void {
  const policies = [...new Set(lists.flat())];
  const [own, others]: [FoundOdd[], FoundOdd[]] = [[], []];
  for (const found of oddEntriesOf(policies)) {
    const { entry, policy } = found;
    // A request can hold a port under any policy. Other entries matter only in a policy that this run can use.
    const usable = entry.part === 'request' || !policyName || sameId(policy.name, policyName);
    (usable && mayConcern(entry, vms, ports, azureNow) ? own : others).push(found);
  }
  warnFirst(log, own.map(oddEntry), moreOddEntries);
  if (others.length > 0) log.line(oddEntriesOfOthers(others));
}

/** Returns the plans if there is no violation, and otherwise throws one failure with all violations. */
export function allPlans(plannings: readonly Planning[], policyName: string): readonly VmPlan[] {
  const violations = plannings.flatMap((planning) =>
    planning.kind === 'refused' ? planning.violations : [],
  );
  if (violations.length > 0) throw refusedByPolicy(violations, policyName);
  return plannings.flatMap((planning) => (planning.kind === 'planned' ? [planning.plan] : []));
}

/** Logs what the policies allow, and the active requests of other runs. */
export function logPlans(
  { share }: OpenPortsInputs,
  log: Log,
  source: RequestSource,
  plans: readonly VmPlan[],
): void {
  if (source !== 'azure' && source !== 'policy' && source.some(isAny)) {
    log.warning(say.openToAnyone(plans.map(({ wanted }) => wanted)));
  }
  log.group('What the policies allow');
  for (const plan of plans) log.line(say.coveredBy(plan));
  log.endGroup();
  for (const { concurrent, toRequest } of plans) {
    for (const other of concurrent) log.line(say.concurrentRequest(other));
    for (const planned of toRequest) logSharing(log, planned);
  }
  const concurrent = plans.some((plan) => plan.concurrent.length > 0 && plan.toRequest.length > 0);
  if (share && source === 'azure' && concurrent) log.warning(say.notSharing());
}

/** Logs what is requested on behalf of other runs, and which of them the request might still cut off. */
export function logSharing(log: Log, planned: PlannedPort): void {
  const { own, others, leftOut, cutOff } = planned;
  const isOwn = createPrefixCover(own ?? []);
  const more = others?.sources.filter((source) => !isOwn(source)) ?? [];
  if (more.length > 0) log.line(say.sharing(more, planned.endsAt));
  if (leftOut.length > 0) log.warning(say.leftOut(leftOut));
  for (const one of cutOff) log.warning(mayCutOff(one));
}
