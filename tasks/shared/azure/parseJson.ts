/** How many lists and objects may be inside each other. The deepest that Azure gives have about ten. */
const MOST_NESTED = 100;

/**
 * JSON, or `undefined` when the text is none, and when it is nested so deeply that Azure cannot have written it: whoever reads
 * the value, or writes it again, goes into it as deep as it is. All foreign JSON is parsed here.
 */
export function parseJson(text: string | null | undefined): unknown {
  if (!text || isNestedDeeply(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Whether a text has more brackets inside each other, outside of strings, than JSON of Azure. Looks no further than that. */
export function isNestedDeeply(text: string): boolean {
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at++) {
    const sign = text.charCodeAt(at);
    if (sign === QUOTE) isInString = !isInString;
    else if (isInString) at += sign === BACKSLASH ? 1 : 0;
    else if (sign === OPEN_LIST || sign === OPEN_OBJECT) depth += 1;
    else if (sign === CLOSE_LIST || sign === CLOSE_OBJECT) depth -= 1;
    if (depth > MOST_NESTED) return true;
  }
  return false;
}
