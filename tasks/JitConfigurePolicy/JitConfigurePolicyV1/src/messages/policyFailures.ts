import { type CodedError, failure } from '../../../../shared/core/errors';
import { type PolicyPlace, policyName } from '../../../../shared/messages/policies';
import { azureWords, listText, say } from '../../../../shared/core/text';
import { formatDuration } from '../../../../shared/core/durations';
import { isFailed } from '../plan/policyChange';
import type { VmId } from '../../../../shared/core/resourceIds';
import { hasFailures, joinFailures } from '../../../../shared/core/joinFailures';

/** An input that does not match the state of Azure, which is known only after reading. */
const misfit = (input: string, problem: string, remedy: string): CodedError =>
  failure('JIT101', `${input}: ${problem}`, remedy);
export const nameTooLong = (pairs: readonly { policy: PolicyPlace; vm: string }[]): CodedError =>
  failure(
    'JIT411',
    pairs
      .map(
        ({ policy, vm }) =>
          say`The names of the policy ${policyName(policy)} and the VM ${vm} have ${policy.name.length + vm.length} characters together, but just-in-time access allows only 56.`,
      )
      .join(' '),
    'Choose a shorter policyName. Nothing was changed.',
  );

/** `writtenHere`: whether this step wrote the policy, and not another writer. */
export function notProvisioned(
  policy: PolicyPlace,
  state: string,
  waitedMs: number,
  writtenHere: boolean,
): CodedError {
  const problems = say`its provisioning state is ${state} instead of Succeeded`;
  const waited = formatDuration(Math.max(1000, waitedMs));
  return failure(
    'JIT412',
    say`The policy ${policyName(policy)} ` +
      (isFailed(state)
        ? `was written, and ${problems}.`
        : writtenHere
          ? `was written, but after ${waited} ${problems}.`
          : `needs no change, but another writer changed it, and after ${waited} ${problems}.`),
    isFailed(state)
      ? 'Azure accepted the policy but could not apply it. A lock or an Azure Policy assignment on the network security groups of its VMs can prevent the deny rules from being written. The Activity Log of the resource group names the operation that failed. Run the step again to write the policy again.'
      : 'Azure has not finished. Increase waitTimeout, or run the step again later. The step does not write again what is already correct.',
  );
}

export const policyRefused = (policy: PolicyPlace, detail: string, cause?: unknown): CodedError =>
  failure(
    'JIT413',
    say`Azure refused the policy ${policyName(policy)}: ` + `${azureWords(detail)}.`,
    'Correct what Azure names. A policy contains only VMs of its own resource group and region, and only VMs that Defender for Servers Plan 2 covers: the plan might be off, or a VM might be excluded from it.',
    cause,
  );

/** The same failure, if a VM that no longer exists might be its cause. */
export const vmsNotRead = ({ code, seen, remedy }: CodedError, trouble: CodedError): CodedError =>
  failure(
    code,
    seen,
    `${remedy} Another possible cause is a VM in the policy that no longer exists, but the task could not check whether all of them exist (${trouble.code}: ${trouble.seen}).`,
    trouble,
  );

export const policyBusy = (policy: PolicyPlace, detail: string): CodedError =>
  failure(
    'JIT602',
    say`Azure did not accept the policy ${policyName(policy)}, because another write of it is in progress (409): ` +
      `${azureWords(detail)}.`,
    'Increase waitTimeout, or run the jobs that write this policy one after the other.',
  );

export const keptChanging = (
  policy: PolicyPlace,
  missing: readonly string[],
  lost: readonly string[],
): CodedError =>
  failure(
    'JIT414',
    (missing.length > 0
      ? say`Another writer kept changing the policy ${policyName(policy)}. It does not contain this step's change for ${listText(missing)}.`
      : say`The policy ${policyName(policy)} does not keep what this step writes.`) +
      (lost.length > 0
        ? say` These other VMs are missing from it after each write: ${listText(lost)}. Another writer or Azure removes them.`
        : ''),
    'Run the jobs that write this policy one after the other, for example with an exclusive lock, and run the step again.',
  );

export const systemsUnknown = (vms: readonly VmId[]): CodedError =>
  misfit(
    'portRules',
    say`The input is empty, and Azure does not report the operating system of ${listText(vms.map(({ name }) => name))}, so the task cannot choose a port.`,
    'Enter the ports, for example ssh or rdp. Nothing was changed.',
  );

export const tooManyVms = (count: number, most: number): CodedError =>
  misfit(
    'maxVms',
    say`The patterns in vmResourceId match ${count} VMs, but only ${most} are allowed.`,
    'Check their names in the log. Increase maxVms to include all of them, or use narrower patterns. Nothing was changed.',
  );

export const noPortLeft = (vms: readonly VmId[]): CodedError =>
  misfit(
    'portRules',
    say`The input removes the last port of ${listText(vms.map(({ name }) => name))}.`,
    'Keep a port, or remove the VM from its policy with action: remove.',
  );

interface WrittenPolicies {
  readonly changed: readonly PolicyPlace[];
  readonly pending: readonly PolicyPlace[];
}

/** What a canceled run has changed. */
export function leftChanged({ changed, pending }: WrittenPolicies): string {
  if (changed.length === 0 && pending.length === 0) return 'The run changed nothing.';
  return [
    ...(changed.length > 0 ? [say`The run changed ${listText(changed.map(policyName))}.`] : []),
    ...(pending.length > 0
      ? [
          say`These policies might have changed, because Azure has not confirmed their write: ${listText(pending.map(policyName))}.`,
        ]
      : []),
  ].join(' ');
}

/**
 * The failure of a step with several policies, with those that were changed or might have been. Undefined without
 * failures.
 */
export function policiesFailed(
  errors: readonly CodedError[],
  written: WrittenPolicies,
): CodedError | undefined {
  if (!hasFailures(errors)) return undefined;
  const then = written.changed.length + written.pending.length > 0 ? leftChanged(written) : '';
  return joinFailures(errors, { otherCodes: 'before', then });
}
