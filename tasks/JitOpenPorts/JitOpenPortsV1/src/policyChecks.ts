import type { Violation } from '../../../shared/domain/plan';
import type { Policy, PortRule } from '../../../shared/domain/policy';
import { sameId, type VmId } from '../../../shared/domain/resourceIds';
import type { CodedError } from '../../../shared/errors';
import * as say from '../../../shared/messages/preflight';
import { refusedByPolicy, violationText } from '../../../shared/messages/planning';
import { failed, passed, unchecked, type Check, type CheckList } from '../../../shared/preflight/checkList';
import type { Findings, VmFindings } from './findings';
import type { OpenPortsInputs } from './inputs';

const TOPICS: Readonly<Record<Violation['kind'], say.Topic>> = {
  noPolicy: 'Policy',
  portNotAllowed: 'Ports',
  tooLong: 'Duration',
  sourceNotAllowed: 'Source',
  anySourceNotWritten: 'Source',
};

/** Which policy covers each VM, and how its ports, durations and sources agree with what is wanted. */
export function policyChecks(inputs: OpenPortsInputs, { vms }: Findings): CheckList {
  const violations = vms.flatMap(violationsOf);
  const refusal = violations.length > 0 ? refusedByPolicy(violations, inputs.policyName) : undefined;
  const checks = vms.flatMap((one) => checksOf(inputs, one, refusal));
  // One line for a failure that several VMs share.
  return checks.filter(
    (check, index) =>
      !check.failure ||
      checks.findIndex(({ topic, text }) => topic === check.topic && text === check.text) === index,
  );
}

const violationsOf = ({ planning }: VmFindings): readonly Violation[] =>
  planning?.kind === 'found' && planning.value.kind === 'refused' ? planning.value.violations : [];

function checksOf(inputs: OpenPortsInputs, found: VmFindings, refusal: CodedError | undefined): CheckList {
  const { vm, policies, planning } = found;
  const failure = policies.kind === 'failed' ? policies.failure : undefined;
  if (failure || !planning) return failure ? stopped(failure) : [];
  if (planning.kind === 'failed') return stopped(planning.failure);
  const against = violationsOf(found);
  const refused = against.map((violation) =>
    refusal ? [failed(TOPICS[violation.kind], refusal, violationText(violation, inputs.policyName))] : [],
  );
  const policy =
    planning.value.kind === 'planned'
      ? planning.value.plan.policy
      : against.flatMap((violation) => ('policy' in violation ? violation.policy : []))[0];
  return [...refused.flat(), ...(policy ? agreed(inputs, vm, policy, against) : [])];
}

const stopped = (failure: CodedError): CheckList => [
  failed('Policy', failure),
  ...(['Ports', 'Duration'] as const).map((topic) => unchecked(topic, say.stoppedBy(failure))),
];

/** What stands against nothing under the policy. */
function agreed(
  { ports, durationMs }: OpenPortsInputs,
  vm: VmId,
  policy: Policy,
  against: readonly Violation[],
): readonly Check[] {
  const is = (topic: say.Topic) => against.some(({ kind }) => TOPICS[kind] === topic);
  const rules = rulesOf(policy, vm).filter(({ port }) => ports === 'all' || ports.includes(port));
  const numbers = rules.map(({ port }) => port);
  return [
    passed('Policy', say.policyOf(vm, policy)),
    ...(numbers.length > 0 && !is('Ports') ? [passed('Ports', say.portsOf(vm, numbers))] : []),
    ...(numbers.length > 0 && !is('Duration')
      ? [passed('Duration', say.durationOf(vm, durationMs, rules))]
      : []),
  ];
}

const rulesOf = (policy: Policy, vm: VmId): readonly PortRule[] =>
  policy.vms.find((entry) => sameId(entry.vm.key, vm.key))?.ports ?? [];
