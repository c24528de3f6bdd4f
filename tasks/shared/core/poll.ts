import type { Limit, Clock } from './limits';

/** Milliseconds between checks: quick at first, because most rules are there within seconds. */
const PAUSES = [1000, 1000, 2000, 2000, 3000] as const;
const LATER = 5000;
/** The last check comes this long before the end, so that what it finds is what the end reports. */
const LAST_CHECK_MS = 1000;

/**
 * The one wait of this product: checks until `check` gives something or the limit is over, and then gives
 * `undefined`. The first check is at once. `check` may throw, which ends the wait.
 */
export async function poll<T>(
  clock: Clock,
  limit: Limit,
  check: (round: number) => Promise<T | undefined>,
): Promise<T | undefined> {
  for (let round = 0; !limit.signal.aborted; round++) {
    const found = await check(round);
    if (found !== undefined) return found;
    const left = limit.remainingMs();
    const pause = Math.min(PAUSES[round] ?? LATER, left - LAST_CHECK_MS);
    await clock.sleep(left > LAST_CHECK_MS ? pause : left, limit.signal);
  }
  return undefined;
}
