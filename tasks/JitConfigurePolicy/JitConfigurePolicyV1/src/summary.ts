import { failureMarkdown, markdownText } from '../../../shared/core/text';
import { changeText } from './messages/policies';
import { policyName } from '../../../shared/messages/policies';
import { checkListMarkdown } from '../../../shared/task/checkList';
import { allDifferences } from './plan/allDifferences';
import type { Configured } from './plan/results';

/** The Markdown that the run's page shows: what became of each VM, in the order of the inputs, and what failed. */
export function toSummary(configured: Configured): string {
  const { failures, checks } = configured;
  const rows = allDifferences(configured).map((difference) => [
    difference.vm.name,
    difference.ref ? policyName(difference.ref) : '-',
    changeText(difference),
  ]);
  const lines = [
    ...(rows.length > 0 ? ['| VM | Policy | Change |', '| --- | --- | --- |'] : []),
    ...rows.map((cells) => `| ${cells.map(markdownText).join(' | ')} |`),
    '',
    ...(checks.length > 0 ? [checkListMarkdown(checks)] : []),
    ...failures.map(failureMarkdown),
  ];
  return `${lines.join('\n').trim()}\n`;
}
