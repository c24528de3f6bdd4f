import type { Call, SimulatedAzure } from './azure';

/** How long every answer is held back: far longer than what a task does between an answer and its next call. */
export const DELAY_MS = 1000;

/** By how much a timer may fire early, as two clocks see it. */
const EARLY_MS = 10;

/** Holds every answer back, so that calls that do not wait for each other overlap. */
export function delayAnswers({ faults }: SimulatedAzure): void {
  faults.always(() => true, { delayMs: DELAY_MS });
}

/**
 * The longest chain of calls of which each one began after the answer to the one before it: what a run waits for, in
 * round trips. The answers must have been delayed; then the number does not depend on how fast the machine is.
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
