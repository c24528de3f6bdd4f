import type { FoundOdd } from '../../tasks/shared/core/oddEntries';
import * as oddEntries from '../../tasks/shared/messages/oddEntries';
import type { Makers } from './hostileMakers';
import type { Things } from './hostileThings';

/** Entries of every part, with and without the things that they name. */
const foundOf = ({ policy, text }: Things): readonly FoundOdd[] =>
  (['policy', 'vm', 'port', 'request'] as const).flatMap((part) =>
    [0, Infinity].map((mayLastUntil) => ({
      policy,
      entry: {
        ...{ part, mayLastUntil, problem: text() },
        vmKey: mayLastUntil === 0 ? undefined : text(),
        port: mayLastUntil === 0 ? undefined : 22,
      },
    })),
  );

/** Creates each message about invalid entries. */
export const ODD_MAKERS = {
  oddEntry: (things) => foundOf(things).map(oddEntries.oddEntry),
  moreOddEntries: () => [1, 2].map(oddEntries.moreOddEntries),
  oddEntriesOfOthers: (things) => [oddEntries.oddEntriesOfOthers(foundOf(things))],
  oddEntriesWrittenBack: (things) => [oddEntries.oddEntriesWrittenBack(foundOf(things))],
  oddRequestDisturbed: (things) => foundOf(things).map(oddEntries.oddRequestDisturbed),
  oddEntriesLeftOut: (things) => [oddEntries.oddEntriesLeftOut(foundOf(things))],
} satisfies Makers<typeof oddEntries>;
