import type { Clock } from '../core/limits';

/** The longest delay of Node's timers in milliseconds, almost 25 days. A longer one fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The clock of this machine. It measures durations, and never represents Azure's time. */
export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) {
        resolve();
        return;
      }
      const wake = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, Math.min(ms, LONGEST_TIMER_MS));
      signal.addEventListener('abort', wake, { once: true });
    }),
};
