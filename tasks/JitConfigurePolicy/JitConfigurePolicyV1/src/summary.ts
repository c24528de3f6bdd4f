import { failureMarkdown, markdownText } from '../../../shared/core/text';
import { CHANGE_COLUMNS, changeRows } from './messages/policies';
import { policyName } from '../../../shared/messages/policies';
import { checkListMarkdown } from '../../../shared/task/checkList';
import { allDifferences } from './plan/allDifferences';
import type { Configured } from './plan/results';

const COLUMNS = ['VM', 'Policy', ...CHANGE_COLUMNS] as const;

/**
 * Returns the Markdown for the run's page: a row for each port that changes, the VMs in the order of the inputs, and
 * the failures.
 *
 * @param dryRun whether nothing was written
 */
export function toSummary(configured: Configured, dryRun: boolean): string {
  const { failures, checks } = configured;
  const rows = allDifferences(configured).flatMap((difference) => {
    const place = [difference.vm.name, difference.ref ? policyName(difference.ref) : '-'];
    const outcome = dryRun ? 'would' : difference.isSure ? 'done' : 'wanted';
    return changeRows(difference, outcome).map((cells) => [...place, ...cells]);
  });
  const lines = [
    ...(rows.length > 0 ? [toRow(COLUMNS), toRow(COLUMNS.map(() => '---'))] : []),
    ...rows.map((cells) => toRow(cells.map(markdownText))),
    '',
    ...(checks.length > 0 ? [checkListMarkdown(checks)] : []),
    ...failures.map(failureMarkdown),
  ];
  return `${lines.join('\n').trim()}\n`;
}

const toRow = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
