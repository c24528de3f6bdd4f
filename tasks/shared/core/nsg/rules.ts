import type { AttachedGroup, SecurityRule, VmNetwork } from '../network';
import type { Prefix } from '../prefixes';

/** The same network with some rules left out: what would be so without them? */
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
 * The same network without the rules that are surely about other machines: those that name nothing but addresses of IPv4 as
 * their destination, and not the VM's. They decide nothing for it in any reading; a security group that many VMs share has
 * thousands of them.
 */
export const withoutRulesForOthers = (network: VmNetwork): VmNetwork =>
  withoutRules(network, (rule) => isForOthers(rule, network.privateIpAddress));

const isForOthers = ({ destinations, destinationGroupIds }: SecurityRule, { ipv4: own }: Prefix): boolean =>
  own !== undefined &&
  destinationGroupIds.length === 0 &&
  destinations.length > 0 &&
  destinations.every(({ ipv4, ipv6 }) => ipv4 && !ipv6 && (own.last < ipv4.first || ipv4.last < own.first));

/** The same network as its security groups alone filter it. */
export function withoutAdminRules(network: VmNetwork): VmNetwork {
  const filtered = { ...network };
  delete (filtered as { adminRules?: unknown }).adminRules;
  return filtered;
}

/**
 * Whether a name follows the pattern of the rules that just-in-time access makes, to its end: a rule has letters, digits,
 * underscores, periods, and hyphens in its name, and no others. Anybody may give a rule such a name: use it to explain what
 * was found, never to decide what gets in.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftnetwork
 */
export function isJitRuleName(name: string): boolean {
  return /^(MicrosoftDefenderForCloud|SecurityCenter)-JITRule[_-][\w.-]*$/i.test(name);
}
