import { senselessAnswer } from '../messages/failures';
import type { Limit } from '../core/limits';

export type Pages<T> = AsyncIterable<readonly T[]>;

/** The maximum number of consecutive pages without new entries, and their maximum duration: 30 seconds. */
const MOST_PAGES = 1000;
const LONGEST_MS = 30_000;

/** Checks a list page by page. Both functions throw JIT604 if the list would never end. */
export interface PageWatch {
  /** Checks the link or token of the next page. One that occurs twice forms a loop. */
  next(link: string): void;
  /** Checks the entries of a page. A service can return empty pages, even many, but not endlessly. */
  items(items: unknown): void;
}

export function watchPages(what: string, limit: Limit): PageWatch {
  const seen = new Set<string>();
  let last = '';
  let pages = 0;
  let since = limit.remainingMs();
  return {
    next(link) {
      if (seen.has(link)) throw senselessAnswer(what, 'its page links form a loop');
      seen.add(link);
    },
    items(items) {
      const text = JSON.stringify(items ?? []);
      const isNew = text !== '[]' && text !== last;
      last = text;
      if (isNew) {
        pages = 0;
        since = limit.remainingMs();
        return;
      }
      pages += 1;
      if (pages >= MOST_PAGES || since - limit.remainingMs() > LONGEST_MS) {
        throw senselessAnswer(
          what,
          `${String(pages)} consecutive pages without new entries, and no last page`,
        );
      }
    },
  };
}
