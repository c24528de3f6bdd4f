import { markdownText } from '../../../shared/domain/text';
import { changeText } from '../../../shared/messages/policies';
import { checkListMarkdown } from '../../../shared/preflight/checkList';
import type { Configured } from './configurePolicy';

/** The Markdown that the run's page shows: what became of each VM, and what failed. */
export function toSummary({ results, uncovered, failures, checks }: Configured): string {
  const rows = [
    ...results.flatMap(({ ref, differences }) =>
      differences.map((difference) => [difference.vm.name, ref.name, changeText(difference)]),
    ),
    ...uncovered.map((vm) => [vm.name, '-', changeText({ vm, change: 'none', ports: [] })]),
  ];
  const lines = [
    ...(rows.length > 0 ? ['| VM | Policy | Change |', '| --- | --- | --- |'] : []),
    ...rows.map((cells) => `| ${cells.map(markdownText).join(' | ')} |`),
    '',
    ...(checks.length > 0 ? [checkListMarkdown(checks)] : []),
    ...failures.map(({ message }) => `- ${markdownText(message)}`),
  ];
  return `${lines.join('\n').trim()}\n`;
}
