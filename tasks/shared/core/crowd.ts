import type { Log } from './log';
import { listText } from './text';

/** So many VMs are told of one by one; of more, counts are told, and what is about each is folded. */
export const CROWD = 10;

/** Something about a VM, or about a port of it. */
export interface OfVm {
  readonly vm: { readonly key: string };
}

/** Whether things are about more VMs than are told of one by one. */
export const isCrowd = (things: readonly OfVm[]): boolean =>
  new Set(things.map(({ vm }) => vm.key)).size > CROWD;

/** `a, b and c`; of a crowd the first ones, and how many more there are. */
export function eachText<T extends OfVm>(things: readonly T[], toText: (thing: T) => string): string {
  if (!isCrowd(things)) return listText(things.map(toText));
  return listText([...things.slice(0, CROWD).map(toText), `${String(things.length - CROWD)} more`]);
}

/** A line about each; of a crowd in a folded part. */
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
 * A warning about each, once where the words are the same. The agent shows ten warnings of a step: of a crowd the tenth one
 * says how many more there are, and these are lines in a folded part.
 *
 * @param more what is said of the others, by their number
 */
export function warnEach<T extends OfVm>(
  log: Log,
  things: readonly T[],
  toWarning: (thing: T) => string,
  more: (count: number) => string,
): void {
  const each = [...new Set(things.map(toWarning))];
  const shown = isCrowd(things) && each.length > CROWD ? each.slice(0, CROWD - 1) : each;
  for (const warning of shown) log.warning(warning);
  const rest = each.slice(shown.length);
  if (rest.length === 0) return;
  log.warning(more(rest.length));
  log.group(more(rest.length));
  for (const warning of rest) log.line(warning);
  log.endGroup();
}
