/**
 * Invisible characters, which can come with text copied from a page or a chat: zero-width characters, direction marks,
 * fillers, the byte order mark, and controls. White space is not included.
 */
const INVISIBLE = /(?![\t-\r])[\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]/u;
const EVERY_INVISIBLE = new RegExp(INVISIBLE, 'gu');
/** The separators between the parts of an input. */
const BETWEEN = /([ \t-\r,])/;

/** A part of a text that contains invisible characters. */
export interface InvisibleFound {
  /** The part, with code points in place of the characters: `web<U+200B>-01`. */
  readonly part: string;
  /** Each code point once: `U+200B`. */
  readonly codes: readonly string[];
}

/** Removes invisible characters and white space from both ends of a text. */
export function trimInvisible(text: string): string {
  const characters = Array.from(text);
  const isSeen = (character: string): boolean => !INVISIBLE.test(character) && character.trim() !== '';
  const first = characters.findIndex(isSeen);
  return first === -1 ? '' : characters.slice(first, characters.findLastIndex(isSeen) + 1).join('');
}

/**
 * Removes invisible characters from both ends of each part of a text. White space and commas separate the parts. Every
 * kind of space becomes a plain space, and every line separator becomes a line break.
 */
export function trimParts(text: string): string {
  const plain = text.replace(/\p{Zs}/gu, ' ').replace(/[\p{Zl}\p{Zp}]/gu, '\n');
  const parts = plain.split(BETWEEN);
  return parts
    .map((part, at) => (at % 2 === 0 ? trimInvisible(part) : part))
    .join('')
    .trim();
}

/** Returns the parts of a text that contain invisible characters. */
export function findInvisible(text: string): readonly InvisibleFound[] {
  return text.split(BETWEEN).flatMap((part) => {
    const codes = [...new Set(part.match(EVERY_INVISIBLE)?.map(codeOf))];
    if (codes.length === 0) return [];
    return [{ part: part.replace(EVERY_INVISIBLE, (character) => `<${codeOf(character)}>`), codes }];
  });
}

const codeOf = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
