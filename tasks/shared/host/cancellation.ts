import { setMaxListeners } from 'node:events';

/**
 * Imported early: until a signal has a listener, it ends the process without a word, and loading the SDKs takes a while.
 * SIGINT and SIGTERM. On Windows Ctrl-C, which arrives as SIGINT, and then Ctrl-Break, as SIGBREAK.
 */
const cancelled = new AbortController();

// Every call and every wait listens to a signal: many listeners are no leak, and the library's warning of one is no news.
setMaxListeners(0);
for (const name of ['SIGINT', 'SIGTERM', 'SIGBREAK'] as const) {
  process.on(name, () => {
    cancelled.abort();
  });
}

/**
 * The signal that fires when the agent cancels the run. From then on the process has seconds to say what stays open.
 */
export const cancellationSignal = (): AbortSignal => cancelled.signal;
