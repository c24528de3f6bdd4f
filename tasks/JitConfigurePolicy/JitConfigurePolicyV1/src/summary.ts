import { failureMarkdown, markdownText } from '../../../shared/core/text';
import { CHANGE_COLUMNS, changeRows, moreFailures, summaryCut } from './messages/policies';
import { policyName } from '../../../shared/messages/policies';
import { checkListMarkdown } from '../../../shared/task/checkList';
import { allDifferences, type PlacedDifference } from './plan/allDifferences';
import type { Configured } from './plan/results';

const COLUMNS = ['VM', 'Policy', ...CHANGE_COLUMNS] as const;

/** The most that the page shows. The file of all differences has everything, and the log has every failure. */
const MOST_ROWS = 100;
const MOST_FAILURES = 20;

/**
 * Returns the Markdown for the run's page: a row for each port that changes, with the VMs in the order of the inputs,
 * and the failures. If there are too many rows, it shows the first ones, starting with what is not done.
 *
 * @param dryRun whether nothing was written
 */
export function toSummary(configured: Configured, dryRun: boolean): string {
  const { failures, checks } = configured;
  const toRows = (difference: PlacedDifference) => {
    const place = [difference.vm.name, difference.ref ? policyName(difference.ref) : '-'];
    const outcome = dryRun ? 'would' : difference.isSure ? 'done' : 'wanted';
    return changeRows(difference, outcome).map((cells) => [...place, ...cells]);
  };
  const differences = allDifferences(configured);
  const all = differences.flatMap(toRows);
  const isLong = all.length > MOST_ROWS;
  const rows = isLong ? importantFirst(differences).flatMap(toRows).slice(0, MOST_ROWS) : all;
  const lines = [
    ...(isLong ? [summaryCut(MOST_ROWS, all.length), ''] : []),
    ...(rows.length > 0 ? [toRow(COLUMNS), toRow(COLUMNS.map(() => '---'))] : []),
    ...rows.map((cells) => toRow(cells.map(markdownText))),
    '',
    ...(checks.length > 0 ? [checkListMarkdown(checks)] : []),
    ...failures.slice(0, MOST_FAILURES).map(failureMarkdown),
    ...(failures.length > MOST_FAILURES ? [`- ${moreFailures(failures.length - MOST_FAILURES)}`] : []),
  ];
  return `${lines.join('\n').trim()}\n`;
}

/** Puts what is not known to be done first, then what changes, then the rest, each in the order of the inputs. */
function importantFirst(differences: readonly PlacedDifference[]): readonly PlacedDifference[] {
  const rank = ({ change, isSure }: PlacedDifference): number => (change === 'none' ? 2 : isSure ? 1 : 0);
  return differences.toSorted((one, other) => rank(one) - rank(other));
}

const toRow = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
