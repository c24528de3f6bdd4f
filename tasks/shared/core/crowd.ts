import type { Log } from './log';
import { listText } from './text';

/**
 * The most VMs that are named one by one. Messages about more VMs have counts, with the details in collapsed groups.
 */
export const CROWD = 10;

/** Something about a VM, or about one of its ports. */
export interface OfVm {
  readonly vm: { readonly key: string };
}

/** Whether things are about more VMs than are named one by one. */
export const isCrowd = (things: readonly OfVm[]): boolean =>
  new Set(things.map(({ vm }) => vm.key)).size > CROWD;

/** Lists texts as `a, b and c`. For a crowd, lists the first ones and the number of the others. */
export function eachText<T extends OfVm>(things: readonly T[], toText: (thing: T) => string): string {
  if (!isCrowd(things)) return listText(things.map(toText));
  return listText([...things.slice(0, CROWD).map(toText), `${String(things.length - CROWD)} more`]);
}

/** Logs one line for each thing. For a crowd, the lines are in a collapsed group. */
export function logEach<T extends OfVm>(
  log: Log,
  title: string,
  things: readonly T[],
  toLine: (thing: T) => string,
): void {
  const isFolded = isCrowd(things);
  if (isFolded) log.group(title);
  for (const thing of things) log.line(toLine(thing));
  if (isFolded) log.endGroup();
}

/**
 * Logs a warning for each thing, and equal warnings only once. For a crowd, `warnFirst` limits their number.
 *
 * @param more the text for the others, by their number
 */
export function warnEach<T extends OfVm>(
  log: Log,
  things: readonly T[],
  toWarning: (thing: T) => string,
  more: (count: number) => string,
): void {
  const each = [...new Set(things.map(toWarning))];
  if (isCrowd(things)) warnFirst(log, each, more);
  else for (const warning of each) log.warning(warning);
}

/**
 * Logs warnings, ten at most, because the agent shows ten of a step. If there are more, the tenth one has the number of
 * the others, which are lines of a collapsed group.
 *
 * @param more the text for the others, by their number
 */
export function warnFirst(log: Log, warnings: readonly string[], more: (count: number) => string): void {
  const shown = warnings.length > CROWD ? warnings.slice(0, CROWD - 1) : warnings;
  for (const warning of shown) log.warning(warning);
  const rest = warnings.slice(shown.length);
  if (rest.length === 0) return;
  log.warning(more(rest.length));
  log.group(more(rest.length));
  for (const warning of rest) log.line(warning);
  log.endGroup();
}
