import { isJitRuleName } from './rules';
import type { Blocker } from './verdict';

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
