import { inPool } from '../../tasks/shared/core/pool';
import type { RunDocument } from '../../tasks/shared/document/document';
import { parseDocument, type Parsed } from './parse';

/** The documents of a run, as far as they could be loaded. */
export interface Loaded {
  readonly documents: readonly RunDocument[];
  /** Documents that are not shown, and why. */
  readonly missing: readonly Missing[];
  readonly total: number;
  /** Changes if the list of shown documents changes, or whether one of them could be loaded. */
  readonly version: number;
}

export type Missing =
  | { readonly name: string; readonly reason: Extract<Parsed, { kind: 'unreadable' }>['reason'] }
  | { readonly name: string; readonly trouble: unknown };

/** The location of a document, whose text never changes. */
export interface DocumentPlace {
  readonly recordId: string;
  readonly name: string;
}

/** The maximum number of documents that are shown, and how many are loaded at the same time. */
export const MOST_DOCUMENTS = 500;
const AT_ONCE = 6;

/**
 * Returns a function that loads the documents of a run, each once, and can be called repeatedly. It retries documents
 * that could not be loaded. They do not affect the others.
 *
 * @param list returns the documents that exist at this time
 * @param read returns the text of a document
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
    const states = results.map(({ key, parsed, trouble }) => [key, parsed?.kind ?? String(trouble)]);
    const found = JSON.stringify([places.length, states]);
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
