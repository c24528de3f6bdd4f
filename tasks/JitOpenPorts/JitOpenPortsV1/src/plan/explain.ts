import type { SecurityRule } from '../../../../shared/core/network';
import { isWide } from '../../../../shared/core/prefixes';
import { coverEverything } from '../../../../shared/core/sources';
import { isJitRuleName } from '../../../../shared/core/nsg/rules';
import { isAdminRule, type Blocker, type GroupRuleAt } from '../../../../shared/core/nsg/verdict';

/**
 * What stands in the way beside the service's own deny rule and the defaults, which its allow rule overrules. Nothing:
 * then only that allow rule is missing. It overrules no security admin rule, whatever its name.
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
 * From where on a deny rule surely comes after the service's allow rules. Those were seen from 100 to 140, and the deny
 * rules that it writes with a policy from 4096 downwards, or around 1000 where they must come before an allow rule.
 */
const FIRST_OVERRULED = 500;

/**
 * Whether a deny rule looks in every field like one that the service writes with a policy: for everybody and every
 * protocol, to single addresses and ports. Anybody may copy its name: a rule that only has the name is as any other.
 */
const isServiceDeny = (rule: SecurityRule): boolean =>
  isJitRuleName(rule.name) &&
  rule.priority >= FIRST_OVERRULED &&
  rule.protocol === '*' &&
  coverEverything(rule.sources) &&
  rule.destinations.length > 0 &&
  !rule.destinations.some(isWide) &&
  rule.destinationPorts.every((port) => /^\d+$/.test(port));

/** The lowest priority number that Azure allows. https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview */
const FIRST_PRIORITY = 100;

/**
 * What the service's allow rule cannot overrule: a missing security group, where it has no place to be, a rule that no
 * other one of its group can come before, and a security admin rule.
 */
export const lastingBlockers = (blockers: readonly Blocker[]): readonly Blocker[] => [
  ...blockers.filter(({ reason }) => reason === 'noSecurityGroup'),
  ...blockersBesideGrant(blockers).filter(
    (blocker) => 'rule' in blocker && (isAdminRule(blocker) || isFirst(blocker)),
  ),
];

/** Whether anything among these is a security admin rule, which no rule of a security group overrules. */
export const hasAdminRule = (blockers: readonly Blocker[]): boolean =>
  blockers.some((blocker) => 'rule' in blocker && isAdminRule(blocker));

/** Whether every priority before a rule is taken, by rules that the service does not take away again. */
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
