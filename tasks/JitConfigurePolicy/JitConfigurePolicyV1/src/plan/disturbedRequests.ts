import { groupBy } from '../../../../shared/core/groupBy';
import type { Policy, PortRule } from '../../../../shared/core/policy';
import { protocolsOf } from '../../../../shared/core/protocols';
import { isActive, type PortRequest } from '../../../../shared/core/requests';
import { prefixesCover } from '../../../../shared/core/sources';
import type { PortDifference, VmDifference } from './policyPorts';

/**
 * Returns the active requests that a change ends or contradicts: the VM, the port, or one of its protocols is removed,
 * its source is not allowed after the change, or its duration exceeds the new maximum.
 */
export const disturbedRequests = (
  policy: Policy | undefined,
  differences: readonly VmDifference[],
  azureNow: number,
): readonly PortRequest[] => {
  const byVm = groupBy(differences, ({ vm }) => vm.key);
  const rulesOf = groupBy(policy?.vms ?? [], ({ vm }) => vm.key);
  return activeRequests(policy, azureNow).filter((active) => {
    const { key } = active.port.vm;
    const rules = (rulesOf.get(key) ?? []).flatMap((one) => one.ports);
    return (byVm.get(key) ?? []).some(({ ports }) => isDisturbed(active, rules, ports));
  });
};

/**
 * A request has no protocol: it has those of the rules under which it was made. `rules`: the VM's rules before the
 * change.
 */
function isDisturbed(
  { request, port }: PortRequest,
  rules: readonly PortRule[],
  ports: readonly PortDifference[],
): boolean {
  const here = ports.flatMap(({ before }) => (before?.port === port.port ? [before] : []));
  const covers = (rule: PortRule) => rule.port === port.port && prefixesCover(rule.sources, port.sources);
  const durationMs = port.endsAt - Date.parse(request.startedAt);
  return (rules.some(covers) ? here.filter(covers) : here).some((before) =>
    protocolsOf(before.protocol).some(
      (protocol) =>
        !ports.some(
          ({ after }) =>
            after?.port === port.port &&
            protocolsOf(after.protocol).includes(protocol) &&
            prefixesCover(after.sources, port.sources) &&
            // The end that Azure stores can exceed the maximum by the difference between the clocks.
            (after.maxDurationMs >= before.maxDurationMs || after.maxDurationMs >= durationMs),
        ),
    ),
  );
}

/** Returns the requests in a policy that are open or about to be. `azureNow` is milliseconds since 1970. */
export const activeRequests = (policy: Policy | undefined, azureNow: number): readonly PortRequest[] =>
  (policy?.requests ?? []).flatMap((request) =>
    request.ports.filter((port) => isActive(port, azureNow)).map((port) => ({ request, port })),
  );
