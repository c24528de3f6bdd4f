/** East Asian and pictographic characters take two columns. Letters of other scripts might also. */
const WIDE = /[^ -\u024f\u0370-\u05ff]/u;
const MARK = /^\p{M}$/u;

/** Returns how many columns of a fixed-width font a character takes at most. */
const columnsOf = (character: string): number => (MARK.test(character) ? 0 : WIDE.test(character) ? 2 : 1);

/** Shortens safe text to at most this many columns. An ellipsis replaces the middle, where names differ least. */
export function shorten(text: string, columns: number): string {
  const characters = Array.from(text);
  const total = characters.reduce((sum, character) => sum + columnsOf(character), 0);
  if (total <= columns) return text;
  const head = take(characters, Math.ceil((columns - 1) / 2));
  const tail = take(characters.toReversed(), Math.floor((columns - 1) / 2)).toReversed();
  return `${head.join('')}…${tail.join('')}`;
}

function take(characters: readonly string[], columns: number): readonly string[] {
  let used = 0;
  const end = characters.findIndex((character) => (used += columnsOf(character)) > columns);
  return end === -1 ? characters : characters.slice(0, end);
}
