import type { AdminRule, VmNetwork } from '../../../tasks/shared/core/network';
import { admitsAddress, applies, isPublic, type Answer, type DoubtFor } from './naiveEvaluator';

/** The possible results for one address, from worst to best. */
const ENDS = ['Deny', 'Allow', 'AlwaysAllow'] as const;
type End = (typeof ENDS)[number];

/** Whether one rule certainly comes before another: both numbers are known, and both have the same manager. */
const isBefore = (one: AdminRule, other: AdminRule): boolean =>
  one.managerId !== '' &&
  one.managerId.toLowerCase() === other.managerId.toLowerCase() &&
  one.priority !== 0 &&
  other.priority !== 0 &&
  one.priority < other.priority;

/**
 * Returns every possible result for an address. Any rule that might apply can be the first one, unless a rule that
 * certainly applies certainly comes before it. Without any rule the security groups decide, as they do after `Allow`.
 */
function endsOf(rules: readonly AdminRule[], asks: (rule: AdminRule) => Answer): ReadonlySet<End> {
  const answers = rules.map((rule) => ({ rule, answer: asks(rule) }));
  const sure = answers.filter(({ answer }) => answer === 'yes');
  const ends = new Set<End>(sure.length === 0 ? ['Allow'] : []);
  for (const { rule, answer } of answers) {
    if (answer === 'no' || sure.some((other) => isBefore(other.rule, rule))) continue;
    for (const end of rule.access === 'unknown' ? ENDS : [rule.access]) ends.add(end);
  }
  return ends;
}

/** Like `admitsAddress`, but with the security admin rules before the groups. */
export function admitsPastAdminRules(
  network: VmNetwork,
  address: number,
  port: number,
  protocol: string,
  doubtFor: DoubtFor = 'Deny',
): boolean {
  const answer = (rule: AdminRule): Answer => {
    const access = rule.access === 'AlwaysAllow' ? 'Allow' : 'Deny';
    const found = applies({ ...rule, access, isDefault: false }, address, port, protocol, network, doubtFor);
    if (found === 'no') return 'no';
    const maybe = found === 'maybe' || rule.access === 'unknown';
    return maybe ? (doubtFor === 'neither' ? 'no' : 'maybe') : 'yes';
  };
  const ends = endsOf(network.adminRules ?? [], answer);
  const order = doubtFor === 'Deny' ? ENDS : ENDS.toReversed();
  const end = order.find((one) => ends.has(one));
  if (end === 'Deny') return false;
  const isBare = network.groups.length === 0 && doubtFor !== 'Allow' && isPublic(address);
  const mayStop = isBare && ['Standard', 'unknown'].includes(network.publicSku ?? '');
  if (end === 'AlwaysAllow' && !mayStop) return true;
  return admitsAddress(network, address, port, protocol, doubtFor);
}
