import { formatUtc, markdownText } from '../../../../shared/core/text';
import * as say from '../../../../shared/view/messages/report';
import { checkedPortsText } from '../../../../shared/view/messages/open';
import { axisNote, moreLanesText, WINDOW_LABELS } from '../../../../shared/view/messages/picture';
import type { Report } from '../../../../shared/view/report';
import { gapTable, requestTable, vmTable } from '../../../../shared/view/auditTables';
import { countGroups, type Count } from '../../../../shared/view/counts';
import { markdownTable, shownText } from './markdownTable';
import { doubtTable, internetTable, activeTable, permanentTable } from '../../../../shared/view/nowTables';
import { axisText, STRIP_MARKS, stripText } from './strip';
import { timeText } from '../../../../shared/view/words';
import { toWindowChart, WINDOW_STATES } from '../../../../shared/view/windows';

const MOST_ROWS = 50;
const MOST_STRIPS = 20;
const MOST_INTERNET = 20;
const MOST_SCOPES = 5;

/**
 * Returns the Markdown for the run's page, under 200 kB. The picture consists of characters, because no renderer of
 * that page is documented to show SVG.
 *
 * @param files the paths of the report's files on the agent
 */
export function toSummary(report: Report, files: readonly string[]): string {
  const recommended = report.vms.filter((vm) => vm.recommended);
  const lines = [
    scopeText(report),
    ...countGroups(report).flatMap((counts) => ['', ...countTable(counts)]),
    ...(report.gaps.length > 0
      ? part(
          say.HEADINGS.gaps,
          say.NOTES.gaps,
          markdownTable(gapTable(report, MOST_ROWS), say.emptyText('gaps', report)),
        )
      : []),
    ...part(
      say.HEADINGS.live,
      '',
      markdownTable(activeTable(report, MOST_ROWS), say.emptyText('live', report)),
    ),
    ...part(
      say.HEADINGS.permanent,
      say.portsNote('permanent', report.standingPorts),
      markdownTable(permanentTable(report, MOST_ROWS), say.emptyText('permanent', report)),
    ),
    ...part(
      say.HEADINGS.mayBeOpen,
      say.portsNote('mayBeOpen', report.mayBeOpenPorts),
      markdownTable(doubtTable(report, MOST_ROWS), say.emptyText('mayBeOpen', report)),
    ),
    ...(report.internetPorts.length > 0
      ? part(
          say.HEADINGS.internet,
          say.portsNote('internet', report.internetPorts),
          markdownTable(internetTable(report, MOST_INTERNET), ''),
        )
      : []),
    ...part(
      say.HEADINGS.recommended,
      '',
      markdownTable(vmTable(recommended, report, MOST_ROWS), say.emptyText('recommended', report)),
    ),
    ...part(say.HEADINGS.windows, '', strips(report)),
    ...part(
      say.HEADINGS.latest,
      '',
      markdownTable(requestTable(report.requests, MOST_ROWS), say.emptyText('audit', report)),
    ),
    ...part(
      say.HEADINGS.files,
      say.NOTES.files,
      files.map((file) => `- ${shownText(file)}`),
    ),
  ];
  return `${lines.join('\n').trim()}\n`;
}

const part = (heading: string, about: string, lines: readonly string[]): readonly string[] => [
  ...['', `### ${heading}`],
  ...(about === '' ? [] : ['', about]),
  ...['', ...lines],
];

function scopeText({ scopes, period, generatedAt, lookedAt }: Report): string {
  const more = scopes.length - MOST_SCOPES;
  const shown = scopes.slice(0, MOST_SCOPES).map(shownText);
  return [
    `${say.SCOPES}: ${[...shown, ...(more > 0 ? [say.moreText(more)] : [])].join(', ')}<br>`,
    `${say.PERIOD}: ${markdownText(say.periodText(timeText(period.from), timeText(period.to), period.days))}<br>`,
    `${say.WRITTEN}: ${markdownText(timeText(generatedAt))}. ${say.UTC_NOTE}<br>`,
    markdownText(checkedPortsText(lookedAt.ports, lookedAt.ipVersions)),
  ].join('\n');
}

function countTable(counts: readonly Count[]): readonly string[] {
  return [
    `| ${counts.map(({ label }) => label).join(' | ')} |`,
    `| ${counts.map(() => '---:').join(' | ')} |`,
    `| ${counts.map(({ value, bad }) => (bad ? `**${value}**` : value)).join(' | ')} |`,
  ];
}

/** Returns one strip of characters for each VM and port, below an axis of the same length. */
function strips(report: Report): readonly string[] {
  const chart = toWindowChart(report, MOST_STRIPS);
  if (chart.lanes.length === 0) return [say.emptyText('windows', report)];
  const legend = WINDOW_STATES.map((state) => `\`${STRIP_MARKS[state]}\` ${WINDOW_LABELS[state]}`);
  return [
    `${markdownText(axisNote(formatUtc(chart.from), formatUtc(chart.to)))} ${legend.join(', ')}.`,
    '',
    `| ${say.COLUMNS.vm} | ${say.COLUMNS.port} | \`${axisText(chart)}\` |`,
    '| --- | ---: | --- |',
    ...chart.lanes.map(
      (lane) =>
        `| ${shownText(lane.vmName ?? say.UNKNOWN_VM)} | ${lane.port === null ? '' : String(lane.port)} | \`${stripText(lane, chart)}\` |`,
    ),
    ...(chart.moreLanes > 0 ? ['', moreLanesText(chart.moreLanes)] : []),
  ];
}
