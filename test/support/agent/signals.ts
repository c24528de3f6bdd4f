import { canHaveRoot } from './container';

/**
 * Windows has no signals: what Node calls one ends a process there at once, unheard. The real agent sends
 * Ctrl-C and then Ctrl-Break, which Node cannot do. So tests that send signals are left out there.
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

/** `it`, where a test can have a root file system of its own; else it says so. */
export function itInRoot(title: string, body: () => Promise<void>): void {
  if (canHaveRoot()) it(title, body);
  else console.log(`Left out, because this machine gives no root file system: ${title}`);
}
