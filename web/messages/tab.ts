import type { PortState } from '../read/ports';

/** The texts of the run's tab. */

export const TITLE = 'Just-in-time access';
export const LOADING = 'Loading the results of this run.';
export const NOTHING_YET = 'No step of this run has finished yet. This page updates automatically.';
export const NOTHING = 'The steps of this run have no results to show.';
export const NO_HOST = 'This page works only as a tab of a run in Azure DevOps.';

export const HEADINGS = {
  ports: 'Ports',
  leftOut: 'Left out',
  policies: 'Policies',
  checks: 'Dry run',
  failures: 'Errors',
  notes: 'Not shown',
} as const;

export const COLUMNS = {
  vm: 'VM',
  port: 'Port',
  sources: 'Sources',
  state: 'State',
  end: 'End (UTC)',
  step: 'Step',
  change: 'Change',
  before: 'Before',
  after: 'After',
  policy: 'Policy',
  topic: 'Check',
  mark: 'Status',
  found: 'Result',
  code: 'Code',
  seen: 'Details',
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
  over: 'Expired',
};

/** Notes on a state, for cases in which the log has no line about it. */
export const STATE_NOTES: Readonly<Partial<Record<PortState, string>>> = {
  notRead: 'Azure reports this status. The rules were not read.',
  requested: 'Azure granted the request. The step did not wait until the port was open.',
  unknown: 'Azure did not respond to the request. The request may have succeeded.',
  over: 'The request has expired. The rules have not been read since then.',
};

export const WHOLE_VM = 'all';

export const REUSED = 'The step reused an earlier request.';
export const PERMANENT = 'Permanent access: rules allow this source without a request. The log names them.';
export const NO_END = 'no end';

export const failedWith = (code: string): string =>
  `The port was not open when the step failed with ${code}. The request remains active until its end and may open the port later.`;

/** How much time is left, by the clock of the reader's machine. */
export const leftText = (duration: string): string => `${duration} left`;

export const openNow = (count: number): string =>
  count === 0
    ? 'No port that this run opened is open now.'
    : count === 1
      ? 'One port that this run opened may be open now.'
      : `${count} ports that this run opened may be open now.`;

export const NO_PORTS = 'No step of this run opened a port.';
/** Follows another status text if documents could not be read, because their content is unknown. */
export const NOT_WHOLE = 'Some results of this run could not be read.';

export const GOES_ON = 'The run is in progress. This page updates automatically.';

/** The change of a port, in the words of the summary. */
export const CHANGES = {
  added: 'port added',
  changed: 'port changed',
  removed: 'port removed',
} as const;

/** The change of a VM. Each port of a VM that is added or removed also has it. */
export const VM_CHANGES = {
  added: 'VM added',
  changed: 'VM changed',
  removed: 'VM removed',
  none: 'no change',
} as const;

/** The same changes in a dry run. */
export const WOULD = {
  added: 'port would be added',
  changed: 'port would be changed',
  removed: 'port would be removed',
} as const;

export const VM_WOULD = {
  added: 'VM would be added',
  changed: 'VM would be changed',
  removed: 'VM would be removed',
  none: 'no change',
} as const;

export const POLICY_STATES = {
  changed: '',
  unchanged: '',
  failed: 'The policy does not have the requested content.',
  unknown: 'Azure did not respond. The policy may have been changed.',
} as const;

/** Returns the place of a VM that shares its name with other VMs. */
export const vmPlace = (resourceGroup: string, subscriptionId: string): string =>
  `${resourceGroup}, subscription ${subscriptionId}`;

export const NO_POLICY = 'none';
export const NONSENSE = 'a port that cannot be read';

/** Shown in place of a port's rule that the policy does not have before or after the change. */
export const NO_RULE = 'none';

export const stepText = (step: string, job: string): string => [job, step].filter(Boolean).join(' / ');

export const UNREADABLE = {
  version: 'was written by a newer version of the task, which this tab cannot read. Update the extension.',
  damaged: 'is damaged or was not written by these tasks.',
} as const;

export const notShown = (name: string, why: string): string => `The document ${name} ${why}`;
export const notLoaded = (name: string, why: string): string =>
  `The document ${name} could not be loaded. ${why}`;

export const tooMany = (shown: number, total: number): string =>
  `This page shows ${shown} of the ${total} documents of this run.`;

export const cutText = (step: string, list: string, shown: number, total: number): string =>
  `${step}: the first ${shown} of ${total} entries of ${list}. The log and the files of the step have all entries.`;

export const DOWNLOAD_JSON = 'Report as JSON';
export const DOWNLOAD_CSV = 'Requests as CSV';
export const moreRows = (count: number): string =>
  `and ${count} more ${count === 1 ? 'row' : 'rows'} in the files of the step`;
export const reportOf = (step: string): string => `Report: ${step}`;
