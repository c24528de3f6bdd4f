import { CodedError } from '../../core/errors';

/** Reads a thing of which single fields may make no sense. */
export interface LenientReading {
  /** What `get` gives; `otherwise` where it gives nothing or finds no sense, and then `what` is among those that are wrong. */
  readonly read: <T>(what: string, get: () => T | undefined, otherwise: T) => T;
  /** What made no sense, as words. */
  readonly wrong: readonly string[];
}

export function readLeniently(): LenientReading {
  const wrong: string[] = [];
  return {
    wrong,
    read(what, get, otherwise) {
      try {
        const found = get();
        if (found !== undefined) return found;
      } catch (error) {
        if (!(error instanceof CodedError)) throw error;
      }
      wrong.push(what);
      return otherwise;
    },
  };
}

/** The word in Azure's spelling, whatever its case. */
export const oneOf = <T extends string>(text: string, words: readonly T[]): T | undefined =>
  words.find((word) => word.toLowerCase() === text.toLowerCase());

/** What stands in the place of a list that makes no sense: neither an address nor a port, so that it may be any. */
export const ANYTHING: readonly string[] = [''];

/** Whether a text is a port, a range of ports, or `*` for any. */
export const isPortText = (text: string): boolean => /^(?:\*|\d{1,5}(?:-\d{1,5})?)$/.test(text);
