import { isJitRuleName } from '../../../../shared/core/nsg/rules';
import { isAdminRule, type RuleAt } from '../../../../shared/core/nsg/verdict';
import type { CodedError } from '../../../../shared/core/errors';
import * as say from '../messages/closing';
import type { Closed, Closing } from '../plan/closed';
import { isLingering, willBeRemoved, type RuleOwners } from './ruleOwners';

/** What became of deleting rules. */
export interface Deletion {
  /** How many deletions succeeded. */
  readonly count: number;
  /** Why the last one failed, if any did. */
  readonly trouble: CodedError | undefined;
}

/** The outcome for a port that rules still allow. */
export function explainLeft(
  closing: Closing,
  earlier: readonly RuleAt[],
  left: readonly RuleAt[],
  owners: RuleOwners,
  deletion: Deletion,
): Closed {
  const trouble = deletion.trouble ?? closing.trouble;
  const noEnd = { kind: 'open', opened: closing.opened, until: undefined, isAllowed: true } as const;
  if (left.length === 0) return { ...noEnd, why: say.noGroup };
  const alike = earlier.filter((at) => owners.of(at).kind === 'alike');
  if (alike.length > 0) return { ...noEnd, why: say.alike(alike) };
  const wereAlike = earlier.filter((at) => owners.of(at).kind === 'wasAlike');
  if (wereAlike.length > 0) return { ...noEnd, why: say.wereAlike(wereAlike) };
  if (willBeRemoved(left, owners)) {
    const lingering = left.filter((at) => isLingering(owners.of(at)));
    return { ...noEnd, why: say.rulesLinger(lingering, trouble) };
  }
  // Without the policies it is unknown which request a rule with a name of the service belongs to.
  const foreign = left.filter((one) =>
    owners.areKnown ? !owners.isOwn(one) : isAdminRule(one) || !isJitRuleName(one.rule.name),
  );
  // Without its own rules, the port stays open if each NSG has another rule that allows it, or if a security admin rule
  // bypasses all NSGs.
  const isPermanent = left.every(
    (at) => isAdminRule(at) || foreign.some((one) => isAdminRule(one) || one.group.id === at.group.id),
  );
  if (isPermanent) return { ...noEnd, why: say.permanent(foreign) };
  return stillOpen(closing, true, say.rulesRemain(left, deletion.count > 0, trouble));
}

export const stillOpen = ({ opened }: Closing, isAllowed: boolean, why: string): Closed => ({
  ...{ kind: 'open', opened, until: opened.endsAt, isAllowed, why },
});
