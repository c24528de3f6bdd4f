import { isJitRuleName } from './rules';
import type { Blocker, RuleAt } from './verdict';

/**
 * What stands in the way beside the service's own deny rule and the defaults, which its allow rule overrules. Nothing:
 * then only that allow rule is missing.
 */
export function blockersBesideGrant(blockers: readonly Blocker[]): readonly Blocker[] {
  return blockers.filter(
    (blocker) =>
      'rule' in blocker &&
      (blocker.reason !== 'denies' || !(blocker.rule.isDefault || isJitRuleName(blocker.rule.name))),
  );
}

/** The lowest priority number that Azure allows. https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview */
const FIRST_PRIORITY = 100;

/**
 * What the service's allow rule cannot overrule: a missing security group, where it has no place to be, and a rule that no
 * other one can come before.
 */
export const lastingBlockers = (blockers: readonly Blocker[]): readonly Blocker[] => [
  ...blockers.filter(({ reason }) => reason === 'noSecurityGroup'),
  ...blockersBesideGrant(blockers).filter((blocker) => 'rule' in blocker && isFirst(blocker)),
];

/** Whether every priority before a rule is taken, by rules that the service does not take away again. */
function isFirst({ rule, group }: RuleAt): boolean {
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
