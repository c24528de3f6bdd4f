import {
  changePolicy,
  disturbedRequests,
  liveRequests,
  lostEntries,
  sameEntries,
  type PolicyChange,
} from '../../../shared/domain/policyChange';
import type { Json } from '../../../shared/domain/json';
import type { VmDifference } from '../../../shared/domain/policyPorts';
import { commonParts, entryName } from '../../../shared/domain/policyReadings';
import { findOwnPort } from '../../../shared/domain/requests';
import { CodedError } from '../../../shared/errors';
import { withLimit } from '../../../shared/limits';
import * as say from '../../../shared/messages/policies';
import { pausing } from '../../../shared/messages/story';
import { WriteError, type Limit, type PolicyRef, type StoredPolicy } from '../../../shared/world';
import {
  tellChange,
  tellVmsGone,
  type PolicyResult,
  type PolicyWorld,
  type Written,
} from './configurePolicy';
import { readPolicy, settle, type Reading } from './readPolicy';
import type { Target } from './targets';

/** How often a policy is written before the step gives up against another writer. */
const ROUNDS = 5;
/** How often in a row a write may fail, and for how long. */
const FAILED_WRITES = 3;
const FAILING_MS = 30_000;
const FIRST_PAUSE_MS = 500;

/**
 * Brings one policy to what is wanted, within `timeoutMs` milliseconds, and reads it back. The service has no way
 * to write only when nobody else wrote, so each write follows right after a read, and what is read afterwards must
 * hold this change and every VM that was there before. Fails with JIT412, JIT413, JIT414, JIT604 when Azure's answers
 * about the policy contradict each other, or what Azure answered: what was written by then is told all the same.
 */
export async function applyChange(
  world: PolicyWorld,
  target: Target,
  written: Written,
  timeoutMs: number,
): Promise<PolicyResult> {
  const { clock, signal } = world;
  const { ref } = target;
  const course: Course = { differences: [] };
  let failure: CodedError | undefined;
  try {
    await withLimit(clock, signal, timeoutMs, (limit) => apply(world, target, written, limit, course));
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    failure = error;
  }
  const changed = written.changed.has(ref.id) || written.underWay.has(ref.id);
  return { ref, changed, differences: course.differences, ...(failure && { failure }) };
}

/** What a policy is being changed by. */
interface Course {
  differences: readonly VmDifference[];
}

async function apply(
  world: PolicyWorld,
  target: Target,
  written: Written,
  limit: Limit,
  course: Course,
): Promise<void> {
  const { log } = world;
  const { ref, wanted } = target;
  const own = wanted.vms.map(({ vm }) => vm);
  const seen = target.stored;
  const planned = changePolicy(seen?.body, wanted);
  course.differences = planned.differences;
  const rests = planned.kind === 'none';
  if (rests && (wanted.action === 'remove' || !seen)) return;
  const reading =
    rests && seen
      ? await settle(world, ref, seen.body, limit, seen)
      : await readPolicy(world, ref, seen?.body, limit);
  let fresh = reading.stored;
  tellVmsGone(world, target, reading);
  let lost: readonly Json[] = [];
  const failures = createFailures(world, limit);
  if (!sameEntries(fresh?.body, seen?.body)) {
    log.line(say.cameBetween(ref));
    const change = changePolicy(fresh?.body, wanted);
    course.differences = change.differences;
    tellChange(world, { ...target, stored: fresh }, change);
  }
  const first = fresh;
  for (let round = 0; round < ROUNDS; round++) {
    const change = changePolicy(fresh?.body, wanted, lost);
    if (change.kind === 'none') return;
    const failure = await write(world, ref, change, written, limit);
    if (failure) await failures.pause(failure);
    // Without an answer, what the policy has on both sides of the change must be there whatever became of it.
    const after: Reading = failure
      ? await readPolicy(world, ref, fresh && commonParts(fresh.body, change.body), limit)
      : await settle(world, ref, change.kind === 'delete' ? undefined : change.body, limit);
    fresh = after.stored;
    const ownThere = changePolicy(fresh?.body, wanted).kind === 'none';
    // A write without an answer was carried out when its change is there.
    const isWritten = !failure || ownThere;
    if (isWritten) lost = lostEntries(change.body, fresh?.body, own);
    else tellVmsGone(world, target, after);
    if (lost.length > 0) log.warning(say.vmsLost(ref, lost.map(entryName)));
    if (ownThere && lost.length === 0) {
      if (failure && fresh) ({ stored: fresh } = await settle(world, ref, fresh.body, limit, fresh));
      written.underWay.delete(ref.id);
      written.changed.set(ref.id, ref);
      tellGone(world, first, fresh, course.differences);
      log.line(change.kind === 'delete' ? say.policyDeleted(ref) : say.policyReady(ref));
      return;
    }
    if (!failure) log.line(say.cameBetween(ref));
  }
  const missing = changePolicy(fresh?.body, wanted).differences.filter(({ change }) => change !== 'none');
  throw say.keptChanging(
    ref,
    missing.map(({ vm }) => vm.name),
    lost.map(entryName),
  );
}

/** Sends one write. Gives the failure when the policy is to be read again, and throws any other. */
async function write(
  { policies, log }: PolicyWorld,
  ref: PolicyRef,
  { kind, body }: PolicyChange,
  written: Written,
  limit: Limit,
): Promise<WriteError | undefined> {
  log.line(say.writing(ref, kind === 'delete' ? 'delete' : 'put'));
  const wasUnderWay = written.underWay.has(ref.id);
  written.underWay.set(ref.id, ref);
  try {
    await (kind === 'delete' ? policies.delete(ref, limit) : policies.put(ref, body, limit));
  } catch (error) {
    if (!(error instanceof WriteError)) throw error;
    if (!error.mayBeDone && !wasUnderWay) written.underWay.delete(ref.id);
    if (error.retryAfterMs !== undefined) return error;
    throw error.cause;
  }
  written.underWay.delete(ref.id);
  written.changed.set(ref.id, ref);
  return undefined;
}

/** Counts failed writes and pauses after each; throws the failure when it lasts. */
function createFailures({ clock, log }: PolicyWorld, limit: Limit) {
  let count = 0;
  let since: number | undefined;
  return {
    async pause({ cause, retryAfterMs }: WriteError): Promise<void> {
      since ??= clock.now();
      count += 1;
      const waitMs = typeof retryAfterMs === 'number' ? retryAfterMs : FIRST_PAUSE_MS * 2 ** (count - 1);
      const lasting = count >= FAILED_WRITES || clock.now() - since > FAILING_MS;
      if (lasting || waitMs > limit.remainingMs()) throw cause;
      log.line(pausing(cause instanceof CodedError ? cause.code : 'trouble', waitMs));
      await clock.sleep(waitMs, limit.signal);
      if (limit.signal.aborted) throw cause;
    },
  };
}

/** Warns of live requests that a write lost although it did not touch them. */
function tellGone(
  { log, policies }: PolicyWorld,
  before: StoredPolicy | undefined,
  after: StoredPolicy | undefined,
  differences: readonly VmDifference[],
): void {
  if (!before || !after) return;
  const now = policies.azureNow();
  const expected = disturbedRequests(before.policy, differences, now).map(({ port }) => port);
  for (const live of liveRequests(before.policy, now)) {
    const { request, port } = live;
    if (expected.includes(port)) continue;
    if (!findOwnPort(after.policy, { ...port, startedAt: request.startedAt }))
      log.warning(say.requestGone(live));
  }
}
