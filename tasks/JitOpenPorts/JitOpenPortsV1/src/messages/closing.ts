import { verdictText } from './verdicts';
import { openOverIpv6 } from './waiting';
import type { Closed } from '../plan/closed';
import type { RuleAt } from '../../../../shared/core/nsg/verdict';
import { textsOf } from '../../../../shared/core/prefixes';
import type { PortRequest, ConcurrentRequest } from '../../../../shared/core/requests';
import { formatUtc, listText, say } from '../../../../shared/core/text';
import { CodedError, type RefusedError } from '../../../../shared/core/errors';
import { ownSources, type NotedPort, type Unreadable } from '../plan/state';
import { ruleText } from '../../../../shared/messages/rules';
import { requestText, sourceText, portText } from '../../../../shared/messages/ports';

/** The lines of the post-job step, which closes what a step opened. */

export const closingStarts = (count: number): string =>
  `Closing ${count === 1 ? 'the port' : `the ${String(count)} ports`} that this step opened.`;

export const closedMany = (count: number): string => `Closed: ${String(count)} ports`;

export const moreStayOpen = (count: number): string =>
  `${String(count)} more ports stay open, each until its own end.`;

export const closedOf = (closed: number, all: number): string =>
  `Closed: ${String(closed)} of ${String(all)} ports.`;

export const closingReason = (run: string): string => say`Closing after the job: ${run}`;

export const handOver = (run: string): string => say`Kept for the other runs that share the port: ${run}`;

const openedText = (opened: NotedPort): string => {
  const sources = ownSources(opened);
  return portText(opened) + (sources ? ` ${sourceText(sources)}` : '');
};

const concurrentText = (other: ConcurrentRequest): string =>
  other.isOurs === true
    ? `what this step has requested for other runs, ${sourceText(other.port.sources)} until ${formatUtc(other.port.endsAt)}`
    : requestText(other);

/** What stays open for other runs. */
const othersText = ({
  kept,
  beside = [],
}: Pick<Extract<Closed, { kind: 'closed' }>, 'kept' | 'beside'>): string =>
  (kept
    ? say` For the runs that share the port, ${listText(textsOf(kept.sources))} stays open until ${formatUtc(kept.endsAt)}.`
    : '') +
  (beside.length > 0
    ? ` Other active requests hold a part of it and are left alone: ${listText(beside.map(concurrentText))}.`
    : '');

/** What closing does not change. */
const besideText = ({ opened, overIpv6 }: Closed): string =>
  overIpv6 ? ` ${openOverIpv6(opened, overIpv6)}` : '';

const azureText = ({ azure }: Closed): string => (azure ? ` ${verdictText(azure)}` : '');

/** The outcome of one port: a line when it is closed, a warning when it is not. */
export function closedText(closed: Closed): { readonly kind: 'line' | 'warning'; readonly text: string } {
  if (closed.kind === 'open') {
    const { opened, sources = ownSources(opened), until, why } = closed;
    const where = portText(opened) + (sources ? ` ${sourceText(sources)}` : '');
    const end = until === undefined ? ' without an end' : ` until ${formatUtc(until)}`;
    return {
      kind: 'warning',
      text: `${where} stays open${end}: ${why}${azureText(closed)}${othersText(closed)}${besideText(closed)}`,
    };
  }
  const what = openedText(closed.opened);
  switch (closed.how) {
    case 'shut':
      return {
        kind: 'line',
        text: `Closed: ${what}. ${closed.azure ? `The rules, read back, do not decide. ${verdictText(closed.azure)}` : 'The rules, read back, do not allow it any more.'}${othersText(closed)}${besideText(closed)}`,
      };
    case 'neverOpened':
      return {
        kind: 'line',
        text: `Not open: ${what}. The policy does not list the request, and the rules do not allow it.${besideText(closed)}`,
      };
    case 'vmGone':
      return { kind: 'line', text: `Gone: ${what}. The VM does not exist any more.` };
  }
}

export const otherRuns = (concurrent: readonly ConcurrentRequest[]): string =>
  `this step has ended what it requested itself, but other active requests hold the source and are left alone: ${listText(concurrent.map(concurrentText))}.`;

export const keeping = (what: string, others: readonly PortRequest[]): string =>
  `Keeping ${what} open, which other runs need: ${listText(others.map(requestText))}.`;

export const notVerified = (missing: readonly RefusedError[]): string =>
  'an earlier end was asked for, but whether the rules follow could not be read' +
  (missing.length > 0 ? `: ${listText(missing.map(({ why }) => why))}.` : '.');

export const neverListed = (missing: readonly RefusedError[]): string =>
  'its policy does not list the request, but whether the rules allow it could not be read' +
  (missing.length > 0 ? `: ${listText(missing.map(({ why }) => why))}.` : '.');

export const permanent = (rules: readonly RuleAt[]): string =>
  `no active request stands behind ${listText(rules.map(ruleText))}, which allows it or may do so. This is permanent access, whatever the name of the rule, and not this task's to delete: look at the rule, and delete it if nobody needs it.`;

export const alike = (rules: readonly RuleAt[]): string =>
  `more than one rule looks like ${listText(rules.map(ruleText))}. Only one can be of this step's request, and another one was there before, so that none is deleted: look at them, and delete what nobody needs.`;

export const rulesRemain = (rules: readonly RuleAt[], trouble: CodedError | undefined): string =>
  `${listText(rules.map(ruleText))} still allows it.${trouble ? ` ${trouble.seen}` : ''}`;

export const noGroup = 'no network security group keeps it out.';

export const ruleMayCome =
  'the rules do not allow it now, but the request is not initiated yet, and its rule may still be written.';

export const notShown =
  'the rules do not allow it now, but neither its policy nor the list of the resource group showed the request when it was to be ended, and its rule may still be written.';

export const notEnded = (trouble: CodedError): string =>
  `the rules of its request do not allow it now, but the request could not be ended. ${trouble.seen}`;

export const notBegun = 'closing could not begin.';

export const noTimeLeft = 'there was no time left to close it and to look.';

const NOTES: Readonly<Record<Unreadable, string>> = {
  damaged: 'its notes are damaged',
  'another version': 'its notes are from another version of the task',
  foreign: 'the notes that are there were not written by this step in this job',
};

export const stateUnreadable = (reason: Unreadable): string =>
  `What this step opened cannot be closed, because ${NOTES[reason]}. Whatever it opened stays open until the end that its log names.`;

/** @param reason of the file system: `EACCES` */
export const notKept = (reason: string): string =>
  say`What this step opens is too much for a variable, and could not be noted in a file (${reason}). It will not be closed after the job, and stays open until the end that the log names.`;

/** The same in another attempt of the step, which writes notes of its own. */
export const earlierUnreadable = (reason: Unreadable): string =>
  `What an earlier attempt of this step opened is not known to this one, because ${NOTES[reason]}. It will not be closed after the job, and stays open until the end that the log of that attempt names.`;

/** JIT801: the post-job step has begun while the step still ran. */
export const closingHasBegun = (): CodedError =>
  new CodedError({
    code: 'JIT801',
    seen: 'The run was cancelled, and the post-job step of this step has begun to close, so that nothing more is requested.',
    remedy: 'The log of the post-job step says what was closed.',
  });
