import type { Clock } from '../../../tasks/shared/core/limits';

/** Time that passes only while everything waits for it. */
export interface VirtualClock extends Clock {
  /** Does something at a time, in milliseconds since the clock was made. */
  at(ms: number, action: () => void): void;
}

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/**
 * A clock that jumps to the next sleeper's end as soon as nothing else is left to do: sleeping costs no real time,
 * and who wakes when is the same in every run. Sleepers of one moment wake in the order in which they lay down.
 */
export function createVirtualClock(): VirtualClock {
  let now = 0;
  let isScheduled = false;
  const sleepers = new Set<Sleeper>();

  const schedule = () => {
    if (isScheduled || sleepers.size === 0) return;
    isScheduled = true;
    // Promises that are ready to go on all do so before this.
    setImmediate(() => {
      isScheduled = false;
      const [first] = [...sleepers].sort((a, b) => a.until - b.until);
      if (first) {
        now = Math.max(now, first.until);
        first.wake();
      }
      schedule();
    });
  };

  const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal.aborted) {
        resolve();
        return;
      }
      const wake = () => {
        sleepers.delete(sleeper);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const sleeper = { until: now + Math.max(0, ms), wake };
      sleepers.add(sleeper);
      signal.addEventListener('abort', wake, { once: true });
      schedule();
    });

  return {
    now: () => now,
    sleep,
    at(ms, action) {
      void sleep(ms - now, new AbortController().signal).then(action);
    },
  };
}
