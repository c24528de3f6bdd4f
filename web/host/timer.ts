/** Milliseconds since 1970, by the clock of the reader's machine. */
export const now = (): number => Date.now();

/** Does something again and again, until the function that it gives is called. */
export function every(ms: number, act: () => void): () => void {
  const timer = setInterval(act, ms);
  return () => {
    clearInterval(timer);
  };
}
