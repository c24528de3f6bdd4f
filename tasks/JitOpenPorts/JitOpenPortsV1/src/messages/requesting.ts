import type { Access } from '../plan/access';
import type { Perhaps } from '../plan/ledger';
import type { Prefix } from '../../../../shared/core/prefixes';
import { eachText, isCrowd, type OfVm } from '../../../../shared/core/crowd';
import { formatUtc, say } from '../../../../shared/core/text';
import { CodedError } from '../../../../shared/core/errors';
import type { InitiatePort } from '../plan/requestBody';
import type { CutOff } from '../plan/sharing';
import { requestText, sourceText, portText } from '../../../../shared/messages/ports';

export const notInAnswer = (requested: InitiatePort): string =>
  `Azure took the request, but its answer does not name ${portText(requested)}.`;

export const notGranted = (requested: InitiatePort): CodedError =>
  new CodedError({
    code: 'JIT604',
    seen: `The answer to the request does not name ${initiateText(requested)}, so nobody knows whether it is open.`,
    remedy: 'Look at the requests of the policy in Defender for Cloud, and run the job again.',
  });

export const otherSources = (
  access: Access,
  requested: readonly Prefix[] | undefined,
  opened: readonly Prefix[],
): string =>
  `${portText(access)}: asked for ${requestedText(requested)}, but what Azure opened is ${sourceText(opened)} until ${formatUtc(access.endsAt)}.`;

export const otherEnd = (access: Access, requestedEnd: number): string =>
  `${portText(access)}: asked for until ${formatUtc(requestedEnd)}, but Azure opened it until ${formatUtc(access.endsAt)}.`;

const requestedText = (sources: readonly Prefix[] | undefined): string =>
  sources ? sourceText(sources) : 'from the address that Azure sees';

/** `web-01 port 22 from 20.50.1.7 until …`. */
export const initiateText = (requested: InitiatePort): string =>
  `${portText(requested)} ${requestedText(requested.sources)} until ${formatUtc(requested.endsAt)}`;

/** Another run that a request may cut off, by name. */
export const mayCutOff = ({ by, at }: CutOff): string =>
  at === undefined
    ? `This request may cut off another run at ${portText(by.port)}: ${requestText(by)}. One request has one end, and a range is never kept open for longer than it was requested, so the range is left out.`
    : `This request may cut off another run at ${portText(by.port)} at ${formatUtc(at)}, before its own end: ${requestText(by)}.`;

/** A failure after which nobody knows whether Azure opened the ports. */
export const mayBeOpen = (failure: CodedError, requested: readonly InitiatePort[]): CodedError =>
  new CodedError(
    {
      code: failure.code,
      seen: `${failure.seen} Whether Azure carried the request out could not be learned; this may be open: ${eachText(requested, initiateText)}.`,
      remedy: failure.remedy,
    },
    { cause: failure },
  );

/** Until when the last of many is open, where not all of them are named. */
const lastEnd = (ports: readonly (OfVm & { readonly endsAt: number })[]): string =>
  isCrowd(ports) ? `, the last one until ${formatUtc(Math.max(...ports.map(({ endsAt }) => endsAt)))}` : '';

/** What a cancelled run leaves open, each port of it. */
export const leftOpenEach = (
  open: readonly Access[],
  perhaps: readonly Perhaps[],
): readonly (OfVm & { readonly text: string })[] => [
  ...open.map((access) => ({ vm: access.vm, text: openText(access) })),
  ...perhaps.map(({ requested }) => ({
    vm: requested.vm,
    text: `Perhaps ${initiateText(requested)}`,
  })),
];

const openText = (access: Access): string =>
  say`${portText(access)} ${sourceText(access.sources)} until ${formatUtc(access.endsAt)}`;

export const leftOpenTitle = (count: number): string => `What stays open, or may be: ${String(count)} ports`;

/** What a cancelled run leaves open. */
export function leftOpen(open: readonly Access[], perhaps: readonly Perhaps[]): string {
  if (open.length === 0 && perhaps.length === 0) return 'It had opened nothing.';
  const requested = perhaps.map((one) => one.requested);
  return [
    ...(open.length > 0 ? [`This stays open: ${eachText(open, openText)}${lastEnd(open)}.`] : []),
    ...(perhaps.length > 0
      ? [
          `Azure had not answered yet; this may be open: ${eachText(requested, initiateText)}${lastEnd(requested)}.`,
        ]
      : []),
  ].join(' ');
}
