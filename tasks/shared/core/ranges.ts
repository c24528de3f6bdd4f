/** The values in a range. Ports and IPv4 addresses are numbers, and IPv6 addresses are too large for numbers. */
export type Countable = number | bigint;

/** Whole numbers from `first` to `last`, both included. */
export interface Range<N extends Countable = number> {
  readonly first: N;
  readonly last: N;
}

/**
 * A list in ascending order, without overlapping or adjacent ranges: equal sets are equal lists.
 *
 * Lists of thousands are common, so every function here sorts, and then goes through each list once.
 */
export type Ranges<N extends Countable = number> = readonly Range<N>[];

const moved = (value: Countable, by: 1 | -1): Countable =>
  typeof value === 'bigint' ? value + BigInt(by) : value + by;
const after = <N extends Countable>(value: N): N => moved(value, 1) as N;
const before = <N extends Countable>(value: N): N => moved(value, -1) as N;
const larger = <N extends Countable>(one: N, other: N): N => (one < other ? other : one);
const smaller = <N extends Countable>(one: N, other: N): N => (one < other ? one : other);

/** Returns all numbers that are in any of the lists. */
export function union<N extends Countable = number>(...lists: readonly (readonly Range<N>[])[]): Ranges<N> {
  const all = lists.flat();
  // Most lists have one range, or none.
  if (all.length < 2) return all;
  const merged: { first: N; last: N }[] = [];
  const inOrder = all.sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  for (const { first, last } of inOrder) {
    const previous = merged.at(-1);
    if (previous && first <= after(previous.last)) previous.last = larger(previous.last, last);
    else merged.push({ first, last });
  }
  return merged;
}

/** Returns the numbers of `from` that are not in `what`. */
export function subtract<N extends Countable = number>(
  from: readonly Range<N>[],
  what: readonly Range<N>[],
): Ranges<N> {
  const cuts = union(what);
  const left: Range<N>[] = [];
  let at = 0;
  for (const { first, last } of union(from)) {
    let next = first;
    for (let cut = cuts[at]; cut && cut.first <= last; cut = cuts[at]) {
      if (cut.first > next) left.push({ first: next, last: before(cut.first) });
      next = larger(next, after(cut.last));
      // A cut that continues beyond this range can reach into the next one.
      if (cut.last > last) break;
      at++;
    }
    if (next <= last) left.push({ first: next, last });
  }
  return left;
}

/** Returns the numbers that are in both lists. */
export function intersect<N extends Countable = number>(
  one: readonly Range<N>[],
  other: readonly Range<N>[],
): Ranges<N> {
  const [as, bs] = [union(one), union(other)];
  const common: Range<N>[] = [];
  let [i, j] = [0, 0];
  for (let a = as[i], b = bs[j]; a && b; a = as[i], b = bs[j]) {
    const [first, last] = [larger(a.first, b.first), smaller(a.last, b.last)];
    if (first <= last) common.push({ first, last });
    if (a.last < b.last) i++;
    else j++;
  }
  return common;
}

/** Whether every number of `inner` is in `outer`, in one of its ranges or across several. */
export function covers<N extends Countable = number>(
  outer: readonly Range<N>[],
  inner: readonly Range<N>[],
): boolean {
  return subtract(inner, outer).length === 0;
}

/** Creates the same check for many inner ranges, one at a time. Sorts `outer` once. */
export function createCover(outer: readonly Range[]): (inner: Range) => boolean {
  const ordered = union(outer);
  return ({ first, last }) => {
    // Find the last range that begins at or before `first`.
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

/** Returns how many numbers there are. */
export const sizeOf = <N extends Countable>(ranges: Ranges<N>): bigint =>
  ranges.reduce((sum, { first, last }) => sum + BigInt(last) - BigInt(first) + 1n, 0n);
