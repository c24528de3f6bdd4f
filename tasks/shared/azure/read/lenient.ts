import { CodedError } from '../../core/errors';

/** Reads a resource in which single fields might be invalid. */
export interface LenientReading {
  /**
   * Returns the result of `get`. If it is `undefined` or a `CodedError`, returns `otherwise` and adds `what` to
   * `wrong`.
   */
  readonly read: <T>(what: string, get: () => T | undefined, otherwise: T) => T;
  /** The names of the invalid fields. */
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

/** Returns the word in Azure's spelling, regardless of case, or `undefined` for another word. */
export const oneOf = <T extends string>(text: string, words: readonly T[]): T | undefined =>
  words.find((word) => word.toLowerCase() === text.toLowerCase());

/** Replaces a list that is invalid. The text is neither an address nor a port, so it could be any. */
export const ANYTHING: readonly string[] = [''];

/** Whether a text is a port, a range of ports, or `*` for any port. */
export const isPortText = (text: string): boolean => /^(?:\*|\d{1,5}(?:-\d{1,5})?)$/.test(text);
