import type { Prefix } from '../../../../shared/core/prefixes';
import type { Policy, PolicyVm, PortRule } from '../../../../shared/core/policy';
import {
  isActive,
  isOneOf,
  requestsForPort,
  type OwnPort,
  type PortRequest,
} from '../../../../shared/core/requests';
import { sameId, type VmId } from '../../../../shared/core/resourceIds';
import { checkRule, rulesOf, type Violation, type WantedAccess } from './checkPort';
import { isEnough, toPlannedPort, withOthers, type PlannedPort } from './plannedPort';
import { heldByOthers } from './sharing';

/** An active request that already gives what is wanted. */
export interface Reuse extends PortRequest {
  readonly rule: PortRule;
  /** What this run needs of it, and until when in milliseconds since 1970 on Azure's clock. */
  readonly own: readonly Prefix[];
  readonly ownEndsAt: number;
}

/** What to do for one VM. */
export interface VmPlan {
  readonly policy: Policy;
  /** The VM as it was wanted. `vm` is the VM as the policy lists it. */
  readonly wanted: VmId;
  readonly vm: PolicyVm;
  readonly toRequest: readonly PlannedPort[];
  readonly reuse: readonly Reuse[];
  /** Other runs' active requests for the same ports, under any policy of the VM. */
  readonly concurrent: readonly PortRequest[];
}

/** A plan, or all violations that prevent it. */
export type Planning = (
  | { readonly kind: 'planned'; readonly plan: VmPlan }
  | { readonly kind: 'refused'; readonly violations: readonly Violation[] }
) & {
  /** The entry of the policy by which each wanted port was checked, if the policy has one. */
  readonly rules: readonly PortRule[];
};

/**
 * Plans the access to one VM: what to request, what to reuse, or the violations. If several policies list the VM, uses
 * the first one that allows everything that is wanted, or another one under which active requests give all of it.
 *
 * @param policies all policies of the VM's resource group, or the one that the user named
 * @param azureNow milliseconds since 1970 on Azure's clock
 * @param others the other policies of the resource group, under which nothing is requested
 */
export function planVm(
  vm: VmId,
  policies: readonly Policy[],
  wanted: WantedAccess,
  azureNow: number,
  others: readonly Policy[] = [],
): Planning {
  const covering = policies.flatMap((policy) => {
    const entry = entryOf(policy, vm);
    return entry ? [{ policy, entry }] : [];
  });
  if (covering.length === 0) {
    return refused([{ kind: 'noPolicy', vm, policies: policies.map(({ name }) => name) }], []);
  }
  const ofVm = others.filter((policy) => entryOf(policy, vm) !== undefined);
  const all = [...new Set([...covering.map(({ policy }) => policy), ...ofVm])];
  const plans = covering.map(({ policy, entry }) => planUnder(policy, entry, vm, wanted, azureNow, all));
  const refusals = plans.flatMap((plan) => (plan.kind === 'refused' ? [plan] : []));
  // The policy with the fewest violations is the most informative.
  const [nearest] = refusals.sort((a, b) => a.violations.length - b.violations.length);
  const [first, ...more] = plans.flatMap((plan) => (plan.kind === 'planned' ? [plan] : []));
  if (!first) return nearest ?? refused([], []);
  const isGiven = ({ plan }: typeof first) => givesAll(plan, first.plan, wanted.earlier ?? [], azureNow);
  return first.plan.toRequest.length === 0 ? first : (more.find(isGiven) ?? first);
}

/** Returns the entry of a VM. A VM that a policy lists more than once has the ports of all its entries. */
export function entryOf({ vms }: Policy, { key }: Pick<VmId, 'key'>): PolicyVm | undefined {
  const [first, ...more] = vms.filter((entry) => sameId(entry.vm.key, key));
  if (!first || more.length === 0) return first;
  const publicIpAddress = [first, ...more].find((entry) => entry.publicIpAddress)?.publicIpAddress;
  const ports = [first, ...more].flatMap((entry) => entry.ports);
  return { vm: first.vm, ports, ...(publicIpAddress && { publicIpAddress }) };
}

/** Whether the active requests that one plan reuses give all ports of another plan, and no others. */
function givesAll(
  { toRequest, reuse }: VmPlan,
  wanted: VmPlan,
  earlier: readonly OwnPort[],
  azureNow: number,
): boolean {
  const ports = [...wanted.toRequest, ...wanted.reuse];
  const isGiven = ({ rule, own, ownEndsAt }: PlannedPort | Reuse) =>
    reuse.some(
      (one) =>
        one.rule.port === rule.port && isEnough(one, { sources: own, endsAt: ownEndsAt }, earlier, azureNow),
    );
  return toRequest.length === 0 && reuse.length === ports.length && ports.every(isGiven);
}

const refused = (violations: readonly Violation[], rules: readonly PortRule[]): Planning => ({
  kind: 'refused',
  violations,
  rules,
});

function planUnder(
  policy: Policy,
  entry: PolicyVm,
  vm: VmId,
  wanted: WantedAccess,
  azureNow: number,
  all: readonly Policy[],
): Planning {
  const violations: Violation[] = [];
  const judgedBy: PortRule[] = [];
  const toRequest: PlannedPort[] = [];
  const reuse: Reuse[] = [];
  const concurrent: PortRequest[] = [];
  const allowed = [...new Set(entry.ports.map(({ port }) => port))];
  const numbers = wanted.ports === 'all' ? allowed : wanted.ports;
  if (numbers.length === 0) {
    violations.push({ kind: 'portNotAllowed', vm, policy, port: undefined, allowed: [] });
  }
  const earlier = wanted.earlier ?? [];
  for (const number of numbers) {
    const rules = rulesOf(entry, number).map((rule) => ({
      rule,
      against: checkRule(rule, vm, policy, wanted),
    }));
    const { rule, against } = rules.find((one) => one.against.length === 0) ?? rules[0] ?? {};
    if (!rule || !against) {
      violations.push({ kind: 'portNotAllowed', vm, policy, port: number, allowed });
      continue;
    }
    judgedBy.push(rule);
    violations.push(...against);
    if (against.length > 0) continue;
    const alone = toPlannedPort(rule, wanted, azureNow);
    const activeUnder = (one: Policy) =>
      requestsForPort(one, vm, rule.port).filter(({ port }) => isActive(port, azureNow));
    const covering = activeUnder(policy).find((request) => isEnough(request, alone, earlier, azureNow));
    const active = all.flatMap(activeUnder);
    concurrent.push(...active.filter((one) => one.port !== covering?.port && !isOneOf(earlier, one)));
    if (covering) {
      const own = alone.own ?? covering.port.sources;
      reuse.push({ rule, own, ownEndsAt: alone.endsAt, ...covering });
    } else if (wanted.share) {
      toRequest.push(withOthers(alone, heldByOthers(policy, vm, rule.port, earlier, azureNow), azureNow));
    } else toRequest.push(alone);
  }
  if (violations.length > 0) return refused(violations, judgedBy);
  const plan = { policy, wanted: vm, vm: entry, toRequest, reuse, concurrent };
  return { kind: 'planned', plan, rules: judgedBy };
}
