import { PUBLIC_ADDRESSES, parseCidr } from '../addresses';
import type { AttachedGroup, SecurityRule, VmNetwork } from '../network';
import { covers } from '../ranges';

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
 * Whether a name follows the pattern of the rules that just-in-time access makes. Anybody may give a rule such a
 * name: use it to explain what was found, never to decide what gets in.
 */
export function isJitRuleName(name: string): boolean {
  return /^(MicrosoftDefenderForCloud|SecurityCenter)-JITRule[_-]/i.test(name);
}

/** Whether the VNet's prefixes can change a verdict, so that reading them is worth a call. */
export function needsVnet(groups: readonly AttachedGroup[], sources: readonly string[]): boolean {
  const isPublic = (source: string) => {
    const cidr = parseCidr(source);
    return cidr !== undefined && covers(PUBLIC_ADDRESSES, [cidr]);
  };
  const namesVnet = (rule: SecurityRule) =>
    !rule.isDefault &&
    rule.direction === 'Inbound' &&
    rule.sources.some((prefix) => prefix.toLowerCase() === 'virtualnetwork');
  if (groups.length === 0) return false;
  return !sources.every(isPublic) || groups.some(({ group }) => group.rules.some(namesVnet));
}
