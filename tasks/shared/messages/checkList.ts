import type { Topic, Mark } from '../core/checks';
import { listText } from '../core/text';

export const checkListTitle = 'Check list of the dry run';

/** Returns one line of the check list. */
export const checkText = (topic: Topic, mark: Mark, text: string): string => `[${mark}] ${topic}: ${text}`;

/** Returns the last line of a topic that has too many checks. */
export const others = (counts: readonly { readonly mark: Mark; readonly count: number }[]): string =>
  `Not shown: ${listText(counts.map(({ mark, count }) => `${String(count)} more ${mark}`))}.`;
