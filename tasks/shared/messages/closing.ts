import type { Closed } from '../access/closing';
import type { RuleAt } from '../domain/nsg/verdict';
import type { PortRequest } from '../domain/requests';
import { formatUtc, listText, say } from '../domain/text';
import type { CodedError } from '../errors';
import { ownSources, type Opened, type Unreadable } from '../access/state';
import type { RefusedError } from './refusals';
import { portText, requestText, ruleText, sourceText } from './waiting';

/** The lines of the stage after the job, which closes what a step opened. */

export const closingStarts = (count: number): string =>
  `Closing ${count === 1 ? 'the port' : `the ${String(count)} ports`} that this step opened.`;

export const closingReason = (run: string): string => say`Closing after the job: ${run}`;

export const handOver = (run: string): string => say`Kept for the other runs that share the port: ${run}`;

const openedText = (opened: Opened): string => {
  const sources = ownSources(opened);
  return portText(opened) + (sources ? ` ${sourceText(sources)}` : '');
};

/** What a shared port leaves open for the runs that share it. */
const keptText = ({ others }: Opened): string =>
  others
    ? say` For the runs that share the port, ${listText(others.sources)} may stay open until ${formatUtc(others.endsAt)}.`
    : '';

/** The fate of one port: a line when it is closed, a warning when it is not. */
export function fate(closed: Closed): { readonly kind: 'line' | 'warning'; readonly text: string } {
  const what = openedText(closed.opened);
  if (closed.kind === 'open') {
    const until = closed.until === undefined ? '' : ` until ${formatUtc(closed.until)}`;
    return { kind: 'warning', text: `${what} stays open${until}: ${closed.why}` };
  }
  switch (closed.how) {
    case 'shut':
      return {
        kind: 'line',
        text: `Closed: ${what}. The rules, read back, do not let it in any more.${keptText(closed.opened)}`,
      };
    case 'neverOpened':
      return { kind: 'line', text: `Not open: ${what}. Azure never carried the request out.` };
    case 'vmGone':
      return { kind: 'line', text: `Gone: ${what}. The VM does not exist any more.` };
  }
}

export const otherRun = (rival: PortRequest): string =>
  `another live request for the same source is left alone: ${requestText(rival)}.`;

export const notVerified = (missing: readonly RefusedError[]): string =>
  'an earlier end was asked for, but whether the rules follow could not be read' +
  (missing.length > 0 ? `: ${listText(missing.map(({ why }) => why))}.` : '.');

export const byHand = (rules: readonly RuleAt[]): string =>
  `it is not just-in-time access that lets it in, but ${listText(rules.map(ruleText))}, which is not this task's to delete.`;

export const rulesRemain = (rules: readonly RuleAt[], trouble: CodedError | undefined): string =>
  `${listText(rules.map(ruleText))} still lets it in.${trouble ? ` ${trouble.seen}` : ''}`;

export const noGroup = 'no network security group keeps it out.';

export const ruleMayCome =
  'the rules do not let it in now, but the request is not initiated yet, and its rule may still be written.';

export const notEnded = (trouble: CodedError): string =>
  `the rules do not let it in now, but the request could not be ended. ${trouble.seen}`;

export const insideOthers = (sources: readonly string[]): string =>
  say`it lies within ${listText(sources)}, which is kept for other runs that share the port.`;

export const notBegun = 'closing could not begin.';

export const noTimeLeft = 'the stage had no time left to close it and to look.';

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
