import { isIpv4, type Prefix } from '../../../../shared/core/prefixes';
import type { Policy, PolicyVm, PortRule } from '../../../../shared/core/policy';
import {
  isActive,
  isOneOf,
  requestsForPort,
  type OwnPort,
  type PortRequest,
} from '../../../../shared/core/requests';
import { sameId, type VmId } from '../../../../shared/core/resourceIds';
import { heldByOthers, join, type CutOff, type Held, type OtherSources } from './sharing';
import {
  coverEverything,
  createPrefixCover,
  prefixesCover,
  requestedAs,
} from '../../../../shared/core/sources';

/** The access that is wanted, which is the same for every VM. */
export interface WantedAccess {
  readonly ports: 'all' | readonly number[];
  /** In milliseconds, or the policy's maximum for each port. */
  readonly durationMs: number | 'max';
  /** The prefixes to request. `azure`: the address that Azure sees. `policy`: exactly what the policy allows. */
  readonly source: readonly Prefix[] | 'azure' | 'policy';
  /** Whether to also request the sources of other runs' active requests, so that neither run cuts off the other. */
  readonly share: boolean;
  /** What this step requested before: any source that Azure chose for it is this agent's. */
  readonly earlier?: readonly OwnPort[] | undefined;
}

/** A port to request. Without sources, Azure uses the address that it sees. */
export interface PlannedPort {
  readonly rule: PortRule;
  /**
   * What this run needs, and until when. `sources` and `endsAt` are what is requested, including what other runs hold.
   */
  readonly own: readonly Prefix[] | undefined;
  /** In milliseconds since 1970 on Azure's clock, like `endsAt`. */
  readonly ownEndsAt: number;
  readonly sources: readonly Prefix[] | undefined;
  readonly endsAt: number;
  /** The part of the sources that is requested on behalf of other runs. */
  readonly others: OtherSources | undefined;
  /** Sources of other runs that are left out because the policy does not allow them. */
  readonly leftOut: readonly Prefix[];
  /** Other runs that the request might cut off although the port is shared. */
  readonly cutOff: readonly CutOff[];
}

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

/** Why the policy does not allow what is wanted, with what it does allow. */
export type Violation =
  | { readonly kind: 'noPolicy'; readonly vm: VmId; readonly policies: readonly string[] }
  | {
      readonly kind: 'portNotAllowed';
      readonly vm: VmId;
      readonly policy: Policy;
      /** Absent if every port was wanted and there is none. */
      readonly port: number | undefined;
      readonly allowed: readonly number[];
    }
  | {
      readonly kind: 'tooLong';
      readonly vm: VmId;
      readonly policy: Policy;
      readonly rule: PortRule;
      readonly durationMs: number;
    }
  | {
      readonly kind: 'sourceNotAllowed';
      readonly vm: VmId;
      readonly policy: Policy;
      readonly rule: PortRule;
      readonly sources: readonly Prefix[];
    }
  /** The policy's own entry of the VM, or of one of its ports, cannot be interpreted. */
  | {
      readonly kind: 'oddEntry';
      readonly vm: VmId;
      readonly policy: Policy;
      /** Absent if it affects the whole VM, or if the entry names no port. */
      readonly port: number | undefined;
      readonly problem: string;
    }
  /** The policy allows any address, which must be requested explicitly. */
  | {
      readonly kind: 'anySourceNotWritten';
      readonly vm: VmId;
      readonly policy: Policy;
      readonly rule: PortRule;
    };

/** A plan, or all violations that prevent it. */
export type Planning = (
  | { readonly kind: 'planned'; readonly plan: VmPlan }
  | { readonly kind: 'refused'; readonly violations: readonly Violation[] }
) & {
  /** The entry of the policy by which each wanted port was checked, if the policy has one. */
  readonly rules: readonly PortRule[];
};

/**
 * The maximum is requested two seconds short: the end is calculated from the `Date` of Azure's front end, and the
 * service that compares it runs on another clock.
 */
const MAXIMUM_MARGIN_MS = 2000;
/** An active request is reused if this share of the wanted time is left. */
const ENOUGH = 0.9;

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
  const covering = policies.flatMap((policy) => entriesOf(policy, vm).map((entry) => ({ policy, entry })));
  if (covering.length === 0) {
    return refused([{ kind: 'noPolicy', vm, policies: policies.map(({ name }) => name) }], []);
  }
  const ofVm = others.filter((policy) => entriesOf(policy, vm).length > 0);
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

const entriesOf = ({ vms }: Policy, { key }: VmId): readonly PolicyVm[] =>
  vms.filter((entry) => sameId(entry.vm.key, key));

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

/**
 * Returns the entries of a port by which a request is checked. A request has no protocol, so entries with the same
 * number belong together: those for TCP decide, with the longest maximum first, and those for UDP only if there is no
 * other entry.
 */
export function rulesOf({ ports }: PolicyVm, number: number): readonly PortRule[] {
  const entries = ports
    .filter(({ port }) => port === number)
    .toSorted((one, other) => other.maxDurationMs - one.maxDurationMs);
  const tcp = entries.filter(({ protocol }) => protocol !== 'UDP');
  return tcp.length > 0 ? tcp : entries;
}

function checkRule(rule: PortRule, vm: VmId, policy: Policy, wanted: WantedAccess): readonly Violation[] {
  const against: Violation[] = [];
  if (wanted.durationMs !== 'max' && wanted.durationMs > rule.maxDurationMs) {
    against.push({ kind: 'tooLong', vm, policy, rule, durationMs: wanted.durationMs });
  }
  if (wanted.source === 'policy') {
    if (!rule.sources.some(isIpv4)) {
      against.push({ kind: 'sourceNotAllowed', vm, policy, rule, sources: rule.sources });
    } else if (coverEverything(rule.sources)) {
      against.push({ kind: 'anySourceNotWritten', vm, policy, rule });
    }
  } else if (wanted.source !== 'azure' && !prefixesCover(rule.sources, wanted.source)) {
    const isAllowed = createPrefixCover(rule.sources);
    const sources = wanted.source.filter((source) => !isAllowed(source));
    against.push({ kind: 'sourceNotAllowed', vm, policy, rule, sources });
  }
  return against;
}

function toPlannedPort(rule: PortRule, wanted: WantedAccess, azureNow: number): PlannedPort {
  const { source } = wanted;
  const durationMs = wanted.durationMs === 'max' ? rule.maxDurationMs : wanted.durationMs;
  const own =
    source === 'policy'
      ? rule.sources.filter(isIpv4)
      : source === 'azure'
        ? undefined
        : requestedAs(source, rule.sources);
  const endsAt = Math.min(azureNow + durationMs, latestEnd(rule, azureNow));
  return {
    ...{ rule, own, ownEndsAt: endsAt, sources: own, endsAt },
    ...{ others: undefined, leftOut: [], cutOff: [] },
  };
}

/** Whether an active request gives everything that is wanted, for long enough. */
function isEnough(
  request: PortRequest,
  { sources, endsAt }: Pick<PlannedPort, 'sources' | 'endsAt'>,
  earlier: readonly OwnPort[],
  azureNow: number,
): boolean {
  const { port } = request;
  if (port.endsAt < azureNow + (endsAt - azureNow) * ENOUGH) return false;
  // Which address Azure will see is unknown. Which address it saw for this same step is known.
  return sources ? prefixesCover(port.sources, sources) : isOneOf(earlier, request);
}

/** Returns the latest end that a policy allows for a request at this time, in milliseconds since 1970. */
export const latestEnd = ({ maxDurationMs }: PortRule, azureNow: number): number =>
  azureNow + maxDurationMs - MAXIMUM_MARGIN_MS;

/** Adds what other runs hold. */
function withOthers(alone: PlannedPort, held: readonly Held[], azureNow: number): PlannedPort {
  const { own, endsAt, rule } = alone;
  // If Azure uses the address that it sees, it adds no other source.
  const joint = own && join({ sources: own, endsAt }, held, rule, latestEnd(rule, azureNow));
  return joint ? { ...alone, ...joint } : alone;
}
