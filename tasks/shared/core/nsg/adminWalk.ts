import { groupBy } from '../groupBy';
import type { AdminRule, VmNetwork } from '../network';
import { intersect, subtract, union, type Countable, type Ranges } from '../ranges';
import type { Family } from './family';
import { matchRule, type Match } from './match';
import type { AdminRuleAt, Blocker, Flow } from './verdict';
import type { Reading } from './walk';

/** What the security admin rules of a VNet do to the sources; what they deny is in neither part. */
export interface AdminWalk<N extends Countable> {
  /** What goes on to the security groups. */
  readonly handedOn: Ranges<N>;
  /** What passes by them. */
  readonly passed: Ranges<N>;
  readonly passedBy: readonly AdminRuleAt[];
  /** Rules that only may have let something get so far. */
  readonly doubtful: readonly AdminRuleAt[];
  readonly blockers: readonly Blocker[];
}

/** A rule with the part of the sources that it decides for, surely or possibly, as far as no rule before it surely does. */
type Met<N extends Countable> = Match<N> & { readonly rule: AdminRule };

/**
 * Sends the sources through the security admin rules, lowest priority number first (Learn, "Security admin rules in Azure
 * Virtual Network Manager"). An order that nothing tells is read as every doubt is: rules of several collections may have
 * one number, and of several network managers the one with the higher scope counts (Learn, "Understand and work with Azure
 * Virtual Network Manager scopes"), which no rule tells. So every address may come to several ends. `strict` takes the one
 * that keeps out most, the others the one that keeps out least, and `sure` passes over rules that only may apply.
 */
export function walkAdminRules<N extends Countable>(
  family: Family<N>,
  network: VmNetwork,
  flow: Flow,
  sources: Ranges<N>,
  reading: Reading,
): AdminWalk<N> {
  const inbound = (network.adminRules ?? []).filter(({ direction }) => direction === 'Inbound');
  if (inbound.length === 0)
    return { handedOn: sources, passed: [], passedBy: [], doubtful: [], blockers: [] };
  const met: Met<N>[] = [];
  let untouched = sources;
  for (const rules of groupBy(inbound, toManager).values()) {
    untouched = intersect(untouched, walkManager(family, rules, network, flow, sources, reading, met));
  }
  const ends = (access: AdminRule['access']) =>
    union(...met.filter(({ rule }) => mayBe(rule, access)).map((one) => partOf(one, reading)));
  const [denied, handedOn, passed] = [ends('Deny'), union(ends('Allow'), untouched), ends('AlwaysAllow')];
  const final =
    reading === 'strict'
      ? { denied, handedOn: subtract(handedOn, denied), passed: subtract(passed, union(denied, handedOn)) }
      : { denied: subtract(denied, union(passed, handedOn)), handedOn: subtract(handedOn, passed), passed };
  const passing = met.filter(
    (one) =>
      mayBe(one.rule, 'AlwaysAllow') &&
      meets(reading === 'generous' ? partOf(one, reading) : one.certain, final.passed),
  );
  // A rule that may hand on what another one denies.
  const saved = intersect(final.handedOn, denied);
  const inDoubt = met.filter(
    (one) => reading === 'generous' && mayBe(one.rule, 'Allow') && meets(one.possible, saved),
  );
  return {
    ...{ handedOn: final.handedOn, passed: final.passed },
    passedBy: passing.map(toRuleAt),
    doubtful: [...passing.filter((one) => meets(one.possible, final.passed)), ...inDoubt].map(toRuleAt),
    blockers: met.flatMap((one) => (mayBe(one.rule, 'Deny') ? toBlockers(family, one, final.denied) : [])),
  };
}

/** Rules of one network manager have one key. A rule that does not name its manager has a key of its own. */
const toManager = (rule: AdminRule): string | AdminRule => rule.managerId.toLowerCase() || rule;

/** Adds what the rules of one network manager meet, and gives what none of them surely decides for. */
function walkManager<N extends Countable>(
  family: Family<N>,
  rules: readonly AdminRule[],
  network: VmNetwork,
  flow: Flow,
  sources: Ranges<N>,
  reading: Reading,
  met: Met<N>[],
): Ranges<N> {
  let undecided = sources;
  const byPriority = [...groupBy(rules, ({ priority }) => priority)].sort(([a], [b]) => a - b);
  for (const [, alike] of byPriority) {
    const before = undecided;
    for (const rule of alike) {
      const sourcePort = reading === 'sure' && rule.access === 'AlwaysAllow' ? 'chosen' : 'any';
      const match = matchRule(family, rule, network, flow, before, sourcePort);
      if (match.certain.length + match.possible.length > 0) met.push({ ...match, rule });
      undecided = subtract(undecided, match.certain);
    }
  }
  return undecided;
}

const mayBe = ({ access }: AdminRule, wanted: AdminRule['access']): boolean =>
  access === wanted || access === 'unknown';

const partOf = <N extends Countable>({ certain, possible }: Match<N>, reading: Reading): Ranges<N> =>
  reading === 'sure' ? certain : union(certain, possible);

const meets = <N extends Countable>(one: Ranges<N>, other: Ranges<N>): boolean =>
  intersect(one, other).length > 0;

const toRuleAt = ({ rule }: { readonly rule: AdminRule }): AdminRuleAt => ({ attachedTo: 'vnet', rule });

function toBlockers<N extends Countable>(
  family: Family<N>,
  one: Met<N>,
  denied: Ranges<N>,
): readonly Blocker[] {
  const parts = [
    { reason: 'denies', part: intersect(one.certain, denied) },
    { reason: 'unresolved', part: intersect(one.possible, denied) },
  ] as const;
  return parts.flatMap(({ reason, part }) =>
    part.length > 0 ? { ...toRuleAt(one), reason, sources: family.toPrefixes(part) } : [],
  );
}
