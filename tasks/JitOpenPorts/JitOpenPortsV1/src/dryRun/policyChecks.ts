import type { Violation } from '../plan/checkPort';
import type { Policy, PortRule } from '../../../../shared/core/policy';
import type { VmId } from '../../../../shared/core/resourceIds';
import { isSignInFailure } from '../../../../shared/core/codes';
import type { CodedError } from '../../../../shared/core/errors';
import * as say from '../messages/dryRun';
import { refusedByPolicy, violationText } from '../messages/planning';
import { failed, passed, unchecked } from '../../../../shared/task/checkList';
import type { Check, CheckList, Topic } from '../../../../shared/core/checks';
import type { Findings, VmFindings } from '../plan/findings';
import type { OpenPortsInputs } from '../plan/inputs';

const TOPICS: Readonly<Record<Violation['kind'], Topic>> = {
  noPolicy: 'Policy',
  portNotAllowed: 'Ports',
  oddEntry: 'Ports',
  tooLong: 'Duration',
  sourceNotAllowed: 'Source',
  anySourceNotWritten: 'Source',
};

/** Checks which policy covers each VM, and how its ports, durations, and sources agree with the inputs. */
export function policyChecks(inputs: OpenPortsInputs, { vms, leftOut }: Findings): CheckList {
  const violations = vms.flatMap(violationsOf);
  const refusal = violations.length > 0 ? refusedByPolicy(violations, inputs.policyName) : undefined;
  const isLeftOut = new Set(leftOut.map(({ vm }) => vm));
  return vms.flatMap((one) => {
    const toReason = isLeftOut.has(one.vm) ? say.leftOutBefore(one.vm) : say.stoppedBy;
    return checksOf(inputs, one, refusal, (failure) => behind(toReason(failure)));
  });
}

const violationsOf = ({ planning }: VmFindings): readonly Violation[] =>
  planning?.kind === 'found' && planning.value.kind === 'refused' ? planning.value.violations : [];

/** @param toBehind returns the checks that a failure prevents */
function checksOf(
  inputs: OpenPortsInputs,
  found: VmFindings,
  refusal: CodedError | undefined,
  toBehind: (failure: CodedError) => CheckList,
): CheckList {
  const { vm, policies, planning } = found;
  const failures = [policies, planning].flatMap((one) => (one?.kind === 'failed' ? one.failure : []));
  if (failures[0]) return [checkOfReading('Policy', failures[0]), ...toBehind(failures[0])];
  if (planning?.kind !== 'found') return [];
  const against = violationsOf(found);
  const refused = against.flatMap((violation) =>
    refusal ? failed(TOPICS[violation.kind], refusal, violationText(violation, inputs.policyName)) : [],
  );
  const policy =
    planning.value.kind === 'planned'
      ? planning.value.plan.policy
      : against.flatMap((violation) => ('policy' in violation ? violation.policy : []))[0];
  const { rules } = planning.value;
  if (policy) return [...refused, ...agreed(inputs, vm, policy, rules, against)];
  return refusal ? [...refused, ...toBehind(refusal)] : [];
}

/** Returns the check for a failed read. A refused sign-in has a line of its own. */
export const checkOfReading = (topic: Topic, failure: CodedError): Check =>
  isSignInFailure(failure) ? unchecked(topic, say.stoppedBy(failure)) : failed(topic, failure);

const behind = (reason: string): CheckList =>
  (['Ports', 'Duration'] as const).map((topic) => unchecked(topic, reason));

/** Returns the checks without a violation under the policy. */
function agreed(
  { durationMs }: OpenPortsInputs,
  vm: VmId,
  policy: Policy,
  rules: readonly PortRule[],
  against: readonly Violation[],
): readonly Check[] {
  const is = (topic: Topic) => against.some(({ kind }) => TOPICS[kind] === topic);
  const numbers = rules.map(({ port }) => port);
  return [
    passed('Policy', say.policyOf(vm, policy)),
    ...(numbers.length > 0 && !is('Ports') ? [passed('Ports', say.portsOf(vm, numbers))] : []),
    ...(numbers.length > 0 && !is('Duration')
      ? [passed('Duration', say.durationOf(vm, durationMs, rules))]
      : []),
  ];
}
