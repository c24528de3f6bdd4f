import type { Cell } from './table';

/** The maximum length of a machine name on Windows. On a page of 1100 px, it fits on one line of the first column. */
const SHORT = 15;

/** More characters without a place to break than fit into the first column, or into another one. */
const UNBREAKABLE = { first: /[^\s-]{16}/u, other: /[^\s-]{27}/u } as const;

/**
 * Returns how the text of a cell breaks, as its class. `short`: a name that stays on one line in the layout as a table.
 * `long`: breaks within a word, because a word is wider than its column. `undefined`: between words and after hyphens.
 *
 * @param isFirst whether the cell is the first one, which names the row
 */
export function wrappingOf({ lines, note }: Cell, isFirst: boolean): 'short' | 'long' | undefined {
  const tooLong = UNBREAKABLE[isFirst ? 'first' : 'other'];
  if ([...lines, note ?? ''].some((text) => tooLong.test(text))) return 'long';
  return isFirst && lines.every((line) => line.length <= SHORT) ? 'short' : undefined;
}
