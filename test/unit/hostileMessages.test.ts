import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as addresses from '../../tasks/shared/messages/addresses';
import * as closing from '../../tasks/shared/messages/closing';
import * as environment from '../../tasks/shared/messages/environment';
import * as failures from '../../tasks/shared/messages/failures';
import * as inputs from '../../tasks/shared/messages/inputs';
import * as outputs from '../../tasks/shared/messages/outputs';
import * as oddEntries from '../../tasks/shared/messages/oddEntries';
import * as planning from '../../tasks/shared/messages/planning';
import * as policies from '../../tasks/shared/messages/policies';
import * as preflight from '../../tasks/shared/messages/preflight';
import * as protection from '../../tasks/shared/messages/protection';
import * as report from '../../tasks/shared/messages/report';
import * as reportOpen from '../../tasks/shared/messages/reportOpen';
import * as reportPicture from '../../tasks/shared/messages/reportPicture';
import * as reporting from '../../tasks/shared/messages/reporting';
import * as refusals from '../../tasks/shared/messages/refusals';
import * as requesting from '../../tasks/shared/messages/requesting';
import * as routes from '../../tasks/shared/messages/routes';
import * as story from '../../tasks/shared/messages/story';
import * as waiting from '../../tasks/shared/messages/waiting';
import { both, type Made, type Makers } from './hostileMakers';
import { CLOSING_MAKERS } from './hostileClosingMessages';
import { INPUT_MAKERS } from './hostileInputMessages';
import { OUTPUT_MAKERS } from './hostileOutputMessages';
import { FAILURE_MAKERS } from './hostileFailures';
import { ODD_MAKERS } from './hostileOddEntries';
import { POLICY_MAKERS } from './hostilePolicyMessages';
import { PREFLIGHT_MAKERS } from './hostilePreflightMessages';
import { PROTECTION_MAKERS } from './hostileProtectionMessages';
import { OPEN_MAKERS, PICTURE_MAKERS, REPORT_MAKERS } from './hostileReportMessages';
import { REFUSAL_MAKERS } from './hostileRefusals';
import { REPORTING_MAKERS } from './hostileReportingMessages';
import { ROUTE_MAKERS } from './hostileRoutes';
import { assertHarmless, hostileText } from './hostileTexts';
import { toThings, type Things } from './hostileThings';

const aRule = { port: 22, protocol: '*', sources: ['*'], maxDurationMs: 1000 } as const;

const MAKERS: readonly (readonly [
  name: string,
  module: object,
  makers: Readonly<Record<string, (things: Things) => readonly Made[]>>,
])[] = [
  [
    'addresses',
    addresses,
    {
      noAnswer: ({ answers }) => [addresses.noAnswer(answers)],
      disagreement: ({ answers }) => [addresses.disagreement(answers)],
      notPublic: ({ answers, text }) => [addresses.notPublic(text(), answers)],
      outvoted: ({ answers, text }) => answers.map((answer) => addresses.outvoted(answer, text())),
      foundThroughProxy: ({ text }) => [addresses.foundThroughProxy(text())],
    } satisfies Makers<typeof addresses>,
  ],
  ['closing', closing, CLOSING_MAKERS],
  ['routes', routes, ROUTE_MAKERS],
  [
    'environment',
    environment,
    {
      ignoredVariables: ({ text, texts }) => both(environment.ignoredVariables, [text()], texts()),
      ambiguousVariables: ({ texts }) => [environment.ambiguousVariables([texts(), texts()])],
      replacingVariables: ({ texts }) => [environment.replacingVariables(texts())],
    } satisfies Makers<typeof environment>,
  ],
  ['failures', failures, FAILURE_MAKERS],
  ['refusals', refusals, REFUSAL_MAKERS],
  ['inputs', inputs, INPUT_MAKERS],
  ['oddEntries', oddEntries, ODD_MAKERS],
  [
    'planning',
    planning,
    {
      violationText: ({ violations, text }) =>
        violations.map((violation) => planning.violationText(violation, text())),
      refusedByPolicy: ({ violations, text }) => [
        ...violations.flatMap((violation) => [
          planning.refusedByPolicy([violation], ''),
          planning.refusedByPolicy([violation], text()),
        ]),
        planning.refusedByPolicy(violations, ''),
      ],
    } satisfies Makers<typeof planning>,
  ],
  ['outputs', outputs, OUTPUT_MAKERS],
  ['policies', policies, POLICY_MAKERS],
  ['preflight', preflight, PREFLIGHT_MAKERS],
  ['protection', protection, PROTECTION_MAKERS],
  ['report', report, REPORT_MAKERS],
  ['reportOpen', reportOpen, OPEN_MAKERS],
  ['reportPicture', reportPicture, PICTURE_MAKERS],
  ['reporting', reporting, REPORTING_MAKERS],
  [
    'requesting',
    requesting,
    {
      notInAnswer: ({ asked }) => [requesting.notInAnswer(asked)],
      notGranted: ({ asked }) => [requesting.notGranted(asked)],
      otherSources: ({ access, texts }) => [requesting.otherSources(access, texts(), texts())],
      mayCutOff: ({ request: by }) => both(requesting.mayCutOff, { by, at: undefined }, { by, at: 0 }),
      otherEnd: ({ access }) => [requesting.otherEnd(access, 0)],
      askText: ({ asked }) => both(requesting.askText, asked, { ...asked, sources: undefined }),
      mayBeOpen: ({ forbidden, asked }) => [requesting.mayBeOpen(forbidden, [asked, asked])],
      leftOpen: ({ access, policy, asked }) => [
        requesting.leftOpen(
          [access],
          [{ policy, asked, planned: { rule: aRule, own: undefined, others: undefined } }],
        ),
        requesting.leftOpen([], []),
      ],
    } satisfies Makers<typeof requesting>,
  ],
  [
    'story',
    story,
    {
      everybody: ({ vm }) => [story.everybody([vm])],
      foreignHost: ({ access, text }) => [
        story.foreignHost(access),
        story.foreignHost({ ...access, firewall: { host: text(), port: 22 } }),
      ],
      lookingUp: ({ vm }) => both(story.lookingUp, [vm], [vm, vm]),
      agentAddress: ({ text }) => [story.agentAddress(text())],
      unreadable: ({ forbidden }) => [story.unreadable(forbidden)],
      coveredBy: ({ policy, vm, texts }) => [
        story.coveredBy({
          ...{ policy, wanted: vm, ask: [], reuse: [], rivals: [] },
          vm: { vm, ports: [{ port: 22, protocol: '*', sources: texts(), maxDurationMs: 1000 }] },
        }),
      ],
      reused: ({ access }) => [story.reused(access, true), story.reused(access, false)],
      notSharing: () => [story.notSharing()],
      rival: ({ request }) => [story.rival(request)],
      sharing: ({ texts }) => [story.sharing(texts(), 0)],
      leftOut: ({ texts }) => [story.leftOut(texts())],
      askingAgain: ({ access }) => [story.askingAgain(access)],
      asking: ({ asked }) => [story.asking(asked)],
      wouldAsk: ({ asked }) => [story.wouldAsk(asked)],
      accepted: ({ access }) => [story.accepted([access, access], 2)],
      waiting: () => [story.waiting('rule', 1000)],
      wouldWait: () => [story.wouldWait('rule', 1000)],
      stillWaiting: ({ pendings }) =>
        both((pending) => story.stillWaiting([pending], 2000, 9000), ...pendings),
      open: ({ waited }) => waited.map(story.open),
      pausing: ({ text }) => [story.pausing(text(), 1000)],
      partlyFailed: ({ forbidden, text }) => [
        story.partlyFailed([forbidden, failures.notReached(text(), text())], 1),
      ],
    } satisfies Makers<typeof story>,
  ],
  [
    'waiting',
    waiting,
    {
      portText: ({ access }) => [waiting.portText(access)],
      sourceText: ({ texts }) => both(waiting.sourceText, texts(), ['*']),
      senselessText: ({ rules }) => rules.map(({ rule }) => waiting.senselessText(rule)),
      ruleText: ({ rules }) => rules.map(waiting.ruleText),
      blockerText: ({ blockers }) => blockers.map(waiting.blockerText),
      blockersText: ({ blockers }) => [waiting.blockersText(blockers)],
      requestText: ({ request }) => [waiting.requestText(request)],
      endedBefore: ({ access }) => [waiting.endedBefore(access)],
      superseded: ({ access, own, policy }) => [waiting.superseded(access, own, policy)],
      notOpenInTime: ({ pendings }) =>
        pendings.flatMap((pending) => [
          waiting.notOpenInTime(pending, 'rule', 1000),
          waiting.notOpenInTime(pending, 'request', 1000),
        ]),
      rulesUnreadable: ({ forbidden }) => [waiting.rulesUnreadable(forbidden)],
      vnetUnknown: ({ forbidden }) => [waiting.vnetUnknown(forbidden)],
      nothingListens: ({ access }) => [waiting.nothingListens(access)],
      standing: ({ access, rules }) => [
        waiting.standing(access, { rules, everybody: false }),
        waiting.standing(access, { rules: [], everybody: false }),
      ],
      standingForEverybody: ({ access, rules }) => [
        waiting.standingForEverybody(access, { rules, everybody: true }),
      ],
      openOverIpv6: ({ access, rules }) => [waiting.openOverIpv6(access, { rules, everybody: true })],
    } satisfies Makers<typeof waiting>,
  ],
];

const things = fc
  .tuple(hostileText, fc.array(hostileText, { maxLength: 6 }))
  .map(([first, more]): [string, ...string[]] => [first, ...more]);

for (const [name, module, makers] of MAKERS) {
  describe(`the messages of ${name}, whatever the foreign text in them`, () => {
    it('are all tried here', () => {
      const exported = Object.entries(module).filter(([, value]) => typeof value === 'function');
      assert.deepEqual(exported.map(([message]) => message).toSorted(), Object.keys(makers).toSorted());
    });

    for (const [message, make] of Object.entries(makers)) {
      it(`${message} is one line without commands and controls`, () => {
        fc.assert(
          fc.property(things, (texts) => {
            for (const made of make(toThings(texts))) {
              if (made === undefined) continue;
              if (typeof made === 'string') assertHarmless(made, message);
              else for (const part of [made.message, made.seen, made.remedy]) assertHarmless(part, message);
            }
          }),
          { numRuns: 150 },
        );
      });
    }
  });
}
