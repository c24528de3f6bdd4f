/**
 * Imported early: until a signal has a listener, it ends the process without a word, and loading the SDKs takes a while.
 * SIGINT and SIGTERM. On Windows Ctrl-C, which arrives as SIGINT, and then Ctrl-Break, as SIGBREAK.
 */
const cancelled = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGBREAK'] as const) {
  process.on(name, () => {
    cancelled.abort();
  });
}

/**
 * The signal that fires when the agent cancels the run. From then on the process has seconds to say what stays open.
 */
export const cancellationSignal = (): AbortSignal => cancelled.signal;
