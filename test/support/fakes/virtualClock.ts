import type { Clock } from '../../../tasks/shared/core/limits';

/** A clock whose time passes only while everything waits for it. */
export interface VirtualClock extends Clock {
  /** Runs an action at a time, in milliseconds since the clock was created. */
  at(ms: number, action: () => void): void;
}

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/**
 * Creates a clock that jumps to the end of the next sleep as soon as nothing else is left to run. Sleeping takes no
 * real time, and the order of wake-ups is the same in every run. Sleeps that end at the same time end in the order in
 * which they began.
 */
export function createVirtualClock(): VirtualClock {
  let now = 0;
  let isScheduled = false;
  const sleepers = new Set<Sleeper>();

  const schedule = () => {
    if (isScheduled || sleepers.size === 0) return;
    isScheduled = true;
    // Promises that are ready to continue all do so before this.
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
