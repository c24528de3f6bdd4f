import { type CodedError, failure } from '../../../../shared/core/errors';
import { type PolicyPlace, policyName } from '../../../../shared/messages/policies';
import { azureWords, listText, say } from '../../../../shared/core/text';
import { formatDuration } from '../../../../shared/core/durations';
import { isFailed } from '../plan/policyChange';
import type { VmId } from '../../../../shared/core/resourceIds';
import { hasFailures, joinFailures } from '../../../../shared/core/joinFailures';

/** An input that does not fit what Azure has: known only after looking. */
const misfit = (input: string, problem: string, remedy: string): CodedError =>
  failure('JIT101', `${input}: ${problem}`, remedy);
export const nameTooLong = (pairs: readonly { policy: PolicyPlace; vm: string }[]): CodedError =>
  failure(
    'JIT411',
    pairs
      .map(
        ({ policy, vm }) =>
          say`The names of the policy ${policyName(policy)} and the VM ${vm} have ${policy.name.length + vm.length} characters together, and just-in-time access allows 56.`,
      )
      .join(' '),
    'Choose a shorter policyName. Nothing was changed.',
  );

/** `writtenHere`: by this step, and not by somebody else. */
export function notProvisioned(
  policy: PolicyPlace,
  state: string,
  waitedMs: number,
  writtenHere: boolean,
): CodedError {
  const problems = say`its provisioning state is ${state} and not Succeeded`;
  const waited = formatDuration(Math.max(1000, waitedMs));
  return failure(
    'JIT412',
    say`The policy ${policyName(policy)} ` +
      (isFailed(state)
        ? `was written, and ${problems}.`
        : writtenHere
          ? `was written, but after ${waited} ${problems}.`
          : `needs no change, but somebody else wrote it, and after ${waited} ${problems}.`),
    isFailed(state)
      ? 'Azure took the policy and could not put it in place. A lock or an Azure Policy on the network security groups of its VMs can keep it from writing its deny rules; the Activity Log of the resource group names what failed. Running the step again writes the policy once more.'
      : 'Azure is still at it: raise waitTimeout, or run the step again later; what is right already is not written again.',
  );
}

export const policyRefused = (policy: PolicyPlace, detail: string, cause?: unknown): CodedError =>
  failure(
    'JIT413',
    say`Azure refused the policy ${policyName(policy)}: ` + `${azureWords(detail)}.`,
    'Compare the rules with what Azure names. A policy holds only VMs of its own resource group and region, and only those that Defender for Servers Plan 2 covers: it may be off, or a VM excluded from it.',
    cause,
  );

/** The same failure, where nobody knows whether a VM that is gone is its cause. */
export const vmsNotRead = ({ code, seen, remedy }: CodedError, trouble: CodedError): CodedError =>
  failure(
    code,
    seen,
    `${remedy} A VM in the policy that does not exist any more may be the cause too; whether they all exist could not be read (${trouble.code}: ${trouble.seen}).`,
    trouble,
  );

export const policyBusy = (policy: PolicyPlace, detail: string): CodedError =>
  failure(
    'JIT602',
    say`Azure did not take the policy ${policyName(policy)}, because another write of it is under way (409): ` +
      `${azureWords(detail)}.`,
    'Raise waitTimeout, or let the jobs that write this policy run one after the other.',
  );

export const keptChanging = (
  policy: PolicyPlace,
  missing: readonly string[],
  lost: readonly string[],
): CodedError =>
  failure(
    'JIT414',
    (missing.length > 0
      ? say`Another writer kept changing the policy ${policyName(policy)}. This step's change is not in it for ${listText(missing)}.`
      : say`The policy ${policyName(policy)} does not keep what is written.`) +
      (lost.length > 0
        ? say` These other VMs are missing from it after each write: ${listText(lost)}. Another writer takes them out, or Azure does.`
        : ''),
    'Let the jobs that write this policy run one after the other, for example with an exclusive lock, and run the step again.',
  );

export const systemsUnknown = (vms: readonly VmId[]): CodedError =>
  misfit(
    'portRules',
    say`It is empty, and Azure does not tell the operating system of ${listText(vms.map(({ name }) => name))}, so that nobody knows which port is meant.`,
    'Name the ports, for example ssh or rdp. Nothing was changed.',
  );

export const tooManyVms = (count: number, most: number): CodedError =>
  misfit(
    'maxVms',
    say`The patterns in vmResourceId stand for ${count} VMs, and ${most} are allowed.`,
    'Look at their names in the log; raise maxVms when all of them are meant, or name fewer. Nothing was changed.',
  );

export const noPortLeft = (vms: readonly VmId[]): CodedError =>
  misfit(
    'portRules',
    say`It takes the last port from ${listText(vms.map(({ name }) => name))}.`,
    'Name a port that stays, or take the VM out of its policy with action: remove.',
  );

/** What a cancelled run has changed. */
export function leftChanged(changed: readonly PolicyPlace[], pending: readonly PolicyPlace[]): string {
  if (changed.length === 0 && pending.length === 0) return 'It had changed nothing.';
  return [
    ...(changed.length > 0 ? [say`It had changed ${listText(changed.map(policyName))}.`] : []),
    ...(pending.length > 0
      ? [say`Azure had not answered yet; this may be changed: ${listText(pending.map(policyName))}.`]
      : []),
  ].join(' ');
}

/** The failure of a step over several policies, with those that are changed all the same, or may be; nothing without any. */
export function policiesFailed(
  errors: readonly CodedError[],
  changed: readonly PolicyPlace[],
  pending: readonly PolicyPlace[],
): CodedError | undefined {
  if (!hasFailures(errors)) return undefined;
  const then = changed.length + pending.length > 0 ? leftChanged(changed, pending) : '';
  return joinFailures(errors, { otherCodes: 'before', then });
}
