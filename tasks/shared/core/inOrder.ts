/**
 * Sorts items by the order of a list of keys. The first occurrence of a key counts. Items with the same key keep their
 * order, and items with unknown keys come last.
 */
export function inOrder<T>(
  items: readonly T[],
  keys: readonly string[],
  keyOf: (item: T) => string,
): readonly T[] {
  const places = new Map([...new Set(keys)].map((key, place) => [key, place]));
  const placeOf = (item: T): number => places.get(keyOf(item)) ?? keys.length;
  return items.toSorted((one, other) => placeOf(one) - placeOf(other));
}
