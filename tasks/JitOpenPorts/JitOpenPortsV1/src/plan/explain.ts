import type { SecurityRule } from '../../../../shared/core/network';
import { isWide } from '../../../../shared/core/prefixes';
import { coverEverything } from '../../../../shared/core/sources';
import { isJitRuleName } from '../../../../shared/core/nsg/rules';
import { isAdminRule, type Blocker, type GroupRuleAt } from '../../../../shared/core/nsg/verdict';

/**
 * Returns what blocks in addition to the service's own deny rule and the default rules, which the service's allow rule
 * overrides. If there is nothing, only that allow rule is missing. It overrides no security admin rule, whatever its
 * name.
 */
export function blockersBesideGrant(blockers: readonly Blocker[]): readonly Blocker[] {
  return blockers.filter(
    (blocker) =>
      'rule' in blocker &&
      (isAdminRule(blocker) ||
        blocker.reason !== 'denies' ||
        !(blocker.rule.isDefault || isServiceDeny(blocker.rule))),
  );
}

/**
 * The priority from which a deny rule certainly comes after the service's allow rules. Those were observed from 100 to
 * 140. The deny rules that the service writes with a policy were observed from 4096 downward, or around 1000 if they
 * must come before an allow rule.
 */
const FIRST_OVERRULED = 500;

/**
 * Whether a deny rule looks in every field like one that the service writes with a policy: for any source and every
 * protocol, to single addresses and ports. Anyone can copy its name, so a rule that only has the name counts like any
 * other rule.
 */
const isServiceDeny = (rule: SecurityRule): boolean =>
  isJitRuleName(rule.name) &&
  rule.priority >= FIRST_OVERRULED &&
  rule.protocol === '*' &&
  coverEverything(rule.sources) &&
  rule.destinations.length > 0 &&
  !rule.destinations.some(isWide) &&
  rule.destinationPorts.every((port) => /^\d+$/.test(port));

/**
 * The lowest priority number that Azure allows.
 * https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview
 */
const FIRST_PRIORITY = 100;

/**
 * Returns what the service's allow rule cannot override: a missing NSG, because there is no place for the rule, a rule
 * that no other rule of its NSG can precede, and a security admin rule.
 */
export const lastingBlockers = (blockers: readonly Blocker[]): readonly Blocker[] => [
  ...blockers.filter(({ reason }) => reason === 'noSecurityGroup'),
  ...blockersBesideGrant(blockers).filter(
    (blocker) => 'rule' in blocker && (isAdminRule(blocker) || isFirst(blocker)),
  ),
];

/** Whether one of these is a security admin rule, which no rule of an NSG overrides. */
export const hasAdminRule = (blockers: readonly Blocker[]): boolean =>
  blockers.some((blocker) => 'rule' in blocker && isAdminRule(blocker));

/** Whether every priority before a rule is taken by rules that the service does not remove. */
function isFirst({ rule, group }: GroupRuleAt): boolean {
  const taken = new Set(
    group.rules
      .filter(({ direction, name }) => direction === 'Inbound' && !isJitRuleName(name))
      .map(({ priority }) => priority),
  );
  for (let priority = FIRST_PRIORITY; priority < rule.priority; priority++) {
    if (!taken.has(priority)) return false;
  }
  return true;
}
