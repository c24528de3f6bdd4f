import {
  changePolicy,
  isFailed,
  keyOf,
  lostEntries,
  provisioningStateOf,
  sameEntries,
  type OtherEntries,
  type WantedPolicy,
} from '../plan/policyChange';
import type { Json } from '../../../../shared/core/json';
import type { VmDifference } from '../plan/policyPorts';
import { commonParts, entryName } from '../plan/policyReadings';
import type { VmId } from '../../../../shared/core/resourceIds';
import { CodedError } from '../../../../shared/core/errors';
import { withLimit, type Limit } from '../../../../shared/core/limits';
import * as say from '../messages/policies';
import * as failures from '../messages/policyFailures';
import type { StoredPolicy, PolicyRef } from '../../../../shared/core/policy';
import { logChange, warnOfGone, warnOfGoneVms, requirePorts } from './reportChange';
import type { PolicyResult } from '../plan/results';
import type { Written } from '../plan/written';
import type { ConfigureContext } from '../context';
import { findGoneVms } from './goneVms';
import { readPolicy, settle, type PolicyReading } from './readPolicy';
import type { Target } from '../plan/target';
import { createPauses, writePolicy } from './writePolicy';

/** How often a policy is written before the step gives up because another writer keeps changing it. */
const ROUNDS = 5;
/**
 * Applies the wanted change to one policy, within `timeoutMs` milliseconds, and reads it back. The service has no way
 * to write only if no one else wrote. Therefore, each write immediately follows a read, and the policy that is read
 * afterwards must have this change and every VM that was there before. If this does not succeed, the result has a
 * failure: JIT412, JIT413, JIT414, JIT604 if Azure's responses about the policy contradict each other, or the code for
 * Azure's error. The result says what was written in any case.
 */
export async function applyChange(
  context: ConfigureContext,
  target: Target,
  written: Written,
  timeoutMs: number,
): Promise<PolicyResult> {
  const { clock, signal } = context;
  const { ref } = target;
  const course: Course = { differences: [] };
  let failure: CodedError | undefined;
  try {
    await withLimit(clock, signal, timeoutMs, (limit) => apply(context, target, written, limit, course));
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    failure = error;
  }
  const changed = written.changed.has(ref.id) || written.underWay.has(ref.id);
  return { ref, changed, differences: course.differences, ...(failure && { failure }) };
}

/** The progress of changing a policy. */
interface Course {
  differences: readonly VmDifference[];
}

async function apply(
  context: ConfigureContext,
  target: Target,
  written: Written,
  limit: Limit,
  course: Course,
): Promise<void> {
  const { log } = context;
  const { ref, wanted } = target;
  const own = wanted.vms.map(({ vm }) => vm);
  const ownKeys = own.map(({ key }) => key);
  const reading = await readBack(context, target, limit, course);
  if (!reading) return;
  let fresh = reading.stored;
  const first = fresh;
  let restore: readonly Json[] = [];
  let leaveOut: readonly string[] = [];
  const pause = createPauses(context, ref, limit);
  /** Leaves out VMs that no longer exist. Throws the failure if there are none. */
  const leaveOutGone = async (body: Json, failure: unknown): Promise<void> => {
    const { gone, trouble } = await findGoneVms(context, body, ownKeys, limit);
    if (gone.length === 0) {
      throw trouble && failure instanceof CodedError ? failures.vmsNotRead(failure, trouble) : failure;
    }
    log.warning(say.goneVmsLeftOut(ref, nameVms(gone)));
    leaveOut = [...leaveOut, ...gone.map(({ key }) => key)];
  };
  for (let round = 0; round < ROUNDS;) {
    const change = changePolicy(fresh?.body, wanted, { restore, leaveOut });
    if (change.kind === 'none') return;
    requirePorts(change);
    const failure = await writePolicy(context, ref, change, written, limit);
    // Waiting for another write is not a conflict about the content.
    if (failure?.trouble !== 'busy') round++;
    if (failure?.trouble === 'refused') await leaveOutGone(change.body, failure.cause);
    else await pause(failure);
    const expected = change.kind === 'delete' ? undefined : change.body;
    // Without a response, what the policy has both before and after the change must be there, whatever the outcome is.
    const after = failure
      ? await readPolicy(context, ref, fresh && commonParts(fresh.body, change.body), limit)
      : await settle(context, ref, expected, limit);
    fresh = after.stored;
    if (failure && !failure.mayBeDone) {
      warnOfGoneVms(context, target, after);
      if (failure.trouble === 'stale') {
        log.line(say.cameBetween(ref));
        showAgain(context, { ...target, stored: fresh }, course, { restore, leaveOut });
      }
      continue;
    }
    const ownThere = isThere(fresh?.body, wanted, leaveOut);
    // A write without a response was carried out if its change is there.
    if (!failure || ownThere) restore = await findLost(context, ref, change.body, fresh?.body, own, limit);
    else warnOfGoneVms(context, target, after);
    if (failure && ownThere && fresh) fresh = (await settle(context, ref, fresh.body, limit, fresh)).stored;
    if ((!failure || ownThere) && fresh && isFailed(stateOf(fresh))) {
      await leaveOutGone(change.body, failures.notProvisioned(ref, stateOf(fresh), 0, true));
    } else if (ownThere && restore.length === 0) {
      written.underWay.delete(ref.id);
      written.changed.set(ref.id, ref);
      warnOfGone(context, first, fresh, course.differences, leaveOut);
      log.line(change.kind === 'delete' ? say.policyDeleted(ref) : say.policyReady(ref));
      return;
    } else if (!failure && !ownThere) log.line(say.cameBetween(ref));
  }
  const missing = changePolicy(fresh?.body, wanted).differences.filter(({ change }) => change !== 'none');
  throw failures.keptChanging(ref, nameVms(missing.map(({ vm }) => vm)), restore.map(entryName));
}

/** Logs the differences after another client changed the policy, unless they are those that were logged before. */
function showAgain(context: ConfigureContext, target: Target, course: Course, others: OtherEntries): void {
  const change = changePolicy(target.stored?.body, target.wanted, others);
  if (JSON.stringify(change.differences) === JSON.stringify(course.differences)) return;
  course.differences = change.differences;
  logChange(context, target, change);
}

/** Whether a policy contains what is wanted, regardless of its state. */
const isThere = (body: Json | undefined, wanted: WantedPolicy, leaveOut: readonly string[]): boolean => {
  const { kind, repairs } = changePolicy(body, wanted, { leaveOut });
  return kind === 'none' || repairs !== undefined;
};

const stateOf = ({ body }: StoredPolicy): string => provisioningStateOf(body);

const nameVms = (vms: readonly VmId[]): readonly string[] => vms.map(({ name }) => name);

/**
 * Reads the policy immediately before it is written. If nothing differs, waits until another writer's write is
 * complete. Logs the remaining differences if another writer changed the policy in the meantime. Returns undefined if
 * there is nothing to do.
 */
async function readBack(
  context: ConfigureContext,
  target: Target,
  limit: Limit,
  course: Course,
): Promise<PolicyReading | undefined> {
  const { ref, wanted, stored: seen } = target;
  const planned = changePolicy(seen?.body, wanted);
  course.differences = planned.differences;
  const rests = planned.kind === 'none';
  if (rests && (wanted.action === 'remove' || !seen)) return undefined;
  const reading =
    rests && seen
      ? await settle(context, ref, seen.body, limit, seen)
      : await readPolicy(context, ref, seen?.body, limit);
  warnOfGoneVms(context, target, reading);
  const change = changePolicy(reading.stored?.body, wanted);
  const cameBetween = !sameEntries(reading.stored?.body, seen?.body);
  if (cameBetween) context.log.line(say.cameBetween(ref));
  if (cameBetween || change.repairs !== planned.repairs) {
    course.differences = change.differences;
    logChange(context, { ...target, stored: reading.stored }, change);
  }
  return reading;
}

/** Returns the entries of other VMs that a write lost, to restore them. VMs that no longer exist are left out. */
async function findLost(
  context: ConfigureContext,
  ref: PolicyRef,
  sent: Json,
  found: Json | undefined,
  own: readonly VmId[],
  limit: Limit,
): Promise<readonly Json[]> {
  const lost = lostEntries(sent, found, own);
  if (lost.length === 0) return [];
  const { gone } = await findGoneVms(context, { properties: { virtualMachines: lost } }, [], limit);
  if (gone.length > 0) context.log.warning(say.goneVmsDropped(ref, nameVms(gone)));
  const kept = lost.filter((entry) => !gone.some(({ key }) => key === keyOf(entry)));
  if (kept.length > 0) context.log.warning(say.vmsLost(ref, kept.map(entryName)));
  return kept;
}
