import type { PolicyChange } from '../plan/policyChange';
import { kindOf } from '../../../../shared/core/codes';
import { CodedError } from '../../../../shared/core/errors';
import { waitTooLong } from '../../../../shared/messages/failures';
import * as say from '../messages/policies';
import { policyName } from '../../../../shared/messages/policies';
import { pausing } from '../../../../shared/messages/retries';
import { WriteError } from '../azure/policyWriter';
import { type PolicyRef } from '../../../../shared/core/policy';
import { type Limit } from '../../../../shared/core/limits';
import type { Written } from '../plan/written';
import type { ConfigureContext } from '../context';

/** The step gives up after this many failed writes of a policy, or this many milliseconds after the first of them. */
const FAILED_WRITES = 3;
const FAILING_MS = 30_000;
const FIRST_PAUSE_MS = 500;
/** Pauses while another write is in progress, in order, in milliseconds. The last one repeats. */
const BUSY_PAUSES_MS = [1000, 2000, 3000, 5000] as const;

/** Sends one write. Returns the failure if the policy must be read again, and throws any other failure. */
export async function writePolicy(
  { policies, log }: ConfigureContext,
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
    if (error.trouble === 'lasting') throw error.cause;
    return error;
  }
  written.underWay.delete(ref.id);
  written.changed.set(ref.id, ref);
  return undefined;
}

/**
 * The time in milliseconds that must be left after a pause to read the policy and write it. A write that is interrupted
 * at the end of the time might have been carried out, and says less than the failure before it.
 */
const SHORTEST_ROUND_MS = 1000;

/**
 * Returns a function that pauses after a failed write: for as long as Azure requires, and at least for an increasing
 * pause of its own. It throws the failure if the problem persists. A successful write starts the count again.
 */
export function createPauses({ clock, log }: ConfigureContext, ref: PolicyRef, limit: Limit) {
  let failed = 0;
  let busy = 0;
  let since: number | undefined;

  async function sleep(waitMs: number, cause: unknown, text: string): Promise<void> {
    if (waitMs + SHORTEST_ROUND_MS > limit.remainingMs()) throw cause;
    log.line(text);
    await clock.sleep(waitMs, limit.signal);
    if (limit.signal.aborted) throw cause;
  }

  return async (failure: WriteError | undefined): Promise<void> => {
    if (!failure) {
      [failed, busy, since] = [0, 0, undefined];
      return;
    }
    const { cause, trouble, retryAfterMs } = failure;
    // The caller reads the policy again at once.
    if (trouble === 'stale') return;
    if (trouble === 'busy') {
      const waitMs = Math.max(retryAfterMs ?? 0, BUSY_PAUSES_MS[busy++] ?? 5000);
      return sleep(waitMs, cause, say.policyIsBusy(ref, waitMs));
    }
    since ??= clock.now();
    failed += 1;
    if (failed >= FAILED_WRITES || clock.now() - since > FAILING_MS) throw cause;
    if (retryAfterMs !== undefined && retryAfterMs > limit.remainingMs()) {
      const isThrottled = cause instanceof CodedError && kindOf(cause) === 'throttled';
      throw waitTooLong(`The policy ${policyName(ref)}`, retryAfterMs, isThrottled, cause);
    }
    const waitMs = Math.max(retryAfterMs ?? 0, FIRST_PAUSE_MS * 2 ** (failed - 1));
    return sleep(waitMs, cause, pausing(cause instanceof CodedError ? cause.code : 'an error', waitMs));
  };
}
