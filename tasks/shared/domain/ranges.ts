/** Whole numbers from `first` to `last`, both included. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/** A list in order of size, without overlaps and without neighbours that touch: equal sets are equal lists. */
export type Ranges = readonly Range[];

/** All numbers that are in any of the lists. */
export function union(...lists: readonly (readonly Range[])[]): Ranges {
  const merged: { first: number; last: number }[] = [];
  for (const range of lists.flat().sort((a, b) => a.first - b.first)) {
    const previous = merged.at(-1);
    if (previous && range.first <= previous.last + 1) previous.last = Math.max(previous.last, range.last);
    else merged.push({ first: range.first, last: range.last });
  }
  return merged;
}

/** The numbers of `from` that are not in `what`. */
export function subtract(from: readonly Range[], what: readonly Range[]): Ranges {
  return what.reduce<Ranges>(
    (left, cut) =>
      left.flatMap(({ first, last }) =>
        [
          { first, last: Math.min(last, cut.first - 1) },
          { first: Math.max(first, cut.last + 1), last },
        ].filter((piece) => piece.first <= piece.last),
      ),
    union(from),
  );
}

/** The numbers that are in both lists. */
export function intersect(one: readonly Range[], other: readonly Range[]): Ranges {
  return union(
    one.flatMap((a) =>
      other
        .map((b) => ({ first: Math.max(a.first, b.first), last: Math.min(a.last, b.last) }))
        .filter((piece) => piece.first <= piece.last),
    ),
  );
}

/** Whether every number of `inner` is somewhere in `outer`, in one of its ranges or spread over several. */
export function covers(outer: readonly Range[], inner: readonly Range[]): boolean {
  return subtract(inner, outer).length === 0;
}
