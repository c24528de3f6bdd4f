import { MASK } from '../../../tasks/shared/core/mask';

/** Scrubs what a string of JSON holds. */
export function inString(raw: string, scrub: (text: string) => string): string {
  if (!raw.includes('\\')) return scrub(raw);
  try {
    return JSON.stringify(scrub(String(JSON.parse(`"${raw}"`)))).slice(1, -1);
  } catch {
    return MASK;
  }
}

/** Decodes percent-encoding that a text has gone through more than once. */
export const decodeWholly = (text: string): string => decode(text.replace(/%(?:25)+(?=[\da-f]{2})/gi, '%'));

/** Decodes percent-encoding; a text that cannot be decoded stays as it is. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
