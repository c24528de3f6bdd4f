/**
 * Items in the order that a list of keys gives, where a key has the place in which it comes first. Items with the same
 * key stay as they are, and unknown keys come last.
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
