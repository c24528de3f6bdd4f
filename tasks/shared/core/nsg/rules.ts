import type { AttachedGroup, SecurityRule, VmNetwork } from '../network';
import type { Prefix } from '../prefixes';

/** Returns the network without some of its rules, to evaluate what applies without them. */
export function withoutRules(
  network: VmNetwork,
  isLeftOut: (rule: SecurityRule, at: AttachedGroup) => boolean,
): VmNetwork {
  const groups = network.groups.map((at) => ({
    ...at,
    group: { ...at.group, rules: at.group.rules.filter((rule) => !isLeftOut(rule, at)) },
  }));
  return { ...network, groups };
}

/**
 * Returns the network without the rules that are certainly about other machines: those whose destinations are all IPv4
 * addresses, and not the VM's. They never decide anything for the VM, and an NSG that many VMs share has thousands of
 * them.
 */
export const withoutRulesForOthers = (network: VmNetwork): VmNetwork =>
  withoutRules(network, (rule) => isForOthers(rule, network.privateIpAddress));

const isForOthers = ({ destinations, destinationGroupIds }: SecurityRule, { ipv4: own }: Prefix): boolean =>
  own !== undefined &&
  destinationGroupIds.length === 0 &&
  destinations.length > 0 &&
  destinations.every(({ ipv4, ipv6 }) => ipv4 && !ipv6 && (own.last < ipv4.first || ipv4.last < own.first));

/** Returns the network as only its NSGs filter it. */
export function withoutAdminRules(network: VmNetwork): VmNetwork {
  const filtered = { ...network };
  delete (filtered as { adminRules?: unknown }).adminRules;
  return filtered;
}

/**
 * Whether a whole name follows the pattern of the rules that just-in-time access creates. The name of a rule contains
 * only letters, digits, underscores, periods, and hyphens. Anyone can give a rule such a name: use it to explain what
 * was found, never to decide what is allowed.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftnetwork
 */
export function isJitRuleName(name: string): boolean {
  return /^(MicrosoftDefenderForCloud|SecurityCenter)-JITRule[_-][\w.-]*$/i.test(name);
}
