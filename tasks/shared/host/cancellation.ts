/**
 * Imported early: until a signal has a listener, it ends the process without a message, and loading the SDKs takes a
 * while. The signals are SIGINT and SIGTERM. On Windows, Ctrl-C arrives as SIGINT, and Ctrl-Break after it as SIGBREAK.
 */
const cancelled = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGBREAK'] as const) {
  process.on(name, () => {
    cancelled.abort();
  });
}

/**
 * Returns the signal that fires when the agent cancels the run. After that, only seconds remain to report what is open.
 */
export const cancellationSignal = (): AbortSignal => cancelled.signal;
