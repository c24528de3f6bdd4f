import { senselessAnswer } from '../messages/failures';
import type { Limit } from '../core/limits';

export type Pages<T> = AsyncIterable<readonly T[]>;

/** How many pages in a row may bring nothing new, and for how long: half a minute. */
const MOST_PAGES = 1000;
const LONGEST_MS = 30_000;

/** Watches a list from page to page. Each function throws JIT604 when it would never end. */
export interface PageWatch {
  /** A link, or another token, that leads to the next page: one that comes up twice leads in a circle. */
  next(link: string): void;
  /** What a page brought. A service may leave a page empty, and even many; but not all of them. */
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
