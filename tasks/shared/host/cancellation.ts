/**
 * The signal that fires when the agent cancels the run: SIGINT and SIGTERM, on Windows Ctrl-Break.
 * From then on the process has seconds to say what stays open.
 */
export function cancellationSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGBREAK'] as const) {
    process.on(name, () => {
      controller.abort();
    });
  }
  return controller.signal;
}
