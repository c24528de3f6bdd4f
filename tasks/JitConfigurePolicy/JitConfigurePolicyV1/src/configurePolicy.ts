import {
  appends,
  changePolicy,
  disturbedRequests,
  entriesOf,
  keyOf,
  type PolicyChange,
} from './plan/policyChange';
import type { VmDifference } from './plan/policyPorts';
import { itemsIn } from '../../../shared/core/json';
import { mayConcern, oddEntriesOf } from '../../../shared/core/oddEntries';
import type { Policy, PolicyRef } from '../../../shared/core/policy';
import type { VmId } from '../../../shared/core/resourceIds';
import type { CodedError } from '../../../shared/core/errors';
import type { Surroundings } from './azure/surroundings';
import { withLimit, type Limit, type Clock } from '../../../shared/core/limits';
import { oddEntriesWrittenBack, oddRequestDisturbed } from '../../../shared/messages/oddEntries';
import * as say from './messages/policies';
import type { RightsGateway } from '../../../shared/azure/rightsGateway';
import type { PolicyWriter } from './azure/policyWriter';
import type { Log } from '../../../shared/core/log';
import { tellCheckList, type CheckList } from '../../../shared/task/checkList';
import { applyChange } from './write/applyChange';
import { checkWriting } from './write/checkWriting';
import type { ConfigureInputs } from './inputs';
import { readPolicy, type Reading } from './write/readPolicy';
import { findVms } from './find/findVms';
import { findTargets, type Target } from './find/targets';
import { tellOpened, tellUnprotected } from './protection/reportProtection';

/** How long looking things up may take, with every pause that Azure asks for: two minutes. */
const LOOK_UP_MS = 120_000;

/** What this task needs from outside itself. */
export interface PolicyWorld {
  readonly policies: PolicyWriter;
  readonly rights: RightsGateway;
  /** Read for what is said of a policy; nothing of it decides what is written. */
  readonly surroundings: Surroundings;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** What a run has written by now, for its outputs and for one that is cancelled: policies by their ids. */
export interface Written {
  readonly changed: Map<string, PolicyRef>;
  /** Sent, and not answered. */
  readonly underWay: Map<string, PolicyRef>;
}

export const createWritten = (): Written => ({ changed: new Map(), underWay: new Map() });

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

/**
 * The story of a run: look up, compare, show the difference, write each policy, wait until it is in place. Throws
 * a `CodedError` when nothing was written. A dry run ends after the difference, with the rights that writing needs.
 */
export async function configurePolicy(
  inputs: ConfigureInputs,
  world: PolicyWorld,
  written: Written,
): Promise<Configured> {
  const { log, clock, signal } = world;
  log.progress(5, 'Looking up');
  const { vms, targets, uncovered, elsewhere } = await withLimit(clock, signal, LOOK_UP_MS, async (limit) => {
    const vms = await findVms(inputs, world, limit);
    log.line(say.lookingUpPolicies(vms));
    const found = await findTargets(inputs, vms, world, limit);
    // A real run reads each policy again before it writes; a dry run must find the same.
    if (!inputs.dryRun) return { vms, ...found };
    return {
      ...{ vms, ...found },
      targets: await Promise.all(found.targets.map((one) => readTarget(world, one, limit))),
    };
  });
  log.progress(30, 'Comparing');
  const changes = targets.map((target) => {
    const change = changePolicy(target.stored?.body, target.wanted);
    tellChange(world, target, change);
    return change;
  });
  changes.forEach(requirePorts);
  const covered = targets.flatMap(({ wanted }) => (wanted.action === 'ensure' ? wanted.vms : []));
  await tellUnprotected(
    world,
    covered.map(({ vm }) => vm),
  );
  for (const vm of uncovered) log.line(say.differenceText({ vm, change: 'none', ports: [] }));
  const results = targets.map(({ ref }, index): PolicyResult => ({
    ...{ ref, changed: false, differences: changes[index]?.differences ?? [] },
  }));
  if (inputs.dryRun) {
    const planned = targets.flatMap((target, index) => {
      const change = changes[index];
      return change ? [{ target, change }] : [];
    });
    const checks = await checkWriting(world, planned);
    await tellOpened(
      world,
      results.flatMap(({ differences }) => differences),
      elsewhere,
    );
    if (checks.length > 0) tellCheckList(log, checks);
    log.line(say.policyDryRunDone);
    const failures = checks.flatMap(({ failure }) => failure ?? []);
    return { vms, results, uncovered, failures, checks };
  }
  log.progress(40, 'Writing the policies');
  // Every write comes to its end, whatever becomes of the others.
  const settled = await Promise.allSettled(
    targets.map((target) => applyChange(world, target, written, inputs.waitTimeoutMs)),
  );
  const outcomes = settled.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
  if (outcomes.every(({ changed, failure }) => !changed && !failure)) log.line(say.nothingDiffers);
  const done = outcomes.filter(({ changed, failure }) => changed || !failure);
  await tellOpened(
    world,
    done.flatMap(({ differences }) => differences),
    elsewhere,
  );
  return {
    vms,
    results: done,
    uncovered,
    checks: [],
    failures: outcomes.flatMap(({ failure }) => failure ?? []),
  };
}

/** Throws JIT101 when a change takes the last port from a VM: nobody could ask for access to it. */
export function requirePorts({ body, differences }: PolicyChange): void {
  const emptied = differences.filter(({ vm, change }) => {
    const own = change === 'none' ? [] : entriesOf(body).filter((entry) => keyOf(entry) === vm.key);
    return own.some((entry) => itemsIn(entry, 'ports').length === 0);
  });
  if (emptied.length > 0) throw say.noPortLeft(emptied.map(({ vm }) => vm));
}

/** A policy that is to be changed, as it is by its own answer and the list's. Warns of what is gone from it. */
async function readTarget(world: PolicyWorld, target: Target, limit: Limit): Promise<Target> {
  const { ref, stored, wanted } = target;
  if (changePolicy(stored?.body, wanted).kind === 'none') return target;
  const reading = await readPolicy(world, ref, stored?.body, limit);
  tellVmsGone(world, target, reading);
  return { ...target, stored: reading.stored };
}

/** Warns of other VMs, or ports of theirs, that a policy showed and has not any more. */
export function tellVmsGone({ log }: PolicyWorld, { ref, wanted }: Target, { gone }: Reading): void {
  const own = wanted.vms.map(({ vm }) => vm.key);
  const others = gone.filter(({ entry }) => !own.includes(keyOf(entry)));
  if (others.length > 0) log.warning(say.vmsGone(ref, others));
}

/** Warns of entries that make no sense in a policy that is about to be written. */
function tellOddEntries(
  log: Log,
  policy: Policy,
  differences: readonly VmDifference[],
  azureNow: number,
): void {
  const found = oddEntriesOf([policy]);
  const changed = differences.filter(({ change }) => change !== 'none').map(({ vm }) => vm);
  const gone = differences.filter(({ change }) => change === 'removed').map(({ vm }) => vm.key);
  const kept = found.filter(
    ({ entry: { part, vmKey } }) => part !== 'request' && !(vmKey !== undefined && gone.includes(vmKey)),
  );
  if (kept.length > 0) log.warning(oddEntriesWrittenBack(kept));
  for (const one of found) {
    if (one.entry.part === 'request' && mayConcern(one.entry, changed, 'all', azureNow)) {
      log.warning(oddRequestDisturbed(one));
    }
  }
}

/** Shows what a policy is about to become, and which live requests that touches. */
export function tellChange({ log, policies }: PolicyWorld, target: Target, change: PolicyChange): void {
  const { ref, stored, wanted } = target;
  const fate = change.repairs ? 'repair' : change.kind === 'put' && !stored ? 'make' : change.kind;
  log.group(say.policyText(ref, fate));
  if (change.repairs) log.line(say.repairing(ref, change.repairs));
  if (change.kind === 'put' && appends(stored?.body)) log.line(say.appendModeOff(ref));
  for (const difference of change.differences) log.line(say.differenceText(difference));
  const own = wanted.vms.map(({ vm }) => vm.key);
  const others = (stored?.policy.vms ?? []).filter(({ vm }) => !own.includes(vm.key)).length;
  if (others > 0) log.line(say.othersStay(ref, others));
  log.endGroup();
  const disturbed = disturbedRequests(stored?.policy, change.differences, policies.azureNow());
  for (const request of disturbed) log.warning(say.disturbs(request));
  if (stored && change.kind === 'put')
    tellOddEntries(log, stored.policy, change.differences, policies.azureNow());
}
