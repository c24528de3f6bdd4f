/**
 * What the power state of a VM means for connections to it. `down`: nothing answers, and nothing will without further
 * action. `unknown`: the state is not one that Microsoft documents, or there is none, so that no statement is made.
 * https://learn.microsoft.com/azure/virtual-machines/states-billing
 */
export type Power = 'running' | 'starting' | 'down' | 'unknown';

const POWERS: ReadonlyMap<string, Power> = new Map([
  ['running', 'running'],
  ['starting', 'starting'],
  ['stopping', 'down'],
  ['stopped', 'down'],
  ['deallocating', 'down'],
  ['deallocated', 'down'],
]);

/**
 * Returns what a power state means.
 *
 * @param powerState as Azure spells it; absent if Azure did not report it
 */
export const powerOf = (powerState: string | undefined): Power =>
  POWERS.get(powerState?.toLowerCase() ?? '') ?? 'unknown';

/** Whether a VM has released its hardware, or is releasing it: a dynamic public address then loses its value. */
export const isDeallocated = (powerState: string | undefined): boolean =>
  /^deallocat(ed|ing)$/i.test(powerState ?? '');
