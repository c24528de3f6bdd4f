import * as failures from '../../tasks/shared/messages/failures';
import * as policies from '../../tasks/shared/messages/policies';
import { both, type Makers } from './hostileMakers';

/** How each message about policies is made. */
export const POLICY_MAKERS = {
  wrongRule: ({ text }) =>
    (['form', 'port', 'duration', 'durationRange', 'source', 'twice'] as const).map((problem) =>
      policies.wrongRule({ text: text(), problem }),
    ),
  lookingUpPolicies: ({ vm }) => both(policies.lookingUpPolicies, [vm], [vm, vm]),
  otherPolicyWins: ({ vm, text }) => [policies.otherPolicyWins(vm, text(), text())],
  notInNamedPolicy: ({ vm, text, texts }) => [policies.notInNamedPolicy(vm, text(), texts())],
  policyText: ({ text }) =>
    (['none', 'make', 'put', 'delete'] as const).map((kind) => policies.policyText(text(), text(), kind)),
  differenceText: ({ vmDifferences }) => vmDifferences.map(policies.differenceText),
  portDifferenceText: ({ vmDifferences }) =>
    vmDifferences.flatMap(({ ports }) => ports.map(policies.portDifferenceText)),
  changeText: ({ vmDifferences }) => vmDifferences.map(policies.changeText),
  othersStay: ({ text }) => [policies.othersStay(text(), 1), policies.othersStay(text(), 2)],
  disturbs: ({ request }) => [policies.disturbs(request)],
  requestGone: ({ request }) => [policies.requestGone(request)],
  cameBetween: ({ text }) => [policies.cameBetween(text())],
  writing: ({ text }) => [policies.writing(text(), 'put'), policies.writing(text(), 'delete')],
  awaitingPolicy: ({ text }) => [policies.awaitingPolicy(text(), text())],
  policyReady: ({ text }) => [policies.policyReady(text())],
  policyDeleted: ({ text }) => [policies.policyDeleted(text())],
  vmsLost: ({ text, texts }) => [policies.vmsLost(text(), texts())],
  contradiction: ({ text }) => [
    policies.contradiction(false, true, []),
    policies.contradiction(true, false, []),
    policies.contradiction(true, true, [{ entry: { id: text() } }, { entry: {} }]),
  ],
  readAgain: ({ text }) => [policies.readAgain(text(), 1000)],
  vmsGone: ({ text }) => [
    policies.vmsGone(text(), [{ entry: { id: text() }, ports: [{ number: text() }] }, { entry: {} }]),
  ],
  nameTooLong: ({ text }) => [policies.nameTooLong([{ policy: text(), vm: text() }])],
  notProvisioned: ({ text }) => [policies.notProvisioned(text(), text(), 1000)],
  policyRefused: ({ text }) => [policies.policyRefused(text(), text())],
  keptChanging: ({ text, texts }) => [
    policies.keptChanging(text(), texts(), texts()),
    policies.keptChanging(text(), [], []),
  ],
  leftChanged: ({ texts }) => [policies.leftChanged(texts(), texts()), policies.leftChanged([], [])],
  policiesFailed: ({ forbidden, text, texts }) => [
    policies.policiesFailed([forbidden, failures.notReached(text(), text())], texts(), texts()),
    policies.policiesFailed([], [], []),
  ],
} satisfies Makers<typeof policies>;
