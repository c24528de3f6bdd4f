import type { Call, SimulatedAzure } from './azure';

/** How long every response is delayed, which is much longer than a task takes between a response and its next call. */
export const DELAY_MS = 1000;

/** How early a timer can fire according to another clock. */
const EARLY_MS = 10;

/** Delays every response, so that calls that do not wait for each other overlap. */
export function delayAnswers({ faults }: SimulatedAzure): void {
  faults.always(() => true, { delayMs: DELAY_MS });
}

/**
 * Returns the length of the longest chain of calls in which each call began after the response to the previous one: how
 * long a run waits, in round trips. The responses must have been delayed. The number then does not depend on the speed
 * of the machine.
 */
export function countInSeries(calls: readonly Pick<Call, 'atMs'>[]): number {
  const places: { readonly answeredMs: number; readonly place: number }[] = [];
  for (const { atMs } of calls.toSorted((a, b) => a.atMs - b.atMs)) {
    const before = places.filter(({ answeredMs }) => answeredMs - EARLY_MS <= atMs);
    const place = 1 + Math.max(0, ...before.map((earlier) => earlier.place));
    places.push({ answeredMs: atMs + DELAY_MS, place });
  }
  return Math.max(0, ...places.map(({ place }) => place));
}
