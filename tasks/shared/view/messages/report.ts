import { say } from '../../core/text';

/** The words of the report's pages: the file for browsers, the picture, the table of requests, the run's page. */

export const TITLE = 'Just-in-time VM access';
/** The heading of the section on the run's page. It does as the name of a file. */
export const SUMMARY_HEADING = 'Report of just-in-time access';
export const UTC_NOTE = 'All times are UTC.';
export const SCOPES = 'Scope';
export const PERIOD = 'Period';
export const WRITTEN = 'Written';
export const COUNTS = 'Counts';
export const ANY_ADDRESS = 'any address';
export const UNKNOWN_VM = 'VM not known';

export const periodText = (from: string, to: string, days: number): string =>
  say`${from} to ${to} (${days === 1 ? '1 day' : `${String(days)} days`})`;

/** Numbers with a thin gap for thousands: `20 000`. */
export const numberText = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, '\u00a0');

export const countText = (count: number, one: string, many = `${one}s`): string =>
  say`${numberText(count)} ${count === 1 ? one : many}`;

export const moreText = (count: number): string => say`and ${numberText(count)} more`;
export const moreRowsText = (count: number, file: string): string =>
  say`… and ${numberText(count)} more, in ${file}`;

export const COUNT_LABELS = {
  vms: 'VMs',
  configured: 'Configured',
  notConfigured: 'Not configured',
  recommended: 'Recommended',
  unsupported: 'Unsupported',
  unknown: 'Unknown',
  openPorts: 'Open ports now',
  liveRequests: 'Held open by requests',
  standingPorts: 'Open without a request',
  mayBeOpen: 'May be open',
  openToInternet: 'Open to the internet',
  requests: 'Requests',
  refused: 'Refused',
} as const;

export const COUNT_NOTES = {
  recommended: 'of those not configured',
  mayBeOpen: 'it cannot be told from here',
  openToInternet: 'to most of it, or all',
  requests: 'early ends not counted',
} as const;

export const HEADINGS = {
  gaps: 'What is missing from this report',
  now: 'Open now',
  live: 'Held open by requests',
  standing: 'Open without any request',
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
  gaps: 'These parts could not be read. The counts leave out what is missing.',
  standing:
    'Security rules allow these sources now, whether somebody asks or not. What cannot be resolved, such as a service tag, makes a port one that may be open.',
  mayBeOpen:
    'Nothing that can be told from here keeps these sources out. Narrow the rule to addresses, or put a security group before the address.',
  internet:
    'The rules let more than half of all public addresses reach these ports now, by a request or without.',
  windows: 'When requests held ports open, one line for each VM and port, the latest request first.',
  cover: 'VMs that need attention come first.',
  audit: 'The latest first.',
  files:
    'Publish the folder as an artifact to keep them; the .html file opens in a browser, with the picture.',
} as const;

const EMPTY = {
  gaps: 'Nothing is missing',
  live: 'No request holds a port open now',
  mayBeOpen: 'Nothing is in doubt',
  standing: 'No rule surely allows anybody without a request',
  windows: 'No access windows in this period',
  cover: 'There are no VMs in this scope',
  recommended: 'No VM lacks just-in-time access where it is recommended',
  audit: 'Nobody asked for access in this period',
} as const;

/** Said in place of a table without rows; a report with gaps cannot know. */
export const emptyText = (what: keyof typeof EMPTY, gaps: number): string =>
  gaps === 0 ? `${EMPTY[what]}.` : `${EMPTY[what]}, as far as could be read.`;

export const COLUMNS = {
  vm: 'VM',
  port: 'Port',
  ports: 'Ports',
  sources: 'Sources',
  until: 'Open until',
  rules: 'Rules now',
  who: 'Who',
  why: 'Why',
  reach: 'Who gets in',
  mayReach: 'Who may get in',
  allowedBy: 'Allowed by',
  whyDoubt: 'Why it may be',
  state: 'State',
  reason: 'Reason',
  defender: 'Defender',
  requests: 'Requests',
  lastUse: 'Last use',
  time: 'Time',
  result: 'Result',
  missing: 'Missing',
  action: 'Right to give',
  scope: 'Scope',
  seen: 'What was seen',
} as const;

export const STATES = {
  configured: 'Configured',
  notConfigured: 'Not configured',
  unsupported: 'Unsupported',
  unknown: 'Unknown',
} as const;

export const RECOMMENDED = 'Recommended';

export const REASONS = {
  policy: 'A policy lists it.',
  reachable: 'Rules let somebody reach a management port.',
  closed: 'No rule lets anybody reach a management port.',
  noFilter: 'It has neither a security group nor a firewall.',
  firewallPolicy: 'Its firewall is managed by Firewall Policy.',
  noNetwork: 'It has no network interface with an address.',
  notRead: 'What would decide could not be read.',
} as const;

export const REACH = { anyAddress: 'Any address', private: 'Private addresses' } as const;

/** What stands in the place of a rule where there is none. */
export const BASIC_ADDRESS = 'a Basic public address without a security group';
export const MANAGEMENT_PORT = 'management port';
export const RULES = {
  open: 'allow them',
  partly: 'keep a part of them out',
  closed: 'keep them out',
  unknown: 'not known',
} as const;
/** In the place of a count that nobody knows. */
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

export const NO_RIGHT = 'none is missing';
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

export const auditedPort = (
  port: number,
  state: string,
  requested: string,
  open: string | undefined,
  sources: string,
): string =>
  say`${port} for ${requested} from ${sources}: ${state}` + (open === undefined ? '' : say` after ${open}`);

export const filesText = (json: string, csv: string, svg: string): string =>
  say`Beside this page: ${json} with everything, ${csv} with the requests for a spreadsheet, ${svg} with the picture.`;
