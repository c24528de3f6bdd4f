import * as report from '../../tasks/shared/view/messages/report';
import * as picture from '../../tasks/shared/view/messages/picture';
import * as open from '../../tasks/shared/view/messages/open';
import { both, type Makers } from './hostileMakers';
import { aReport } from '../support/report/reports';
import { SAMPLE_GAPS } from '../support/report/sampleReport';
import type { Things } from './hostileThings';

/** Creates each message on the pages of a report. */
export const REPORT_MAKERS = {
  periodText: ({ text }) => [report.periodText(text(), text(), 1), report.periodText(text(), text(), 7)],
  numberText: () => [report.numberText(5000)],
  countText: () => [report.countText(1, 'port'), report.countText(2, 'port')],
  moreText: () => [report.moreText(2)],
  moreRowsText: ({ text }) => [report.moreRowsText(2, text())],
  emptyText: () => [
    report.emptyText('live', aReport()),
    ...(['live', 'cover'] as const).map((what) => report.emptyText(what, aReport({ gaps: SAMPLE_GAPS }))),
  ],
  portsNote: () => [
    report.portsNote('permanent', []),
    ...(['IPv4', 'IPv6'] as const).map((ipVersion) => report.portsNote('internet', [{ ipVersion }])),
  ],
  foundOnly: () => [report.foundOnly('activityLog'), report.foundOnly('policy')],
  ruleText: ({ text }) =>
    (['nic', 'subnet', 'firewall'] as const).map((at) => report.ruleText(text(), 100, text(), at)),
  configuredPort: ({ text }) => [report.configuredPort(text(), text(), text())],
  auditedPort: ({ text }) => [
    report.auditedPort(22, text(), text(), undefined, text()),
    report.auditedPort(22, text(), undefined, undefined, text()),
    report.auditedPort(22, text(), text(), text(), text()),
  ],
  filesText: ({ text }) => [report.filesText(text(), text(), text())],
} satisfies Makers<typeof report>;

/** Creates each message in the picture of access windows. */
export const PICTURE_MAKERS = {
  chartText: ({ text }) => [
    picture.chartText(2, 1, 2, 0, text(), text()),
    picture.chartText(1, 1, 1, 3, text(), text()),
  ],
  windowText: ({ text }) => {
    const [from, to] = [text(), text()];
    return [
      picture.windowText(text(), from, to, 'live', 1),
      picture.windowText(text(), from, from, 'refused', 2),
    ];
  },
  moreLanesText: () => [picture.moreLanesText(1), picture.moreLanesText(2)],
  axisNote: ({ text }) => [picture.axisNote(text(), text())],
} satisfies Makers<typeof picture>;

const WHY = ['serviceTag', 'virtualNetwork', 'applicationGroup', 'ipGroup', 'senseless', 'other'] as const;

/** Creates each message about ports that are or might be open. */
export const OPEN_MAKERS = {
  doubtLines: (things) => doubts(things).flatMap(open.doubtLines),
  doubtText: (things) => [open.doubtText(doubts(things))],
  checkedPortsText: ({ texts }) => [open.checkedPortsText([22, 3389], texts())],
  reachedText: ({ text }) => [open.reachedText(text(), text(), ['a rule', 'another'])],
  maybeReachedText: ({ text }) => [open.maybeReachedText(text(), text(), ['a rule'])],
  blockedText: () => [open.blockedText('a rule')],
  portOver: ({ text }) => [open.portOver(22, 'IPv4'), open.portOver(22, text())],
  disagreementText: ({ text }) => [
    open.disagreementText(text(), '', text()),
    open.disagreementText(text(), text(), text()),
  ],
  requestorNote: ({ text }) => [open.requestorNote(null, true), open.requestorNote(text(), false)],
  sourcesText: ({ texts }) => both((more: number) => open.sourcesText(texts(), more), 0, 5),
  shareText: () => both(open.shareText, 1, 0.9999, 0.75, 0),
} satisfies Makers<typeof open>;

function doubts({ text, texts }: Things) {
  const rules = WHY.map((why) => ({
    ...{ name: text(), priority: 100, group: text(), attachedTo: 'nic' as const, why },
    from: texts(),
  }));
  return (['rules', 'noSecurityGroup', 'firewallPolicy'] as const).map((reason) => ({ reason, rules }));
}
