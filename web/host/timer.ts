/** Returns the time in milliseconds since 1970, by the clock of the reader's machine. */
export const now = (): number => Date.now();

/** Calls `act` every `ms` milliseconds, until the returned function is called. */
export function every(ms: number, act: () => void): () => void {
  const timer = setInterval(act, ms);
  return () => {
    clearInterval(timer);
  };
}
