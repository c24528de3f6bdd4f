import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ANY } from '../../tasks/shared/core/prefixes';
import * as addresses from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/sourceAddress';
import * as checkList from '../../tasks/shared/messages/checkList';
import * as policyFailures from '../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/messages/policyFailures';
import * as policyNames from '../../tasks/shared/messages/policies';
import * as rights from '../../tasks/shared/messages/rights';
import * as closing from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/closing';
import * as connecting from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/connecting';
import * as environment from '../../tasks/shared/messages/environment';
import * as failures from '../../tasks/shared/messages/failures';
import * as inputs from '../../tasks/shared/messages/inputs';
import * as outputs from '../../tasks/shared/messages/outputs';
import * as oddEntries from '../../tasks/shared/messages/oddEntries';
import * as planning from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/planning';
import * as policies from '../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/messages/policies';
import * as preflight from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/dryRun';
import * as protection from '../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/messages/protection';
import * as report from '../../tasks/shared/view/messages/report';
import * as reportOpen from '../../tasks/shared/view/messages/open';
import * as reportPicture from '../../tasks/shared/view/messages/picture';
import * as reporting from '../../tasks/JitReport/JitReportV1/src/messages/reporting';
import * as refusals from '../../tasks/shared/messages/refusals';
import * as requesting from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/requesting';
import * as routes from '../../tasks/shared/messages/routes';
import * as opening from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/opening';
import * as retries from '../../tasks/shared/messages/retries';
import { OPENING_MAKERS } from './hostileOpeningMessages';
import * as vmQuery from '../../tasks/shared/messages/vmQuery';
import { VM_QUERY_MAKERS } from './hostileVmQueryMessages';
import * as verdicts from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/verdicts';
import * as waiting from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/waiting';
import * as rules from '../../tasks/shared/messages/rules';
import * as ports from '../../tasks/shared/messages/ports';
import { both, type Made, type Makers } from './hostileMakers';
import { CONNECTING_MAKERS } from './hostileConnectingMessages';
import { CLOSING_MAKERS } from './hostileClosingMessages';
import { INPUT_MAKERS } from './hostileInputMessages';
import { OUTPUT_MAKERS } from './hostileOutputMessages';
import { FAILURE_MAKERS } from './hostileFailures';
import { ODD_MAKERS } from './hostileOddEntries';
import { POLICY_FAILURE_MAKERS, POLICY_MAKERS, POLICY_NAME_MAKERS } from './hostilePolicyMessages';
import { CHECK_LIST_MAKERS, PREFLIGHT_MAKERS, RIGHT_MAKERS } from './hostilePreflightMessages';
import { PROTECTION_MAKERS } from './hostileProtectionMessages';
import { OPEN_MAKERS, PICTURE_MAKERS, REPORT_MAKERS } from './hostileReportMessages';
import { REFUSAL_MAKERS } from './hostileRefusals';
import { REPORTING_MAKERS } from './hostileReportingMessages';
import { ROUTE_MAKERS } from './hostileRoutes';
import { assertHarmless, hostileText } from './hostileTexts';
import { toThings, type Things } from './hostileThings';
import { VERDICT_MAKERS } from './hostileVerdictMessages';

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
  ['verdicts', verdicts, VERDICT_MAKERS],
  ['connecting', connecting, CONNECTING_MAKERS],
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
  ['vmQuery', vmQuery, VM_QUERY_MAKERS],
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
      leftOutByPolicy: ({ violations, text }) => [planning.leftOutByPolicy(violations, text())],
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
      notInAnswer: ({ asked: requested }) => [requesting.notInAnswer(requested)],
      notGranted: ({ asked: requested }) => [requesting.notGranted(requested)],
      otherSources: ({ access, prefixes }) => [requesting.otherSources(access, prefixes(), prefixes())],
      mayCutOff: ({ request: by }) => both(requesting.mayCutOff, { by, at: undefined }, { by, at: 0 }),
      notRequested: ({ access }) => [requesting.notRequested(access)],
      moreNotRequested: () => both(requesting.moreNotRequested, 1, 2),
      moreNotInAnswer: () => both(requesting.moreNotInAnswer, 1, 2),
      moreDifferences: () => both(requesting.moreDifferences, 1, 2),
      otherEnd: ({ access }) => [requesting.otherEnd(access, 0)],
      initiateText: ({ asked: requested }) =>
        both(requesting.initiateText, requested, { ...requested, sources: undefined }),
      mayBeOpen: ({ forbidden, asked: requested }) => [
        requesting.mayBeOpen(forbidden, [requested, requested]),
      ],
      leftOpenTitle: () => [requesting.leftOpenTitle(11)],
      leftOpenEach: ({ access, policy, asked: requested }) =>
        requesting
          .leftOpenEach([access], [{ policy, requested, planned: { own: undefined, others: undefined } }])
          .map(({ text }) => text),
      leftOpen: ({ access, policy, asked: requested }) => [
        requesting.leftOpen(
          [access],
          [{ policy, requested, planned: { own: undefined, others: undefined } }],
        ),
        requesting.leftOpen([], []),
      ],
    } satisfies Makers<typeof requesting>,
  ],
  ['opening', opening, OPENING_MAKERS],
  ['policyFailures', policyFailures, POLICY_FAILURE_MAKERS],
  ['policyNames', policyNames, POLICY_NAME_MAKERS],
  ['checkList', checkList, CHECK_LIST_MAKERS],
  ['rights', rights, RIGHT_MAKERS],
  [
    'retries',
    retries,
    { pausing: ({ text }) => [retries.pausing(text(), 1000)] } satisfies Makers<typeof retries>,
  ],
  [
    'ports',
    ports,
    {
      portText: ({ access }) => [ports.portText(access)],
      portOf: ({ access }) => [ports.portOf(access)],
      portFrom: ({ access, prefixes }) => [ports.portFrom(access, prefixes())],
      listPorts: ({ access }) => [ports.listPorts([ports.portText(access), ports.portText(access)])],
      eachPort: ({ vm }) =>
        [2, 12].map((count) =>
          ports.eachPort(
            Array.from({ length: count }, (_none, at) => ({ vm: { ...vm, key: String(at) } })),
            (one) => ports.portText({ ...one, port: 22 }),
          ),
        ),
      sourceText: ({ prefixes }) => both(ports.sourceText, prefixes(), [ANY]),
      requestText: ({ request }) => [ports.requestText(request)],
    } satisfies Makers<typeof ports>,
  ],
  [
    'rules',
    rules,
    {
      ruleText: (made) => made.rules.map(rules.ruleText),
      senselessText: (made) => made.rules.map(({ rule }) => rules.senselessText(rule)),
    } satisfies Makers<typeof rules>,
  ],
  [
    'waiting',
    waiting,
    {
      blockerText: ({ blockers }) => blockers.map(waiting.blockerText),
      blockedBy: ({ blockers }) => [waiting.blockedBy(blockers, '')],
      blockersText: ({ blockers }) => [waiting.blockersText(blockers)],
      endedBefore: ({ access }) => [waiting.endedBefore(access)],
      superseded: ({ access, own, policy }) => [waiting.superseded(access, own, policy)],
      notOpenInTime: ({ pendings }) =>
        pendings.flatMap((pending) => [
          waiting.notOpenInTime(pending, 'rule', 1000),
          waiting.notOpenInTime(pending, 'request', 1000),
          waiting.notOpenInTime(pending, 'connection', 1000, 'A hint. '),
        ]),
      missingRule: () => [waiting.missingRule({}), waiting.missingRule({ openedAfterMs: 1000 })],
      rulesUnreadable: ({ forbidden }) => [waiting.rulesUnreadable(forbidden)],
      withoutPlace: ({ access }) => [waiting.withoutPlace(access.vm)],
      moreWithoutPlace: () => both(waiting.moreWithoutPlace, 1, 2),
      notesOfRound: () => [waiting.notesOfRound(1), waiting.notesOfRound(2)],
      adminRulesUnknown: ({ forbidden, text }) => [
        waiting.adminRulesUnknown(forbidden),
        waiting.adminRulesUnknown(failures.notFound('virtual network', text())),
      ],
      vnetUnknown: ({ forbidden }) => [waiting.vnetUnknown(forbidden)],
      nothingListens: ({ access }) => [waiting.nothingListens(access)],
      permanentAccess: ({ access, rules }) => [
        waiting.permanentAccess(access, { rules, everyAddress: false }),
        waiting.permanentAccess(access, { rules: [], everyAddress: false }),
      ],
      permanentForEveryAddress: ({ access, rules }) => [
        waiting.permanentForEveryAddress(access, { rules, everyAddress: true }),
      ],
      permanentMany: () => [waiting.permanentMany(11)],
      morePermanent: () => [waiting.morePermanent(2)],
      openOverIpv6: ({ access, rules }) => [waiting.openOverIpv6(access, { rules, everyAddress: true })],
    } satisfies Makers<typeof waiting>,
  ],
];

const things = fc
  .tuple(hostileText, fc.array(hostileText, { maxLength: 6 }))
  .map(([first, more]): [string, ...string[]] => [first, ...more]);

for (const [name, module, makers] of MAKERS) {
  describe(`the messages of ${name} with foreign text`, () => {
    it('are all tested here', () => {
      const exported = Object.entries(module).filter(([, value]) => typeof value === 'function');
      assert.deepEqual(exported.map(([message]) => message).toSorted(), Object.keys(makers).toSorted());
    });

    for (const [message, make] of Object.entries(makers)) {
      it(`include ${message}, which is one line without commands and control characters`, () => {
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
