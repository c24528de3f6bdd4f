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
 * Whether an allow rule is the one that the service wrote for this request. The rule has a name of the service, only
 * this VM's address, exactly the granted sources, and only ports that are being closed. The policy, as just read, shows
 * the request as active with these sources, and neither it nor another policy of the VM shows another such request. A
 * rule that looks like it but has no active request existed before, or stays for another reason: it does not belong to
 * this step.
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
    // A request that cannot be interpreted might belong to another run, and have the same rule.
    !mayHoldPort([policy, ...others], opened.vm, opened.port, azureNow) &&
    !concurrentRequests([policy, ...others], opened, own, azureNow).some(({ port }) =>
      sameSources(port.sources, itself.sources),
    )
  );
}

/**
 * Whether one rule is for TCP and the other for UDP, and the request opened both. A request has no protocol, so both
 * rules might belong to it.
 */
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
