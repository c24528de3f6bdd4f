import * as failures from '../../tasks/shared/messages/failures';
import * as policies from '../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/messages/policies';
import * as policyFailures from '../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/messages/policyFailures';
import * as policyNames from '../../tasks/shared/messages/policies';
import { both, type Makers } from './hostileMakers';

/** Creates each name of a policy. */
export const POLICY_NAME_MAKERS = {
  policyName: ({ policy }) => both(policyNames.policyName, policy, { ...policy, resourceGroup: '' }),
} satisfies Makers<typeof policyNames>;

/** Creates each message about policies. */
export const POLICY_MAKERS = {
  wrongRule: ({ text }) =>
    (['form', 'port', 'duration', 'durationRange', 'source', 'everything', 'twice', 'removal'] as const).map(
      (problem) => policies.wrongRule({ text: text(), problem }),
    ),
  wrongPlaceholder: ({ text }) => [policies.wrongPlaceholder(text())],
  goneFromQuery: ({ vm }) => [
    policies.goneFromQuery([vm]),
    policies.goneFromQuery(Array.from({ length: 12 }, () => vm)),
  ],
  patternText: ({ text }) => [
    policies.patternText(text(), 1, 'ensure'),
    policies.patternText(text(), 2, 'remove'),
  ],
  patternEmpty: ({ text }) => [
    policies.patternEmpty(text(), 'ensure'),
    policies.patternEmpty(text(), 'remove'),
  ],
  patternNotInNamed: ({ text, policy }) => [policies.patternNotInNamed(text(), text(), [policy, policy])],
  vmText: ({ vm }) => [policies.vmText(vm)],
  reading: ({ vm }) => both(policies.reading, [vm], [vm, vm]),
  otherPolicyWins: ({ vm, policy, text }) => [policies.otherPolicyWins(vm, policy, text())],
  notInNamedPolicy: ({ vm, text, policy }) => [policies.notInNamedPolicy(vm, text(), [policy, policy])],
  alsoListed: ({ vm, policy, vmDifferences }) =>
    [[], vmDifferences.flatMap(({ ports }) => ports.flatMap(({ after }) => after ?? []))].map((ports) =>
      policies.alsoListed({ vm, ref: policy, ports }),
    ),
  policyText: ({ policy }) =>
    (['none', 'make', 'put', 'repair', 'delete'] as const).map((kind) => policies.policyText(policy, kind)),
  notInPolicies: () => [policies.notInPolicies(11)],
  summaryCut: () => [policies.summaryCut(100, 200)],
  moreFailures: () => [policies.moreFailures(1), policies.moreFailures(2)],
  differenceLines: ({ vmDifferences }) => vmDifferences.flatMap(policies.differenceLines),
  portDifferenceText: ({ vmDifferences }) =>
    vmDifferences.flatMap(({ ports }) => ports.map(policies.portDifferenceText)),
  changeRows: ({ vmDifferences }) => vmDifferences.flatMap((one) => policies.changeRows(one, 'done')).flat(),
  othersStay: ({ policy }) => [policies.othersStay(policy, 1), policies.othersStay(policy, 2)],
  disturbs: ({ request }) => [policies.disturbs(request)],
  moreNotInNamedPolicy: () => [policies.moreNotInNamedPolicy(2)],
  moreDisturbed: () => [policies.moreDisturbed(2)],
  moreRequestsGone: () => [policies.moreRequestsGone(2)],
  requestGone: ({ request }) => [policies.requestGone(request)],
  cameBetween: ({ policy }) => [policies.cameBetween(policy)],
  repairing: ({ policy, text }) => [policies.repairing(policy, text())],
  appendModeOff: ({ policy }) => [policies.appendModeOff(policy)],
  policyIsBusy: ({ policy }) => [policies.policyIsBusy(policy, 1000)],
  goneVmsLeftOut: ({ policy, texts }) => [policies.goneVmsLeftOut(policy, texts())],
  goneVmsDropped: ({ policy, texts }) => [policies.goneVmsDropped(policy, texts())],
  writing: ({ policy }) => [policies.writing(policy, 'put'), policies.writing(policy, 'delete')],
  awaitingPolicy: ({ text, policy }) => [policies.awaitingPolicy(policy, text())],
  policyReady: ({ policy }) => [policies.policyReady(policy)],
  policyDeleted: ({ policy }) => [policies.policyDeleted(policy)],
  vmsLost: ({ texts, policy }) => [policies.vmsLost(policy, texts())],
  contradiction: ({ text }) => [
    policies.contradiction(false, true, []),
    policies.contradiction(true, false, []),
    policies.contradiction(true, true, [{ entry: { id: text() } }, { entry: {} }]),
  ],
  readAgain: ({ policy }) => [policies.readAgain(policy, 1000)],
  vmsGone: ({ text, policy }) => [
    policies.vmsGone(policy, [{ entry: { id: text() }, ports: [{ number: text() }] }, { entry: {} }]),
  ],
} satisfies Makers<typeof policies>;

/** Creates each failure of a policy. */
export const POLICY_FAILURE_MAKERS = {
  systemsUnknown: ({ vm }) => [policyFailures.systemsUnknown([vm, vm])],
  tooManyVms: () => [policyFailures.tooManyVms(51, 50)],
  noPortLeft: ({ vm }) => [policyFailures.noPortLeft([vm])],
  policyBusy: ({ policy, text }) => [policyFailures.policyBusy(policy, text())],
  vmsNotRead: ({ policy, text, forbidden }) => [
    policyFailures.vmsNotRead(policyFailures.policyRefused(policy, text()), forbidden),
  ],
  nameTooLong: ({ text, policy }) => [policyFailures.nameTooLong([{ policy, vm: text() }])],
  notProvisioned: ({ text, policy }) => [
    policyFailures.notProvisioned(policy, text(), 1000, true),
    policyFailures.notProvisioned(policy, text(), 1000, false),
    policyFailures.notProvisioned(policy, 'Failed', 1000, true),
  ],
  policyRefused: ({ text, policy }) => [policyFailures.policyRefused(policy, text())],
  keptChanging: ({ texts, policy }) => [
    policyFailures.keptChanging(policy, texts(), texts()),
    policyFailures.keptChanging(policy, [], texts()),
    policyFailures.keptChanging(policy, [], []),
  ],
  leftChanged: ({ policy }) => [
    policyFailures.leftChanged({ changed: [policy], pending: [policy, policy] }),
    policyFailures.leftChanged({ changed: [], pending: [] }),
  ],
  policiesFailed: ({ forbidden, text, policy }) => [
    policyFailures.policiesFailed([forbidden, failures.notReached(text(), text())], {
      ...{ changed: [policy], pending: [policy] },
    }),
    policyFailures.policiesFailed([], { changed: [], pending: [] }),
  ],
} satisfies Makers<typeof policyFailures>;
