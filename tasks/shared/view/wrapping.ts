import type { Cell } from './table';

/** Windows allows a machine no longer name. In the first column of a table on a page of 1100 px it fits in one line. */
const SHORT = 15;

/** More characters without a place to break than fit the first column, or another one. */
const UNBREAKABLE = { first: /[^\s-]{16}/u, other: /[^\s-]{27}/u } as const;

/**
 * How the text of a cell breaks, as its class says. `short`: a name that stays in one line where a table is one. `long`:
 * breaks within a word, because a word is wider than its column. Nothing: between words and after hyphens.
 *
 * @param isFirst the first cell of a row names it
 */
export function wrappingOf({ lines, note }: Cell, isFirst: boolean): 'short' | 'long' | undefined {
  const tooLong = UNBREAKABLE[isFirst ? 'first' : 'other'];
  if ([...lines, note ?? ''].some((text) => tooLong.test(text))) return 'long';
  return isFirst && lines.every((line) => line.length <= SHORT) ? 'short' : undefined;
}
