import type { SecurityRule } from '../../../../shared/core/network';
import { isJitRuleName } from '../../../../shared/core/nsg/rules';
import { mayHoldPort } from '../../../../shared/core/oddEntries';
import type { Policy, RuleProtocol } from '../../../../shared/core/policy';
import { isActive, sameSources } from '../../../../shared/core/requests';
import { sameId, type VmId } from '../../../../shared/core/resourceIds';
import type { Closing } from './closed';
import { concurrentRequests, ownPort } from './ownRequests';
import type { VmPlace } from './place';

/**
 * Whether an allow rule is the one that the service wrote for this request: it has a name of the service, this VM's
 * address alone, exactly the granted sources, and no port that is not being closed; and the policy, as it is now, shows
 * the request as active with these sources, and neither it nor another policy of the VM another one. A rule that looks
 * like it and has no active request was there before, or stays for another reason: it is not this step's.
 */
export function isOwnRule(
  rule: SecurityRule,
  place: VmPlace,
  { opened, own }: Closing,
  policy: Policy,
  others: readonly Policy[],
  all: readonly Closing[],
  azureNow: number,
): boolean {
  const ports = all.filter((other) => isSameRequest(other, opened)).map((other) => String(other.opened.port));
  const itself = ownPort(opened, policy);
  const looksOwn =
    itself !== undefined &&
    isJitRuleName(rule.name) &&
    rule.access === 'Allow' &&
    rule.destinations.length === 1 &&
    rule.destinations[0]?.key === place.filter?.privateIpAddress.key &&
    sameSources(rule.sources, itself.sources) &&
    rule.destinationPorts.length > 0 &&
    rule.destinationPorts.every((port) => ports.includes(port));
  return (
    looksOwn &&
    isActive(itself, azureNow) &&
    // A request that makes no sense may be another run's, and stand behind the same rule.
    !mayHoldPort([policy, ...others], opened.vm, opened.port, azureNow) &&
    !concurrentRequests([policy, ...others], opened, own, azureNow).some(({ port }) =>
      sameSources(port.sources, itself.sources),
    )
  );
}

/** Whether one rule is for TCP and the other for UDP, of a request that opened both: it carries no protocol, so both may be its own. */
export const areOfBoth = (opened: RuleProtocol, one: SecurityRule, other: SecurityRule): boolean =>
  opened === '*' &&
  [one, other]
    .map(({ protocol }) => protocol.toLowerCase())
    .sort()
    .join() === 'tcp,udp';

const isSameRequest = (
  { opened: other }: Closing,
  one: { readonly vm: VmId; readonly startedAt: string | undefined },
): boolean => sameId(other.vm.key, one.vm.key) && other.startedAt === one.startedAt;
