import type { Access } from '../plan/access';
import type { Perhaps } from '../plan/ledger';
import type { Prefix } from '../../../../shared/core/prefixes';
import { isCrowd, type OfVm } from '../../../../shared/core/crowd';
import { formatUtc } from '../../../../shared/core/text';
import { CodedError } from '../../../../shared/core/errors';
import type { InitiatePort } from '../plan/requestBody';
import type { CutOff } from '../plan/sharing';
import {
  eachPort,
  portFrom,
  portOf,
  portText,
  requestText,
  sourceText,
} from '../../../../shared/messages/ports';

export const notInAnswer = (requested: InitiatePort): string =>
  `Azure accepted the request, but its response does not name ${portOf(requested)}.`;

export const moreNotInAnswer = (count: number): string =>
  `Azure's response also does not name ${count === 1 ? 'one more port' : `${String(count)} more ports`} that ${count === 1 ? 'was' : 'were'} requested.`;

export const notGranted = (requested: InitiatePort): CodedError =>
  new CodedError({
    code: 'JIT604',
    seen: `Whether this is open is not known, because the response to the request does not name it: ${initiateText(requested)}.`,
    remedy: 'Check the requests of the policy in Defender for Cloud, and run the job again.',
  });

export const notRequested = (access: Access): string =>
  `Azure also opened what was not requested: ${openText(access)}.`;

export const moreNotRequested = (count: number): string =>
  count === 1
    ? 'Azure opened one more port that was not requested.'
    : `Azure opened ${String(count)} more ports that were not requested.`;

export const otherSources = (
  access: Access,
  requested: readonly Prefix[] | undefined,
  opened: readonly Prefix[],
): string =>
  `${portText(access)}: requested ${requestedText(requested)}, but Azure opened it ${sourceText(opened)} until ${formatUtc(access.endsAt)}.`;

export const otherEnd = (access: Access, requestedEnd: number): string =>
  `${portText(access)}: requested until ${formatUtc(requestedEnd)}, but Azure opened it until ${formatUtc(access.endsAt)}.`;

export const moreDifferences = (count: number): string =>
  count === 1
    ? 'Azure opened one more port differently than requested.'
    : `Azure opened ${String(count)} more ports differently than requested.`;

const requestedText = (sources: readonly Prefix[] | undefined): string =>
  sources ? sourceText(sources) : 'from the address that Azure sees';

/** Returns `web-01, port 22, from 20.50.1.7 until …`. */
export const initiateText = (requested: InitiatePort): string =>
  `${portText(requested)}, ${requestedText(requested.sources)} until ${formatUtc(requested.endsAt)}`;

/** Names another run that a request might cut off. */
export const mayCutOff = ({ by, at }: CutOff): string =>
  at === undefined
    ? `This request may cut off another run on ${portOf(by.port)}: ${requestText(by)}. A request has one end time for all its sources, and a range is never kept open longer than it was requested, so the range is left out.`
    : `This request may cut off another run on ${portOf(by.port)} at ${formatUtc(at)}, before the end time of that run's request: ${requestText(by)}.`;

/** Returns the failure for a request if it is not known whether Azure opened the ports. */
export const mayBeOpen = (failure: CodedError, requested: readonly InitiatePort[]): CodedError =>
  new CodedError(
    {
      code: failure.code,
      seen: `${failure.seen} Whether Azure carried out the request is not known. This may be open: ${eachPort(requested, initiateText)}.`,
      remedy: failure.remedy,
    },
    { cause: failure },
  );

/** Returns until when the last of many ports is open, if not all of them are named. */
const lastEnd = (ports: readonly (OfVm & { readonly endsAt: number })[]): string =>
  isCrowd(ports) ? `; the last one until ${formatUtc(Math.max(...ports.map(({ endsAt }) => endsAt)))}` : '';

/** Returns a text for each port that a canceled run leaves open, or might leave open. */
export const leftOpenEach = (
  open: readonly Access[],
  perhaps: readonly Perhaps[],
): readonly (OfVm & { readonly text: string })[] => [
  ...open.map((access) => ({ vm: access.vm, text: `Stays open: ${openText(access)}` })),
  ...perhaps.map(({ requested }) => ({
    vm: requested.vm,
    text: `May be open: ${initiateText(requested)}`,
  })),
];

const openText = (access: Access): string =>
  `${portFrom(access, access.sources)} until ${formatUtc(access.endsAt)}`;

export const leftOpenTitle = (count: number): string =>
  `What stays open or may be open: ${String(count)} ports`;

/** Returns what a canceled run leaves open, or might leave open. */
export function leftOpen(open: readonly Access[], perhaps: readonly Perhaps[]): string {
  if (open.length === 0 && perhaps.length === 0) return 'It had opened nothing.';
  const requested = perhaps.map((one) => one.requested);
  return [
    ...(open.length > 0 ? [`This stays open: ${eachPort(open, openText)}${lastEnd(open)}.`] : []),
    ...(perhaps.length > 0
      ? [
          `Azure had not responded yet. This may be open: ${eachPort(requested, initiateText)}${lastEnd(requested)}.`,
        ]
      : []),
  ].join(' ');
}
