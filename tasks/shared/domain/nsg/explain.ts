import { isJitRuleName } from './rules';
import type { Blocker } from './verdict';

/** Whether only the service's own deny rule or a default stands in the way: then its allow rule is missing. */
export function onlyGrantIsMissing(blockers: readonly Blocker[]): boolean {
  return blockers.every(
    (blocker) =>
      !('rule' in blocker) ||
      (blocker.reason === 'denies' && (blocker.rule.isDefault || isJitRuleName(blocker.rule.name))),
  );
}
