import type { AttachedGroup, SecurityGroup, SecurityRule, VmNetwork } from '../network';
import { subtract, union, type Countable, type Ranges } from '../ranges';
import type { Family } from './family';
import { matchRule } from './match';
import type { Blocker, Flow, GroupRuleAt, RuleAt } from './verdict';

/**
 * How to interpret a rule that might or might not apply. `strict`: such an allow rule allows nothing, and such a deny
 * rule blocks. `generous`: the opposite. `sure`: neither has an effect, but an allow rule for some source ports allows
 * everyone, because a client chooses its own source port. A rule with unknown access counts as a deny rule for
 * `strict`, as an allow rule for `generous`, and not at all for `sure`.
 */
export type Reading = 'strict' | 'generous' | 'sure';

/** What one NSG does to the sources. */
export interface Walk<N extends Countable> {
  readonly admitted: Ranges<N>;
  readonly admittedBy: readonly RuleAt[];
  /** The rules among them that only possibly allow something. */
  readonly doubtful: readonly RuleAt[];
  readonly blockers: readonly Blocker[];
}

/** Returns the inbound rules of an NSG in the order in which they decide. */
export const inOrder = ({ rules }: SecurityGroup): readonly SecurityRule[] =>
  rules.filter(({ direction }) => direction === 'Inbound').sort((a, b) => a.priority - b.priority);

/** Whether a rule counts for the sources that it might or might not apply to. */
const countsInDoubt = ({ access }: SecurityRule, reading: Reading): boolean =>
  reading === 'strict' ? access !== 'Allow' : reading === 'generous' && access !== 'Deny';

/**
 * Evaluates the inbound rules of one NSG for the sources, lowest priority number first. Each rule decides the part that
 * it applies to, and leaves the rest to the next one.
 */
export function walkGroup<N extends Countable>(
  family: Family<N>,
  { attachedTo, group }: AttachedGroup,
  network: VmNetwork,
  flow: Flow,
  sources: Ranges<N>,
  reading: Reading,
): Walk<N> {
  const admittedBy: GroupRuleAt[] = [];
  const doubtful: GroupRuleAt[] = [];
  const blockers: Blocker[] = [];
  let admitted: Ranges<N> = [];
  let undecided = sources;
  for (const rule of inOrder(group)) {
    const at = { rule, group, attachedTo };
    const sourcePort = reading === 'sure' && rule.access === 'Allow' ? 'chosen' : 'any';
    const { certain, possible } = matchRule(family, rule, network, flow, undecided, sourcePort);
    const inDoubt = countsInDoubt(rule, reading) ? possible : [];
    const decided = union(certain, inDoubt);
    const admits = rule.access === 'Allow' || (rule.access === 'unknown' && reading === 'generous');
    if (admits && decided.length > 0) {
      admitted = union(admitted, decided);
      admittedBy.push(at);
      if (inDoubt.length > 0 || rule.access !== 'Allow') doubtful.push(at);
    }
    if (!admits) {
      if (certain.length > 0) blockers.push({ ...at, reason: 'denies', sources: family.toPrefixes(certain) });
      if (inDoubt.length > 0)
        blockers.push({ ...at, reason: 'unresolved', sources: family.toPrefixes(inDoubt) });
    }
    undecided = subtract(undecided, decided);
  }
  // Azure's own DenyAllInBound decides everything, unless the default rules were not read.
  if (undecided.length > 0) {
    blockers.push({ group, attachedTo, reason: 'noRule', sources: family.toPrefixes(undecided) });
  }
  return { admitted, admittedBy, doubtful, blockers };
}
