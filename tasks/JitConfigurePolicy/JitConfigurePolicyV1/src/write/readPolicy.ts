import { isFailed, provisioningStateOf } from '../plan/policyChange';
import type { Json } from '../../../../shared/core/json';
import { missingParts, type MissingPart } from '../plan/policyReadings';
import { sameId } from '../../../../shared/core/resourceIds';
import { senselessAnswer } from '../../../../shared/messages/failures';
import * as say from '../messages/policies';
import * as failures from '../messages/policyFailures';
import { policyName } from '../../../../shared/messages/policies';
import { poll } from '../../../../shared/core/poll';
import type { StoredPolicy, PolicyRef } from '../../../../shared/core/policy';
import type { Limit } from '../../../../shared/core/limits';
import type { ConfigureContext } from '../context';

/** The current state of a policy. */
export interface PolicyReading {
  /** Absent if the policy does not exist. */
  readonly stored: StoredPolicy | undefined;
  /**
   * What an earlier reading showed and two matching responses no longer show: the policy's own and that of the list.
   */
  readonly gone: readonly MissingPart[];
}

/** How long to wait before both are read again if they contradict each other, in milliseconds. */
const PAUSES_MS = [1000, 2000, 4000];

/**
 * Reads a policy. If the policy shows less than before (no policy, fewer VMs, fewer ports of a VM), the list of the
 * resource group is also read, and only what neither of them shows is gone. Writing replaces the whole policy, and
 * would remove from other owners what one wrong response leaves out. Throws JIT604 if the two keep contradicting each
 * other.
 *
 * @param seen the policy as an earlier response showed it, or as it must be after a write
 */
export async function readPolicy(
  { policies, clock, log }: ConfigureContext,
  ref: PolicyRef,
  seen: Json | undefined,
  limit: Limit,
): Promise<PolicyReading> {
  for (let round = 0; ; round++) {
    const stored = await policies.get(ref, limit);
    const gone = missingParts(seen, stored?.body);
    if (gone.length === 0 && (stored || !seen)) return { stored, gone };
    const list = await policies.list(ref.subscriptionId, ref.resourceGroup, limit);
    const listed = list.find(({ policy }) => sameId(policy.id, ref.id));
    const still = missingParts(listed?.body, stored?.body);
    if (still.length === 0 && (listed === undefined) === (stored === undefined)) return { stored, gone };
    const pauseMs = PAUSES_MS[round];
    if (pauseMs === undefined || pauseMs > limit.remainingMs()) {
      throw senselessAnswer(
        `The policy ${policyName(ref)}`,
        say.contradiction(stored !== undefined, listed !== undefined, still),
      );
    }
    log.line(say.readAgain(ref, pauseMs));
    await clock.sleep(pauseMs, limit.signal);
  }
}

/**
 * Reads a policy until it is no longer being written, or is gone. Throws JIT412 if that does not happen in time.
 *
 * @param expected what the policy must show; a missing part counts as gone only if the list agrees
 * @param known the first reading, of a policy that this step did not write
 */
export async function settle(
  context: ConfigureContext,
  ref: PolicyRef,
  expected: Json | undefined,
  limit: Limit,
  known?: StoredPolicy,
): Promise<PolicyReading> {
  const { clock, log } = context;
  const startedAt = clock.now();
  let state = 'unknown';
  const late = () => failures.notProvisioned(ref, state, clock.now() - startedAt, known === undefined);
  try {
    const found = await poll(clock, limit, async (round) => {
      const reading: PolicyReading =
        round === 0 && known ? { stored: known, gone: [] } : await readPolicy(context, ref, expected, limit);
      if (!reading.stored) return reading;
      const before = state;
      state = provisioningStateOf(reading.stored.body);
      if (/^succeeded$/i.test(state) || isFailed(state)) return reading;
      if (state !== before) log.line(say.awaitingPolicy(ref, state));
      return undefined;
    });
    if (found) return found;
  } catch (error) {
    // The last check was interrupted. The state from the check before says more.
    if (!limit.signal.aborted || state === 'unknown') throw error;
  }
  throw late();
}
