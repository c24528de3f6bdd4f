/** The maximum nesting of arrays and objects. The deepest JSON that Azure returns has about ten levels. */
const MOST_NESTED = 100;

/**
 * Parses JSON. Returns `undefined` for text that is not JSON, or that is nested too deeply to come from Azure: code
 * that reads or writes such a value recurses to its depth. All foreign JSON is parsed here.
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

/** Whether the brackets of a text, outside strings, are nested more than `MOST_NESTED` levels deep. */
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
