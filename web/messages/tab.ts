import type { PortState } from '../read/ports';

/** The texts of the run's tab. */

export const TITLE = 'Just-in-time access';
export const LOADING = 'Loading what this run did.';
export const NOTHING_YET = 'No step of this run has finished yet. This page updates by itself.';
export const NOTHING = 'No step of this run left anything to show.';
export const NO_HOST = 'This page is a tab of a run in Azure DevOps, and shows nothing elsewhere.';

export const HEADINGS = {
  ports: 'Ports',
  leftOut: 'Left out',
  policies: 'Policies',
  checks: 'Dry run',
  failures: 'What failed',
  notes: 'Not shown',
} as const;

export const COLUMNS = {
  vm: 'VM',
  port: 'Port',
  sources: 'Open for',
  state: 'State',
  until: 'Until (UTC)',
  step: 'Step',
  change: 'Change',
  ports: 'Ports',
  policy: 'Policy',
  topic: 'What',
  mark: 'State',
  found: 'Found',
  code: 'Code',
  seen: 'What happened',
} as const;

export const PORT_STATES: Readonly<Record<PortState, string>> = {
  open: 'Open',
  notRead: 'Initiated',
  requested: 'Requested',
  notOpen: 'Not open',
  unknown: 'Unknown',
  closed: 'Closed',
  neverOpened: 'Never opened',
  vmGone: 'VM deleted',
  staysOpen: 'Still open',
  over: 'Time is over',
};

/** What a state leaves open, where the log's own line does not say it. */
export const STATE_NOTES: Readonly<Partial<Record<PortState, string>>> = {
  notRead: 'Azure says so; the rules were not read.',
  requested: 'Azure granted it; the step did not wait until it was open.',
  unknown: 'Azure did not answer the request, which may have been carried out.',
  over: 'The request has ended by its time. Nobody has read the rules since.',
};

export const WHOLE_VM = 'all';

export const REUSED = 'An earlier request was used.';
export const PERMANENT = 'Rules let this source in without any request. The log names them.';
export const NO_END = 'without an end';

export const failedWith = (code: string): string =>
  `It was not open when the step failed with ${code}. The request goes on to its end, and may open it later.`;

/** How much time is left, by the clock of the reader's machine. */
export const leftText = (duration: string): string => `${duration} left`;

export const openNow = (count: number): string =>
  count === 0
    ? 'No port that this run opened is open now.'
    : count === 1
      ? 'One port that this run opened may be open now.'
      : `${count} ports that this run opened may be open now.`;

export const NO_PORTS = 'No step of this run opened a port.';
/** Said behind it, because what was not read is not known. */
export const NOT_WHOLE = 'Not all of what this run did could be read.';

export const GOES_ON = 'The run goes on; this page updates by itself.';

export const CHANGES = {
  added: 'added',
  changed: 'changed',
  removed: 'removed',
  none: 'as it is to be',
} as const;

export const WOULD = {
  added: 'would be added',
  changed: 'would be changed',
  removed: 'would be removed',
  none: 'as it is to be',
} as const;

export const POLICY_STATES = {
  changed: '',
  unchanged: '',
  failed: 'The policy is not as it is to be.',
  unknown: 'Azure did not answer: the policy may have been changed.',
} as const;

export const NO_POLICY = 'none';
export const NONSENSE = 'an entry that makes no sense';

export const portAdded = (rule: string): string => `added ${rule}`;
export const portRemoved = (rule: string): string => `removed ${rule}`;
export const portChanged = (before: string, after: string): string => `${after}, instead of ${before}`;

export const stepText = (step: string, job: string): string => [job, step].filter(Boolean).join(' / ');

export const UNREADABLE = {
  version: 'was written by a newer version of the task than this tab can read. Update the extension.',
  damaged: 'is damaged, or was not written by these tasks.',
} as const;

export const notShown = (name: string, why: string): string => `The document ${name} ${why}`;
export const notLoaded = (name: string, why: string): string =>
  `The document ${name} could not be loaded. ${why}`;

export const tooMany = (shown: number, total: number): string =>
  `This page shows ${shown} of the ${total} documents of this run.`;

export const cutText = (step: string, list: string, shown: number, total: number): string =>
  `${step}: the first ${shown} of ${total} entries of ${list}. The log and the files of the step have all.`;

export const DOWNLOAD_JSON = 'Report as JSON';
export const DOWNLOAD_CSV = 'Requests as CSV';
export const moreRows = (count: number): string => `and ${count} more rows, which the files of the step have`;
export const reportOf = (step: string): string => `Report: ${step}`;
