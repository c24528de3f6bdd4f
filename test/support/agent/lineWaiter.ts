/** Lets a test wait for a line that a process writes, instead of for a period of time. */
export interface LineWaiter {
  push(line: string): void;
  /** Must be called when the process has ended. No further line will arrive. */
  end(): void;
  /**
   * Resolves with the first line that matches, which can be an earlier one. Rejects if no line matched before the end.
   */
  readonly wait: (pattern: RegExp) => Promise<string>;
}

export function createLineWaiter(): LineWaiter {
  const lines: string[] = [];
  const waiting = new Set<{
    pattern: RegExp;
    resolve: (line: string) => void;
    reject: (why: Error) => void;
  }>();
  let ended = false;
  const missing = (pattern: RegExp): Error =>
    new Error(`The task ended without a line that matches ${pattern}. It wrote:\n${lines.join('\n')}`);
  return {
    push: (line) => {
      lines.push(line);
      for (const waiter of waiting) {
        if (!waiter.pattern.test(line)) continue;
        waiting.delete(waiter);
        waiter.resolve(line);
      }
    },
    end: () => {
      ended = true;
      for (const { pattern, reject } of waiting) reject(missing(pattern));
    },
    wait: (pattern) => {
      const line = lines.find((candidate) => pattern.test(candidate));
      if (line !== undefined) return Promise.resolve(line);
      if (ended) return Promise.reject(missing(pattern));
      return new Promise((resolve, reject) => waiting.add({ pattern, resolve, reject }));
    },
  };
}
