import { PUBLIC_ADDRESSES, formatRanges } from '../addresses';
import type { AttachedGroup, SecurityRule, VmNetwork } from '../network';
import { subtract, union, type Ranges } from '../ranges';
import { matchRule } from './match';
import type { Blocker, Flow, RuleAt } from './verdict';

/**
 * How to read a rule that may or may not apply. `strict`: such an allow rule lets nothing in, such a deny rule
 * keeps out. `generous`: the other way round. `sure`: neither does anything.
 */
export type Reading = 'strict' | 'generous' | 'sure';

/** What one security group does to the sources. */
export interface Walk {
  readonly admitted: Ranges;
  readonly admittedBy: readonly RuleAt[];
  readonly blockers: readonly Blocker[];
}

/**
 * The part for which a rule is in doubt. The default rule for the VNet is not doubted for public sources only because
 * the VNet's prefixes were not read: hardly any VNet has public ones.
 */
function toDoubtful(rule: SecurityRule, possible: Ranges): Ranges {
  return rule.isDefault ? subtract(possible, PUBLIC_ADDRESSES) : possible;
}

/**
 * Sends the sources through the inbound rules of one group, lowest priority number first: each rule decides for
 * the part that it applies to, and the rest goes on to the next one.
 */
export function walkGroup(
  { attachedTo, group }: AttachedGroup,
  network: VmNetwork,
  flow: Flow,
  sources: Ranges,
  reading: Reading,
): Walk {
  const admittedBy: RuleAt[] = [];
  const blockers: Blocker[] = [];
  let admitted: Ranges = [];
  let undecided = sources;
  const inbound = group.rules.filter((rule) => rule.direction === 'Inbound');
  for (const rule of inbound.sort((a, b) => a.priority - b.priority)) {
    const at = { rule, group, attachedTo };
    const { certain, possible } = matchRule(rule, network, flow, undecided);
    const isTaken = reading === (rule.access === 'Deny' ? 'strict' : 'generous');
    const doubtful = isTaken ? toDoubtful(rule, possible) : [];
    const decided = union(certain, doubtful);
    if (rule.access === 'Allow' && decided.length > 0) {
      admitted = union(admitted, decided);
      admittedBy.push(at);
    }
    if (rule.access === 'Deny') {
      if (certain.length > 0) blockers.push({ ...at, reason: 'denies', sources: formatRanges(certain) });
      if (doubtful.length > 0)
        blockers.push({ ...at, reason: 'unresolved', sources: formatRanges(doubtful) });
    }
    undecided = subtract(undecided, decided);
  }
  // Azure's own DenyAllInBound decides for everything, unless the default rules were not read.
  if (undecided.length > 0) {
    blockers.push({ group, attachedTo, reason: 'noRule', sources: formatRanges(undecided) });
  }
  return { admitted, admittedBy, blockers };
}
