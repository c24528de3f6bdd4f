import type { Clock, Limit } from '../world';

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
