import type { AttachedGroup, SecurityRule, VmNetwork } from '../network';

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

/** The same network as its security groups alone filter it. */
export function withoutAdminRules(network: VmNetwork): VmNetwork {
  const filtered = { ...network };
  delete (filtered as { adminRules?: unknown }).adminRules;
  return filtered;
}

/**
 * Whether a name follows the pattern of the rules that just-in-time access makes. Anybody may give a rule such a
 * name: use it to explain what was found, never to decide what gets in.
 */
export function isJitRuleName(name: string): boolean {
  return /^(MicrosoftDefenderForCloud|SecurityCenter)-JITRule[_-]/i.test(name);
}
