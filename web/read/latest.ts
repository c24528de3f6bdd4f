import type { Report } from '../../tasks/shared/view/report';
import type { Loaded } from './load';

/** The latest report among some runs. */
export interface Latest<Run> {
  /** Absent if no document that could be read is a report. */
  readonly found?: { readonly run: Run; readonly report: Report };
  /** Whether its run and all later ones were read completely. If not, one of them can have a later report. */
  readonly isWhole: boolean;
  /** Why the first document could not be loaded. Absent if all were loaded. */
  readonly trouble?: unknown;
}

/**
 * Finds the latest report: the last one of the latest run that has any.
 *
 * @param runs the runs, the latest one first
 * @param load returns the documents of a run
 */
export async function findLatest<Run>(
  runs: readonly Run[],
  load: (run: Run) => Promise<Loaded>,
): Promise<Latest<Run>> {
  let known: Omit<Latest<Run>, 'found'> = { isWhole: true };
  for (const run of runs) {
    const { documents, missing, total } = await load(run);
    const lost = missing.find((one) => 'trouble' in one);
    known = {
      ...(lost && { trouble: lost.trouble }),
      ...known,
      isWhole: known.isWhole && documents.length === total,
    };
    const sorted = documents.toSorted(
      (one, other) => Date.parse(other.writtenAt) - Date.parse(one.writtenAt),
    );
    for (const { content } of sorted)
      if (content.kind === 'report') return { ...known, found: { run, report: content.report } };
  }
  return known;
}
