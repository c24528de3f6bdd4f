import type { AttachedGroup, SecurityGroup, SecurityRule, VmNetwork } from '../network';
import { subtract, union, type Countable, type Ranges } from '../ranges';
import type { Family } from './family';
import { matchRule } from './match';
import type { Blocker, Flow, GroupRuleAt, RuleAt } from './verdict';

/**
 * How to read a rule that may or may not apply. `strict`: such an allow rule allows nothing, such a deny rule
 * keeps out. `generous`: the other way round. `sure`: neither does anything, but an allow rule for some source ports lets
 * everybody in, because a client chooses its own. One that may be either is what the reading makes of it.
 */
export type Reading = 'strict' | 'generous' | 'sure';

/** What one security group does to the sources. */
export interface Walk<N extends Countable> {
  readonly admitted: Ranges<N>;
  readonly admittedBy: readonly RuleAt[];
  /** Those among them that only may allow something. */
  readonly doubtful: readonly RuleAt[];
  readonly blockers: readonly Blocker[];
}

/** The inbound rules of a group in the order in which they decide. */
export const inOrder = ({ rules }: SecurityGroup): readonly SecurityRule[] =>
  rules.filter(({ direction }) => direction === 'Inbound').sort((a, b) => a.priority - b.priority);

/** Whether a rule counts for the part that it may or may not apply to. */
const countsInDoubt = ({ access }: SecurityRule, reading: Reading): boolean =>
  reading === 'strict' ? access !== 'Allow' : reading === 'generous' && access !== 'Deny';

/**
 * Sends the sources through the inbound rules of one group, lowest priority number first: each rule decides for
 * the part that it applies to, and the rest goes on to the next one.
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
  // Azure's own DenyAllInBound decides for everything, unless the default rules were not read.
  if (undecided.length > 0) {
    blockers.push({ group, attachedTo, reason: 'noRule', sources: family.toPrefixes(undecided) });
  }
  return { admitted, admittedBy, doubtful, blockers };
}
