import * as failures from '../../tasks/shared/messages/failures';
import * as policies from '../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/messages/policies';
import * as policyNames from '../../tasks/shared/messages/policies';
import { both, type Makers } from './hostileMakers';

/** How each name of a policy is made. */
export const POLICY_NAME_MAKERS = {
  policyName: ({ policy }) => both(policyNames.policyName, policy, { ...policy, resourceGroup: '' }),
} satisfies Makers<typeof policyNames>;

/** How each message about policies is made. */
export const POLICY_MAKERS = {
  wrongRule: ({ text }) =>
    (['form', 'port', 'duration', 'durationRange', 'source', 'twice', 'removal'] as const).map((problem) =>
      policies.wrongRule({ text: text(), problem }),
    ),
  wrongPlaceholder: ({ text }) => [policies.wrongPlaceholder(text())],
  systemsUnknown: ({ vm }) => [policies.systemsUnknown([vm, vm])],
  wrongMaxVms: ({ text }) => [policies.wrongMaxVms(text())],
  patternText: ({ text }) => [
    policies.patternText(text(), 1, 'ensure'),
    policies.patternText(text(), 2, 'remove'),
  ],
  patternEmpty: ({ text }) => [
    policies.patternEmpty(text(), 'ensure'),
    policies.patternEmpty(text(), 'remove'),
  ],
  vmText: ({ vm }) => [policies.vmText(vm)],
  tooManyVms: () => [policies.tooManyVms(51, 50)],
  noPortLeft: ({ vm }) => [policies.noPortLeft([vm])],
  reading: ({ vm }) => both(policies.reading, [vm], [vm, vm]),
  otherPolicyWins: ({ vm, policy, text }) => [policies.otherPolicyWins(vm, policy, text())],
  notInNamedPolicy: ({ vm, text, policy }) => [policies.notInNamedPolicy(vm, text(), [policy, policy])],
  policyText: ({ policy }) =>
    (['none', 'make', 'put', 'repair', 'delete'] as const).map((kind) => policies.policyText(policy, kind)),
  differenceText: ({ vmDifferences }) => vmDifferences.map(policies.differenceText),
  portDifferenceText: ({ vmDifferences }) =>
    vmDifferences.flatMap(({ ports }) => ports.map(policies.portDifferenceText)),
  changeText: ({ vmDifferences }) => vmDifferences.map(policies.changeText),
  othersStay: ({ policy }) => [policies.othersStay(policy, 1), policies.othersStay(policy, 2)],
  disturbs: ({ request }) => [policies.disturbs(request)],
  requestGone: ({ request }) => [policies.requestGone(request)],
  cameBetween: ({ policy }) => [policies.cameBetween(policy)],
  repairing: ({ policy, text }) => [policies.repairing(policy, text())],
  appendModeOff: ({ policy }) => [policies.appendModeOff(policy)],
  policyIsBusy: ({ policy }) => [policies.policyIsBusy(policy, 1000)],
  policyBusy: ({ policy, text }) => [policies.policyBusy(policy, text())],
  goneVmsLeftOut: ({ policy, texts }) => [policies.goneVmsLeftOut(policy, texts())],
  goneVmsDropped: ({ policy, texts }) => [policies.goneVmsDropped(policy, texts())],
  vmsNotRead: ({ policy, text, forbidden }) => [
    policies.vmsNotRead(policies.policyRefused(policy, text()), forbidden),
  ],
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
  nameTooLong: ({ text, policy }) => [policies.nameTooLong([{ policy, vm: text() }])],
  notProvisioned: ({ text, policy }) => [
    policies.notProvisioned(policy, text(), 1000, true),
    policies.notProvisioned(policy, text(), 1000, false),
    policies.notProvisioned(policy, 'Failed', 1000, true),
  ],
  policyRefused: ({ text, policy }) => [policies.policyRefused(policy, text())],
  keptChanging: ({ texts, policy }) => [
    policies.keptChanging(policy, texts(), texts()),
    policies.keptChanging(policy, [], texts()),
    policies.keptChanging(policy, [], []),
  ],
  leftChanged: ({ policy }) => [
    policies.leftChanged([policy], [policy, policy]),
    policies.leftChanged([], []),
  ],
  policiesFailed: ({ forbidden, text, policy }) => [
    policies.policiesFailed([forbidden, failures.notReached(text(), text())], [policy], [policy]),
    policies.policiesFailed([], [], []),
  ],
} satisfies Makers<typeof policies>;
