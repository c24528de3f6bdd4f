/** The agent's clock, which is never compared with Azure's. */
export interface Clock {
  /** Returns the milliseconds since an arbitrary start. Never goes back. */
  now(): number;
  /**
   * Resolves after `ms` milliseconds, or at once when the signal fires. Never rejects. A time that is longer than a
   * timer can wait ends with the timer, after weeks.
   */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** How long some work can take: the signal fires when the time is over or the run is canceled. */
export interface Limit {
  readonly signal: AbortSignal;
  /** Returns the milliseconds until the time is over. */
  remainingMs(): number;
}

/** Runs work that must end after `ms` milliseconds, or when the outer signal fires. */
export async function withLimit<T>(
  clock: Clock,
  outer: AbortSignal,
  ms: number,
  work: (limit: Limit) => Promise<T>,
): Promise<T> {
  const end = clock.now() + ms;
  const inner = new AbortController();
  const done = new AbortController();
  const signal = AbortSignal.any([outer, inner.signal]);
  void clock.sleep(ms, AbortSignal.any([outer, done.signal])).then(() => {
    if (!done.signal.aborted) inner.abort();
  });
  try {
    return await work({ signal, remainingMs: () => Math.max(0, end - clock.now()) });
  } finally {
    done.abort();
  }
}

/** Resolves when the time of a limit is over or the run is canceled. */
export const endOf = ({ signal }: Limit): Promise<void> =>
  new Promise((resolve) => {
    const onOver = (): void => {
      resolve();
    };
    if (signal.aborted) onOver();
    else signal.addEventListener('abort', onOver, { once: true });
  });
