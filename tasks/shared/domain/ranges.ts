/** Whole numbers from `first` to `last`, both included. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/**
 * A list in order of size, without overlaps and without neighbours that touch: equal sets are equal lists.
 *
 * Lists of thousands are common, so every function here sorts, and then walks each list once.
 */
export type Ranges = readonly Range[];

/** All numbers that are in any of the lists. */
export function union(...lists: readonly (readonly Range[])[]): Ranges {
  const merged: { first: number; last: number }[] = [];
  for (const { first, last } of lists.flat().sort((a, b) => a.first - b.first)) {
    const previous = merged.at(-1);
    if (previous && first <= previous.last + 1) previous.last = Math.max(previous.last, last);
    else merged.push({ first, last });
  }
  return merged;
}

/** The numbers of `from` that are not in `what`. */
export function subtract(from: readonly Range[], what: readonly Range[]): Ranges {
  const cuts = union(what);
  const left: Range[] = [];
  let at = 0;
  for (const { first, last } of union(from)) {
    let next = first;
    for (let cut = cuts[at]; cut && cut.first <= last; cut = cuts[at]) {
      if (cut.first > next) left.push({ first: next, last: cut.first - 1 });
      next = Math.max(next, cut.last + 1);
      // A cut that goes on beyond this range may reach into the next one.
      if (cut.last > last) break;
      at++;
    }
    if (next <= last) left.push({ first: next, last });
  }
  return left;
}

/** The numbers that are in both lists. */
export function intersect(one: readonly Range[], other: readonly Range[]): Ranges {
  const [as, bs] = [union(one), union(other)];
  const common: Range[] = [];
  let [i, j] = [0, 0];
  for (let a = as[i], b = bs[j]; a && b; a = as[i], b = bs[j]) {
    const [first, last] = [Math.max(a.first, b.first), Math.min(a.last, b.last)];
    if (first <= last) common.push({ first, last });
    if (a.last < b.last) i++;
    else j++;
  }
  return common;
}

/** Whether every number of `inner` is somewhere in `outer`, in one of its ranges or spread over several. */
export function covers(outer: readonly Range[], inner: readonly Range[]): boolean {
  return subtract(inner, outer).length === 0;
}

/** The same for many inner ranges, one by one: `outer` is put in order once. */
export function createCover(outer: readonly Range[]): (inner: Range) => boolean {
  const ordered = union(outer);
  return ({ first, last }) => {
    // The last range that begins at `first` or before.
    let [low, high] = [0, ordered.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((ordered[middle]?.first ?? 0) <= first) low = middle + 1;
      else high = middle;
    }
    const found = ordered[low - 1];
    return found !== undefined && found.last >= last;
  };
}
