import { inPool } from '../../tasks/shared/core/pool';
import type { RunDocument } from '../../tasks/shared/document/document';
import { parseDocument, type Parsed } from './parse';

/** What a run has, as far as it could be loaded. */
export interface Loaded {
  readonly documents: readonly RunDocument[];
  /** What is not shown, and why. */
  readonly missing: readonly Missing[];
  readonly total: number;
  /** Changes when one of the others does. */
  readonly version: number;
}

export type Missing =
  | { readonly name: string; readonly reason: Extract<Parsed, { kind: 'unreadable' }>['reason'] }
  | { readonly name: string; readonly trouble: unknown };

/** Where a document lies; its text never changes. */
export interface DocumentPlace {
  readonly recordId: string;
  readonly name: string;
}

/** So many documents are shown, and so many are loaded at once. */
export const MOST_DOCUMENTS = 500;
const AT_ONCE = 6;

/**
 * Loads the documents of a run again and again, each once. What could not be loaded is tried anew, and hides nothing of
 * the others.
 *
 * @param list gives the documents that are there now
 * @param read gives the text of one
 */
export function createLoader<Place extends DocumentPlace>(
  list: () => Promise<readonly Place[]>,
  read: (place: Place) => Promise<string>,
): () => Promise<Loaded> {
  const known = new Map<string, Parsed>();
  let last = '';
  let version = 0;
  return async () => {
    const places = await list();
    const shown = places.slice(0, MOST_DOCUMENTS);
    const results = await inPool(shown, AT_ONCE, async (place) => {
      const key = JSON.stringify([place.recordId, place.name]);
      try {
        const parsed = known.get(key) ?? parseDocument(await read(place));
        known.set(key, parsed);
        return { name: place.name, key, parsed };
      } catch (trouble) {
        return { name: place.name, key, trouble };
      }
    });
    const found = JSON.stringify(results.map(({ key, parsed }) => [key, parsed?.kind]));
    if (found !== last) version += 1;
    last = found;
    return {
      ...{ version, total: places.length },
      documents: results.flatMap(({ parsed }) => (parsed?.kind === 'document' ? [parsed.document] : [])),
      missing: results.flatMap(({ name, parsed, trouble }): readonly Missing[] => {
        if (!parsed) return [{ name, trouble }];
        return parsed.kind === 'unreadable' ? [{ name, reason: parsed.reason }] : [];
      }),
    };
  };
}
