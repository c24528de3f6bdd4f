import { say } from '../../core/text';
import type { IpVersion, Report } from '../report';

/** Texts of the report's pages: the HTML file, the chart, the table of requests, and the page of the run. */

export const TITLE = 'Just-in-time VM access';
/** The heading of the section on the run's page. It also works as the name of a file. */
export const SUMMARY_HEADING = 'Just-in-time access report';
export const UTC_NOTE = 'All times are UTC.';
export const SCOPES = 'Scope';
export const PERIOD = 'Period';
export const WRITTEN = 'Written';
export const COUNTS = 'Counts';
export const ANY_ADDRESS = 'any address';
export const UNKNOWN_VM = 'Unknown VM';

export const periodText = (from: string, to: string, days: number): string =>
  say`${from} to ${to} (${days === 1 ? '1 day' : `${String(days)} days`})`;

/** Formats a number with a comma for thousands: `20,000`. */
export const numberText = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');

export const countText = (count: number, one: string, many = `${one}s`): string =>
  say`${numberText(count)} ${count === 1 ? one : many}`;

export const moreText = (count: number): string => say`and ${numberText(count)} more`;
export const moreRowsText = (count: number, file: string): string =>
  say`… and ${numberText(count)} more in ${file}`;

export const COUNT_LABELS = {
  vms: 'VMs',
  configured: 'Configured',
  notConfigured: 'Not configured',
  recommended: 'Should be configured',
  unsupported: 'Unsupported',
  unknown: 'Unknown',
  openPorts: 'Open ports now',
  liveRequests: 'Open by request',
  standingPorts: 'Open without a request',
  mayBeOpen: 'May be open',
  openToInternet: 'Open to the internet',
  requests: 'Requests',
  refused: 'Refused',
} as const;

export const COUNT_NOTES = {
  recommended: 'of those not configured',
  mayBeOpen: 'cannot be determined here',
  openToInternet: 'most or all of it',
  requests: 'early closings not counted',
} as const;

export const HEADINGS = {
  gaps: 'Missing from this report',
  now: 'Open now',
  live: 'Open by request',
  permanent: 'Open without a request',
  mayBeOpen: 'May be open',
  internet: 'Ports open to the internet',
  windows: 'Access windows',
  cover: 'VMs',
  recommended: 'VMs that should have just-in-time access',
  audit: 'Requests',
  latest: 'Latest requests',
  files: 'Files',
} as const;

export const NOTES = {
  gaps: 'These parts could not be read. The counts do not include what is missing.',
  permanent:
    'Security rules allow these sources now, with or without a request. A port whose rule cannot be resolved, such as a rule with a service tag, is listed under "May be open".',
  mayBeOpen:
    'Nothing that can be determined here blocks these sources. Limit the rule to addresses, or associate a network security group with the NIC or the subnet.',
  internet:
    'The rules allow more than half of all public addresses to connect to these ports now, with or without a request.',
  windows: 'When requests held ports open. One line for each VM and port, the latest request first.',
  cover: 'VMs that need attention are listed first.',
  audit: 'The latest requests are listed first.',
  files:
    'To keep the files, publish the folder as an artifact. The .html file opens in a browser and includes the chart.',
} as const;

const EMPTY = {
  gaps: 'Nothing is missing',
  live: 'No port is open by request now',
  mayBeOpen: 'No port is in doubt',
  permanent: 'No rule definitely allows access without a request',
  windows: 'No access windows in this period',
  cover: 'There are no VMs in this scope',
  recommended: 'Every VM that should have just-in-time access has it',
  audit: 'No one requested access in this period',
} as const;

/** Returns the text in place of a table without rows. A report with gaps cannot be certain. */
export function emptyText(what: keyof typeof EMPTY, { gaps, vms }: Pick<Report, 'gaps' | 'vms'>): string {
  const isUnread = vms.length === 0 && gaps.some(({ part }) => part === 'vms');
  if (isUnread && (what === 'cover' || what === 'recommended')) return 'No VM could be read.';
  return gaps.length === 0 ? `${EMPTY[what]}.` : `${EMPTY[what]}, according to the data that could be read.`;
}

/** Returns the note above a table of ports. Empty for a table without rows. */
export const portsNote = (
  what: 'permanent' | 'mayBeOpen' | 'internet',
  ports: readonly { readonly ipVersion: IpVersion }[],
): string =>
  ports.length === 0
    ? ''
    : NOTES[what] + (ports.some(({ ipVersion }) => ipVersion === 'IPv6') ? ` ${ONLY_IPV4}` : '');

/** Shown if something is open over IPv6. */
export const ONLY_IPV4 = 'Just-in-time access supports only IPv4, and closes nothing over IPv6.';

export const COLUMNS = {
  vm: 'VM',
  port: 'Port',
  ports: 'Ports',
  sources: 'Sources',
  until: 'Open until',
  rules: 'Rules now',
  who: 'Requested by',
  why: 'Justification',
  reach: 'Who can connect',
  mayReach: 'Who might connect',
  allowedBy: 'Allowed by',
  whyDoubt: 'Reason',
  state: 'State',
  reason: 'Reason',
  defender: 'Defender',
  requests: 'Requests',
  lastUse: 'Last use',
  time: 'Time',
  result: 'Result',
  missing: 'Missing',
  action: 'Missing action',
  scope: 'Scope',
  seen: 'Details',
} as const;

export const STATES = {
  configured: 'Configured',
  notConfigured: 'Not configured',
  unsupported: 'Unsupported',
  unknown: 'Unknown',
} as const;

export const RECOMMENDED = 'Should be configured';

export const REASONS = {
  policy: 'A policy includes it.',
  reachable: 'Rules allow access to a management port.',
  closed: 'No rule allows access to a management port.',
  noFilter: 'It has neither a network security group nor a firewall.',
  firewallPolicy: 'Its firewall is managed by Firewall Policy.',
  noNetwork: 'It has no network interface with an address.',
  notRead: 'The data that determines this could not be read.',
} as const;

export const REACH = { anyAddress: 'Any address', private: 'Private addresses' } as const;

/** Replaces a rule if there is none. */
export const BASIC_ADDRESS = 'a Basic public IP address without a network security group';
export const MANAGEMENT_PORT = 'management port';
export const RULES = {
  open: 'allow the sources',
  partly: 'block some of the sources',
  closed: 'block the sources',
  unknown: 'unknown',
} as const;
/** Replaces a count that is unknown. */
export const NOT_KNOWN = 'unknown';
export const RESULTS = { granted: 'Granted', refused: 'Refused', unknown: 'Unknown' } as const;

const FOUND = { activityLog: 'Activity Log', policy: 'policy' } as const;

export const foundOnly = (found: keyof typeof FOUND): string => say`only in the ${FOUND[found]}`;

export const PARTS = {
  vms: 'VMs',
  network: 'Network rules',
  policies: 'Just-in-time policies',
  assessments: "Defender's assessments",
  activityLog: 'Activity Log',
} as const;

export const NO_RIGHT = 'none';
export const RUN_LINK = 'Open the run';

const PLACES = {
  nic: ' on the NIC',
  subnet: ' on the subnet',
  vnet: ' in Virtual Network Manager',
  firewall: '',
} as const;

export const ruleText = (name: string, priority: number, group: string, at: keyof typeof PLACES): string =>
  say`${name} (${priority}) of ${group}` + PLACES[at];

export const configuredPort = (port: string, most: string, sources: string): string =>
  say`${port}, up to ${most}, from ${sources}`;

/** `requested`: the requested duration. `undefined` if the call did not name one. */
export const auditedPort = (
  port: number,
  state: string,
  requested: string | undefined,
  open: string | undefined,
  sources: string,
): string =>
  say`${port}` +
  (requested === undefined ? '' : say` for ${requested}`) +
  say` from ${sources}: ${state === 'live' ? 'active' : state}` +
  (open === undefined ? '' : say` after ${open}`);

export const filesText = (json: string, csv: string, svg: string): string =>
  say`Other files in this folder: ${json} with all data, ${csv} with the requests for spreadsheets, and ${svg} with the chart.`;
