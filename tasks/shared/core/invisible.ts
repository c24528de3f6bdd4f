/**
 * Characters that nobody sees come with text that is pasted out of a page or a chat: zero-width characters, direction
 * marks, fillers, the byte order mark, controls. White space is none of them.
 */
const INVISIBLE = /(?![\t-\r])[\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]/u;
const EVERY_INVISIBLE = new RegExp(INVISIBLE, 'gu');
/** What stands between the parts of an input. */
const BETWEEN = /([ \t-\r,])/;

/** A part of a text that holds invisible characters. */
export interface InvisibleFound {
  /** With the characters by their code points: `web<U+200B>-01`. */
  readonly part: string;
  /** Each once: `U+200B`. */
  readonly codes: readonly string[];
}

/** A text without invisible characters and white space at its ends. */
export function trimInvisible(text: string): string {
  const characters = Array.from(text);
  const isSeen = (character: string): boolean => !INVISIBLE.test(character) && character.trim() !== '';
  const first = characters.findIndex(isSeen);
  return first === -1 ? '' : characters.slice(first, characters.findLastIndex(isSeen) + 1).join('');
}

/**
 * A text without invisible characters at the ends of its parts, which white space and commas part. Every kind of space
 * becomes a plain one, and every separator of lines a line break.
 */
export function trimParts(text: string): string {
  const plain = text.replace(/\p{Zs}/gu, ' ').replace(/[\p{Zl}\p{Zp}]/gu, '\n');
  const parts = plain.split(BETWEEN);
  return parts
    .map((part, at) => (at % 2 === 0 ? trimInvisible(part) : part))
    .join('')
    .trim();
}

/** The parts of a text in which invisible characters stand. */
export function findInvisible(text: string): readonly InvisibleFound[] {
  return text.split(BETWEEN).flatMap((part) => {
    const codes = [...new Set(part.match(EVERY_INVISIBLE)?.map(codeOf))];
    if (codes.length === 0) return [];
    return [{ part: part.replace(EVERY_INVISIBLE, (character) => `<${codeOf(character)}>`), codes }];
  });
}

const codeOf = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
