import type { Limit, Clock } from './limits';

/** Milliseconds between checks: short at first, because most rules exist within seconds. */
const PAUSES = [1000, 1000, 2000, 2000, 3000] as const;
const LATER = 5000;
/** The last check starts this many milliseconds before the end, so that the end reports its result. */
const LAST_CHECK_MS = 1000;

/**
 * Calls `check` until it returns a value, or until the limit is over, and then returns `undefined`. This is the only
 * polling function of this product. The first check is immediate. If `check` throws, the wait ends with its error.
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
