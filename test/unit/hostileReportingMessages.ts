import assert from 'node:assert/strict';
import * as reporting from '../../tasks/JitReport/JitReportV1/src/messages/reporting';
import { both, type Makers } from './hostileMakers';

const COUNTS: Parameters<typeof reporting.cover>[0] = {
  ...{ vms: 3, configured: 1, notConfigured: 1, recommended: 1, unsupported: 0, unknown: 1 },
  ...{ liveRequests: 1, standingPorts: 2, openPorts: 3, mayBeOpen: 1, openToInternet: 1 },
  ...{ requests: 5, refused: 1 },
};
const PARTS = ['vms', 'network', 'policies', 'assessments', 'activityLog'] as const;

/** Returns a port over one IP version, and over both, with equal and different results. */
const openPorts = (text: () => string) => {
  const [four, six] = (['IPv4', 'IPv6'] as const).map((ipVersion) => ({ ipVersion, publicShare: 1 }));
  assert.ok(four && six);
  const some = { ...six, publicShare: 0.75 };
  return [[four], [some], [four, six], [four, some]].map((over) => ({ vmName: text(), port: 22, over }));
};

/** Creates each log message of a report. */
export const REPORTING_MAKERS = {
  goneFromQuery: ({ text }) => [reporting.goneFromQuery(text())],
  moreGoneFromQuery: () => [reporting.moreGoneFromQuery(2)],
  days: ({ text }) => [reporting.days(text(), 90)],
  scope: ({ text }) => [reporting.scope(text())],
  reading: ({ text, texts }) => [reporting.reading([text()], 1), reporting.reading(texts(), 7)],
  folderOnWindows: ({ texts }) => [reporting.folderOnWindows(texts())],
  ports: ({ texts }) => [reporting.ports(texts(), 64)],
  vmsFound: () => [0, 1, 2].flatMap((vms) => both((whole) => reporting.vmsFound(vms, whole), true, false)),
  cover: () => both(reporting.cover, COUNTS, { ...COUNTS, unknown: 0 }),
  now: () => [reporting.now(COUNTS)],
  audit: () => both((refused) => reporting.audit({ ...COUNTS, refused }, 7), 1, null),
  openToInternet: ({ text }) => openPorts(text).map(reporting.openToInternet),
  portOf: ({ text }) => openPorts(text).map(reporting.portOf),
  senselessRule: ({ text, groupRules }) =>
    groupRules.map(({ rule }) => reporting.senselessRule(text(), rule)),
  senselessAdminRule: ({ adminRules }) => adminRules.map(({ rule }) => reporting.senselessAdminRule(rule)),
  moreOpen: () => both(reporting.moreOpen, 1, 2),
  mayBeOpen: ({ text }) => openPorts(text).map((port) => reporting.mayBeOpen(port, 'a reason')),
  moreMayBeOpen: () => both(reporting.moreMayBeOpen, 1, 2),
  portMayBeOpen: ({ text }) => openPorts(text).map((port) => reporting.portMayBeOpen(port, 'a reason')),
  vmReached: ({ text }) => [reporting.vmReached(text(), ''), reporting.vmReached(text(), 'a way')],
  portsMayBeOpen: ({ texts }) => both((count) => reporting.portsMayBeOpen(texts(), count), 2, 9),
  gap: ({ text, forbidden }) => PARTS.map((part) => reporting.gap(part, text(), forbidden.message)),
  written: ({ text, texts }) => [reporting.written(text(), texts())],
  vmsNotConfigured: ({ texts }) =>
    both((count) => reporting.vmsNotConfigured(texts(), count, count > 2), 2, 9),
  portsOpenToInternet: ({ texts }) =>
    ([['IPv4'], ['IPv4', 'IPv6'], ['IPv6']] as const).map((versions) =>
      reporting.portsOpenToInternet(texts(), 9, versions),
    ),
  folderIsLink: ({ text }) => [reporting.folderIsLink(text(), text())],
  notWritten: ({ text, texts }) => [
    reporting.notWritten(text(), text(), []),
    reporting.notWritten(text(), text(), texts()),
  ],
} satisfies Makers<typeof reporting>;
