import type { Limit, Clock } from './limits';

/** Milliseconds between checks: short at first, because most rules exist within seconds. */
const PAUSES = [1000, 1000, 2000, 2000, 3000] as const;
const LATER = 5000;
/**
 * The last check starts this many milliseconds before the end, so that the end reports its result. In a short time, it
 * starts when a quarter of the time is left.
 */
const LAST_CHECK_MS = 1000;
const LAST_CHECK_SHARE = 0.25;

/**
 * Calls `check` until it returns a value, or until the limit is over, and then returns `undefined`. This is the only
 * polling function of this product. The first check is immediate. If `check` throws, the wait ends with its error.
 *
 * @param check gets the number of the round, from 0 on, and whether no time is left for another one
 */
export async function poll<T>(
  clock: Clock,
  limit: Limit,
  check: (round: number, isLast: boolean) => Promise<T | undefined>,
): Promise<T | undefined> {
  const lastCheckMs = Math.min(LAST_CHECK_MS, limit.remainingMs() * LAST_CHECK_SHARE);
  for (let round = 0; !limit.signal.aborted; round++) {
    const found = await check(round, limit.remainingMs() <= lastCheckMs);
    if (found !== undefined) return found;
    const left = limit.remainingMs();
    const pause = Math.min(PAUSES[round] ?? LATER, left - lastCheckMs);
    await clock.sleep(left > lastCheckMs ? pause : left, limit.signal);
  }
  return undefined;
}
