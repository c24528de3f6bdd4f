/**
 * What Azure's word for the power state of a VM means for whoever wants to connect. `down`: nothing answers, and nothing
 * will by itself. `unknown`: the word is not one of those that Microsoft documents, or there is none, so that nothing is
 * claimed. https://learn.microsoft.com/azure/virtual-machines/states-billing
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

/** @param powerState as Azure spells it; absent where it was not told */
export const powerOf = (powerState: string | undefined): Power =>
  POWERS.get(powerState?.toLowerCase() ?? '') ?? 'unknown';

/** Whether a VM gave its hardware back, or does so: a dynamic public address loses its value with it. */
export const isDeallocated = (powerState: string | undefined): boolean =>
  /^deallocat(ed|ing)$/i.test(powerState ?? '');
