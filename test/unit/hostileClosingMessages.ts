import * as closing from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/closing';
import { initiateText } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/requesting';
import { both, type Makers } from './hostileMakers';

/** Creates each message of the post-job step. */
export const CLOSING_MAKERS = {
  closingStarts: () => [closing.closingStarts(2)],
  closedMany: () => [closing.closedMany(11)],
  moreStayOpen: () => [closing.moreStayOpen(2)],
  closedOf: () => [closing.closedOf(10, 11)],
  closingHasBegun: () => [closing.closingHasBegun()],
  closingReason: ({ text }) => [closing.closingReason(text())],
  handOver: ({ text }) => [closing.handOver(text())],
  closedText: ({ opened, request, rules, prefixes, text }) => [
    ...(['verified', 'neverOpened', 'vmGone'] as const).map(
      (how) =>
        closing.closedText({ kind: 'closed', opened, how, kept: opened.others, beside: [request] }).text,
    ),
    closing.closedText({ kind: 'closed', opened, how: 'verified', overIpv6: { rules, everyAddress: true } })
      .text,
    ...['verified' as const, undefined].map((how) => {
      const azure = prefixes().map((address) => ({
        ...({ address, byRules: 'unknown', access: 'Allow', ruleName: text() } as const),
      }));
      return how
        ? closing.closedText({ kind: 'closed', opened, how, azure }).text
        : closing.closedText({
            kind: 'open',
            opened,
            until: undefined,
            isAllowed: true,
            why: closing.noGroup,
            azure,
          }).text;
    }),
    closing.closedText({
      kind: 'open',
      opened,
      until: undefined,
      isAllowed: true,
      why: closing.otherRuns([request]),
    }).text,
    closing.closedText({
      kind: 'open',
      opened,
      until: opened.endsAt,
      isAllowed: false,
      why: closing.noTimeLeft,
    }).text,
  ],
  otherRuns: ({ request }) => [closing.otherRuns([request, { ...request, isOurs: true }])],
  stillShown: ({ request }) => both((is) => closing.stillShown(request.port, [request], is), true, false),
  notKeeping: ({ opened, request, prefixes }) => [closing.notKeeping(opened, prefixes(), [request])],
  keeping: ({ asked: requested, request }) => [closing.keeping(initiateText(requested), [request])],
  notVerified: ({ forbidden }) =>
    (['failed', 'shortened', 'over', 'unseen', 'kept'] as const).map((state) =>
      closing.notVerified(state, [forbidden, forbidden], forbidden),
    ),
  neverListed: ({ forbidden }) => both(closing.neverListed, [], [forbidden, forbidden]),
  alike: ({ rules }) => [closing.alike(rules)],
  wereAlike: ({ rules }) => [closing.wereAlike(rules)],
  permanent: ({ rules }) => [closing.permanent(rules)],
  rulesRemain: ({ rules, forbidden }) => [
    closing.rulesRemain(rules, true, forbidden),
    closing.rulesRemain(rules, false, undefined),
  ],
  rulesLinger: ({ rules, forbidden }) => [
    closing.rulesLinger(rules, forbidden),
    closing.rulesLinger(rules.slice(0, 1), undefined),
  ],
  notEnded: ({ forbidden }) => [closing.notEnded(forbidden)],
  toFailure: ({ text, forbidden }) => [
    closing.toFailure(new TypeError(text())),
    closing.toFailure(forbidden),
  ],
  failed: ({ text, forbidden }) => [closing.failed(new TypeError(text())), closing.failed(forbidden)],
  stateUnreadable: () => [closing.stateUnreadable('damaged')],
  stateUnusable: ({ text, forbidden }) => [
    closing.stateUnusable(new TypeError(text())),
    closing.stateUnusable(forbidden),
  ],
  earlierUnreadable: () => [closing.earlierUnreadable('damaged')],
  notKept: ({ text }) => [closing.notKept(text())],
} satisfies Makers<typeof closing>;
