import { mayConcern } from './oddEntries';
import type { Policy, RuleProtocol } from './policy';

/** Returns the protocols of a policy's rule. */
export const protocolsOf = (protocol: RuleProtocol): readonly ('TCP' | 'UDP')[] =>
  protocol === '*' ? ['TCP', 'UDP'] : [protocol];

/**
 * Returns the protocol that a request for a port opens. A request has no protocol, so all entries with this port count.
 * If the policy has no entry, or one that cannot be interpreted and might be about the port, it might be both.
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
