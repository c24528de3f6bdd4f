import { mayConcern } from './oddEntries';
import type { Policy, RuleProtocol } from './policy';

/** The protocols that a rule of a policy speaks about. */
export const protocolsOf = (protocol: RuleProtocol): readonly ('TCP' | 'UDP')[] =>
  protocol === '*' ? ['TCP', 'UDP'] : [protocol];

/**
 * What a request for a port opens. It carries no protocol, so that all entries of the number count. Where the policy has
 * none, or one that makes no sense and may be about the port, it may be both.
 */
export function requestedProtocol(policy: Policy, vm: { readonly key: string }, port: number): RuleProtocol {
  const mayBeMore = (policy.odd ?? []).some(
    (entry) => entry.part !== 'request' && mayConcern(entry, [vm], [port], 0),
  );
  const [first = '*', ...others] = policy.vms
    .filter((entry) => entry.vm.key === vm.key)
    .flatMap(({ ports }) => ports.flatMap((one) => (one.port === port ? [one.protocol] : [])));
  return mayBeMore || others.some((other) => other !== first) ? '*' : first;
}
