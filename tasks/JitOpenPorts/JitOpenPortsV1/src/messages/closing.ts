import { verdictText } from './verdicts';
import { openOverIpv6 } from './waiting';
import type { Closed, RequestState } from '../plan/closed';
import type { RuleAt } from '../../../../shared/core/nsg/verdict';
import { textsOf, type Prefix } from '../../../../shared/core/prefixes';
import type { PortRequest, ConcurrentRequest } from '../../../../shared/core/requests';
import type { RequestedPort } from '../../../../shared/core/policy';
import { formatUtc, listText, say } from '../../../../shared/core/text';
import { CodedError, type RefusedError } from '../../../../shared/core/errors';
import { ownSources, type NotedPort, type Unreadable } from '../plan/state';
import { kindOf } from '../../../../shared/core/codes';
import { bug } from '../../../../shared/messages/failures';
import { ruleText } from '../../../../shared/messages/rules';
import { listPorts, requestText, sourceText, portFrom, portText } from '../../../../shared/messages/ports';

/** The log lines of the post-job step, which closes what a step opened. */

export const closingStarts = (count: number): string =>
  `Closing ${count === 1 ? 'the port' : `the ${String(count)} ports`} that this step opened.`;

export const closedMany = (count: number): string => `Closed: ${String(count)} ports`;

export const moreStayOpen = (count: number): string =>
  count === 1
    ? 'One more port is not verified as closed. It can stay open until its end time.'
    : `${String(count)} more ports are not verified as closed. Each can stay open until its own end time.`;

export const closedOf = (closed: number, all: number): string =>
  `Closed: ${String(closed)} of ${String(all)} ports.`;

export const closingReason = (run: string): string => say`Closing after the job: ${run}`;

export const handOver = (run: string): string => say`Kept open for other runs that share the port: ${run}`;

const openedText = (opened: NotedPort, sources = ownSources(opened)): string =>
  sources ? portFrom(opened, sources) : portText(opened);

const concurrentText = (other: ConcurrentRequest): string =>
  other.isOurs === true
    ? `this step's own request for other runs, ${sourceText(other.port.sources)} until ${formatUtc(other.port.endsAt)}`
    : requestText(other);

/** Returns what stays open for other runs. */
const othersText = ({
  kept,
  beside = [],
}: Pick<Extract<Closed, { kind: 'closed' }>, 'kept' | 'beside'>): string =>
  (kept
    ? say` The port stays open from ${listText(textsOf(kept.sources))} until ${formatUtc(kept.endsAt)} for the runs that share it.`
    : '') +
  (beside.length > 0
    ? ` Other active requests cover a part of it and are not changed: ${listPorts(beside.map(concurrentText))}.`
    : '');

/** Returns what closing does not change. */
const besideText = ({ opened, overIpv6 }: Closed): string =>
  overIpv6 ? ` ${openOverIpv6(opened, overIpv6)}` : '';

/** @param beside other runs' requests that cover the source, or a part of it */
const neverOpenedText = (beside: readonly ConcurrentRequest[] | undefined): string =>
  beside
    ? `the NSG rules allow the source, or a part of it, only for other active requests, which are not changed: ${listPorts(beside.map(concurrentText))}.`
    : 'the NSG rules do not allow it.';

const azureText = ({ azure }: Closed): string => (azure ? ` ${verdictText(azure)}` : '');

/** Returns the outcome of one port: a line if it is closed, and a warning if it is not. */
export function closedText(closed: Closed): { readonly kind: 'line' | 'warning'; readonly text: string } {
  if (closed.kind === 'open') {
    const { opened, sources, until, isAllowed, why } = closed;
    const state = isAllowed ? 'Still open' : 'Not verified as closed';
    const end = until === undefined ? ', with no end time' : ` until ${formatUtc(until)}`;
    return {
      kind: 'warning',
      text: `${state}: ${openedText(opened, sources)}${end}. ${why}${azureText(closed)}${othersText(closed)}${besideText(closed)}`,
    };
  }
  const what = openedText(closed.opened);
  switch (closed.how) {
    case 'verified':
      return {
        kind: 'line',
        text: `Closed: ${what}. ${closed.azure ? `The NSG rules alone do not decide. ${verdictText(closed.azure)}` : 'Verified: the NSG rules no longer allow it.'}${othersText(closed)}${besideText(closed)}`,
      };
    case 'neverOpened':
      return {
        kind: 'line',
        text: `${closed.beside ? 'Not opened by this step' : 'Not open'}: ${what}. The policy does not list the request, and ${neverOpenedText(closed.beside)}${besideText(closed)}`,
      };
    case 'vmGone':
      return { kind: 'line', text: `Gone: ${what}. The VM no longer exists.` };
  }
}

/** Returns the failure to report for an error. An unexpected error is a bug of this task. */
export const toFailure = (error: unknown): CodedError => (error instanceof CodedError ? error : bug(error));

/** Why a port is still open, or might be: sentences that follow the line that says so. */

/** Returns what happened. For a bug, also returns its code and what to do. */
export const failed = (error: unknown): string => {
  const failure = toFailure(error);
  return kindOf(failure) === 'bug' ? failure.message : failure.seen;
};

/** @param isShortened whether an earlier end was requested, which another request that lasts longer makes pointless */
export const stillShown = (
  itself: RequestedPort,
  concurrent: readonly ConcurrentRequest[],
  isShortened: boolean,
): string =>
  `${isShortened ? 'An earlier end was requested, but the policy still shows the request of this step as active' : 'The request of this step is active'} until ${formatUtc(itself.endsAt)}. Other active requests cover the same source: ${listPorts(concurrent.map(concurrentText))}.`;

export const otherRuns = (concurrent: readonly ConcurrentRequest[]): string =>
  `This step ended its own requests, but other active requests cover the source and are not changed: ${listPorts(concurrent.map(concurrentText))}.`;

export const keeping = (what: string, others: readonly PortRequest[]): string =>
  `Keeping open for other runs: ${what}. Their requests: ${listPorts(others.map(requestText))}.`;

export const notKeeping = (
  opened: NotedPort,
  sources: readonly Prefix[],
  others: readonly PortRequest[],
): string =>
  `Other runs lose access to ${portFrom(opened, sources)}, because the policy no longer allows it: ${listPorts(others.map(requestText))}.`;

const REQUESTS: Readonly<Record<RequestState, string>> = {
  failed: 'The request could not be ended, and',
  shortened: 'An earlier end was requested, but',
  over: 'The request is no longer active, but',
  unseen: 'Neither the policy nor the list of the resource group showed the request, and',
  kept: 'No earlier end was requested, because it would not have closed the port earlier, and',
};

/** @param trouble why the request could not be ended, if so */
export const notVerified = (
  state: RequestState,
  missing: readonly RefusedError[],
  trouble: CodedError | undefined,
): string =>
  `${REQUESTS[state]} the NSG rules could not be read to verify that they do not allow it${reasonsText(missing)}${trouble ? ` ${failed(trouble)}` : ''}`;

export const neverListed = (missing: readonly RefusedError[]): string =>
  'The policy does not list the request, but the NSG rules could not be read to verify that they do not allow it' +
  reasonsText(missing);

const reasonsText = (missing: readonly RefusedError[]): string =>
  missing.length > 0 ? `: ${listText(missing.map(({ why }) => why))}.` : '.';

export const permanent = (rules: readonly RuleAt[]): string =>
  `No active request belongs to ${listText(rules.map(ruleText))}, which ${
    rules.length === 1
      ? 'allows or might allow it. This is permanent access, whatever the name of the rule, and this task does not delete it. Review the rule, and delete it if no one needs it.'
      : 'allow or might allow it. This is permanent access, whatever the names of the rules, and this task does not delete them. Review the rules, and delete those that no one needs.'
  }`;

export const alike = (rules: readonly RuleAt[]): string =>
  `More rules look like ${listText(rules.map(ruleText))} than this step has active requests for, and nothing shows which of them belong to it, so none is deleted. Review the rules, and delete those that no one needs.`;

export const wereAlike = (rules: readonly RuleAt[]): string =>
  `Before the request was ended, more than one rule looked like ${listText(rules.map(ruleText))}. Only one of them can belong to the request of this step, and nothing shows which, so none is deleted. Review the rules, and delete those that no one needs.`;

/** @param wereDeleted whether this step deleted the rules of its requests, or some of them */
export const rulesRemain = (
  rules: readonly RuleAt[],
  wereDeleted: boolean,
  trouble: CodedError | undefined,
): string =>
  `It is still allowed by ${listText(rules.map(ruleText))}${wereDeleted ? ', although this step has deleted rules of its requests' : ''}.${trouble ? ` ${failed(trouble)}` : ''}`;

export const rulesLinger = (rules: readonly RuleAt[], trouble: CodedError | undefined): string =>
  `The request of this step has ended, but it is still allowed by ${listText(rules.map(ruleText))}. Azure removes the rule of a request after its end. Check again later: a rule that stays is permanent access, and you can delete it if no one needs it.${trouble ? ` ${failed(trouble)}` : ''}`;

export const noGroup = 'No network security group blocks it.';

export const ruleMayCome =
  'The NSG rules do not allow it now, but the request is not initiated yet, and its rule might still be written.';

export const ruleBlocked =
  'The NSG rules do not allow it now, because another rule blocks it. But the policy still shows the request as active, and its rule still exists: without the rule that blocks it, the port would be open.';

export const ruleNeverSeen =
  'The NSG rules do not allow it now, but the policy still shows the request as active. No rule for it was seen, and it might still be written.';

export const notShown =
  'The NSG rules do not allow it now, but neither the policy nor the list of the resource group showed the request when this step looked for it, and its rule might still be written.';

export const notEnded = (trouble: CodedError): string =>
  `The rules of its request do not allow it now, but the request could not be ended. ${failed(trouble)}`;

export const notBegun = 'Closing could not start.';

export const noTimeLeft = 'There was no time left to close it and to check the rules.';

const NOTES: Readonly<Record<Unreadable, string>> = {
  damaged: 'its saved state is damaged',
  'another version': 'its saved state is from another version of the task',
  foreign: 'the saved state was not written by this step in this job',
};

export const stateUnreadable = (reason: Unreadable): string =>
  `What this step opened cannot be closed, because ${NOTES[reason]}. It stays open until the end time in the log of the step.`;

/** The same if an error leaves the state unknown. */
export const stateUnusable = (error: unknown): string =>
  `What this step opened cannot be closed, because its saved state cannot be verified. ${failed(error)} It stays open until the end time in the log of the step.`;

/** @param reason the error code of the file system, such as `EACCES` */
export const notKept = (reason: string): string =>
  say`The saved state of this step is too long for a variable, and could not be saved in a file (${reason}). What this step opens will not be closed after the job, and stays open until the end time in the log.`;

/** The same in another attempt of the step, which saves its own state. */
export const earlierUnreadable = (reason: Unreadable): string =>
  `This attempt does not know what an earlier attempt of this step opened, because ${NOTES[reason]}. It will not be closed after the job, and stays open until the end time in the log of that attempt.`;

/** JIT801: the post-job step began while the step was still running. */
export const closingHasBegun = (): CodedError =>
  new CodedError({
    code: 'JIT801',
    seen: 'The run was canceled, and the post-job step has started to close the ports of this step, so nothing more is requested.',
    remedy: 'The log of the post-job step shows what was closed.',
  });
