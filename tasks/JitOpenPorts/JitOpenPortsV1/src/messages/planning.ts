import { formatDuration } from '../../../../shared/core/durations';
import type { Violation } from '../plan/checkPort';
import { isAny, textsOf, type Prefix } from '../../../../shared/core/prefixes';
import { listText, say } from '../../../../shared/core/text';
import { CROWD, isCrowd } from '../../../../shared/core/crowd';
import type { CodedError, Failure } from '../../../../shared/core/errors';
import { hasFailures, joinFailures } from '../../../../shared/core/joinFailures';

/** Returns one failure with everything that the policies do not allow. Its code is that of the first violation. */
export const refusedByPolicy = (violations: readonly Violation[], policyName: string): CodedError =>
  joinViolations(violations, policyName, 'Nothing was requested for any VM.');

/** The same for one VM, if the other VMs are opened. */
export const leftOutByPolicy = (violations: readonly Violation[], policyName: string): CodedError =>
  joinViolations(violations, policyName, '');

function joinViolations(violations: readonly Violation[], policyName: string, then: string): CodedError {
  const named = isCrowd(violations) ? violations.slice(0, CROWD) : violations;
  const sentences = named.map((violation) => sentenceOf(violation, policyName));
  if (!hasFailures(sentences)) throw new Error('A refusal by policies has no violation.');
  const more = violations.length - sentences.length;
  const others =
    more > 0
      ? `The policies do not allow ${more === 1 ? 'one more requested port or VM' : `${String(more)} more requested ports or VMs`} either.`
      : '';
  return joinFailures(sentences, { otherCodes: 'before', then: [others, then].filter(Boolean).join(' ') });
}

/** Returns the text of one violation, with its code first. */
export const violationText = (violation: Violation, policyName: string): string => {
  const { code, seen } = sentenceOf(violation, policyName);
  return `${code}: ${seen}`;
};

function sentenceOf(violation: Violation, policyName: string): Failure {
  const { vm } = violation;
  switch (violation.kind) {
    case 'noPolicy': {
      const others = violation.policies.filter(Boolean);
      return {
        code: 'JIT401',
        seen: policyName
          ? say`The just-in-time policy ${policyName} does not list the VM ${vm.name}.`
          : say`No just-in-time policy in the resource group ${vm.resourceGroup} covers the VM ${vm.name}` +
            (others.length > 0
              ? say` (${others.length === 1 ? 'the policy there is' : 'the policies there are'} ${listText(others)}).`
              : '.'),
        remedy:
          'Add the VM to a policy with the task JitConfigurePolicy@1, or in Microsoft Defender for Cloud under Workload protections > Just-in-time VM access.',
      };
    }
    case 'portNotAllowed': {
      const { policy, port, allowed } = violation;
      return {
        code: 'JIT402',
        seen:
          port === undefined
            ? say`The policy ${policy.name} has no ports for ${vm.name}.`
            : say`Port ${port} of ${vm.name} is not in the policy ${policy.name}, which has ${allowed.length > 0 ? `${allowed.length === 1 ? 'the port' : 'the ports'} ${listText(allowed.map(String))}` : 'no ports'}.`,
        remedy: 'Request a port that the policy has, or add the port to the policy.',
      };
    }
    case 'oddEntry': {
      const { policy, port, problem } = violation;
      const where = port === undefined ? say`for ${vm.name}` : say`for port ${port} of ${vm.name}`;
      return {
        code: 'JIT604',
        seen: say`The policy ${policy.name} has an unexpected entry ${where}: ${problem}.`,
        remedy:
          'Write the entry again with the task JitConfigurePolicy@1, or in Microsoft Defender for Cloud under Workload protections > Just-in-time VM access.',
      };
    }
    case 'tooLong':
      return {
        code: 'JIT403',
        seen: say`The requested duration of ${formatDuration(violation.durationMs)} is longer than the ${formatDuration(violation.rule.maxDurationMs)} that the policy ${violation.policy.name} allows for port ${violation.rule.port} of ${vm.name}.`,
        remedy: 'Request a shorter duration, or the maximum with duration: max.',
      };
    case 'sourceNotAllowed':
      return {
        code: 'JIT404',
        seen: say`The policy ${violation.policy.name} does not allow port ${violation.rule.port} of ${vm.name} from ${sourcesText(violation.sources)}; it allows ${listText(textsOf(violation.rule.sources))}.`,
        remedy:
          'Run on an agent with an allowed address, request the sources that the policy allows with sourceIp: policy, or add the address to the policy.',
      };
    case 'anySourceNotWritten':
      return {
        code: 'JIT404',
        seen: say`The policy ${violation.policy.name} allows port ${violation.rule.port} of ${vm.name} from any address, so sourceIp: policy would open it to everyone.`,
        remedy:
          "To open it only for this agent, set sourceIp: agent. To open it for any address, write sourceIp: '*' (YAML needs the quotes).",
      };
  }
}

const sourcesText = (sources: readonly Prefix[]): string =>
  sources.some(isAny) ? 'any address' : listText(textsOf(sources));
