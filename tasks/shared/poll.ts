import type { Clock, Limit } from './world';

/** Milliseconds between looks: quick at first, because most rules are there within seconds. */
const PAUSES = [1000, 1000, 2000, 2000, 3000] as const;
const LATER = 5000;

/**
 * The one wait of this product: looks until `look` gives something or the limit is over, and then gives
 * `undefined`. The first look is at once. `look` may throw, which ends the wait.
 */
export async function poll<T>(
  clock: Clock,
  limit: Limit,
  look: (round: number) => Promise<T | undefined>,
): Promise<T | undefined> {
  for (let round = 0; !limit.signal.aborted; round++) {
    const found = await look(round);
    if (found !== undefined) return found;
    await clock.sleep(Math.min(PAUSES[round] ?? LATER, limit.remainingMs()), limit.signal);
  }
  return undefined;
}
