/**
 * Windows has no signals: what Node calls one ends a process there at once, unheard. The real agent sends Ctrl-Break,
 * which Node cannot do. So tests that send signals are left out there.
 */
const HAS_SIGNALS = process.platform !== 'win32';

/** `describe`, on systems with signals. */
export function describeWithSignals(title: string, body: () => void): void {
  if (HAS_SIGNALS) describe(title, body);
}

/** `it`, on systems with signals. */
export function itWithSignals(title: string, body: () => Promise<void>): void {
  if (HAS_SIGNALS) it(title, body);
}
