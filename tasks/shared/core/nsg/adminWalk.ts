import { groupBy } from '../groupBy';
import type { AdminRule, VmNetwork } from '../network';
import { intersect, subtract, union, type Countable, type Ranges } from '../ranges';
import type { Family } from './family';
import { matchRule, type Match } from './match';
import type { AdminRuleAt, Blocker, Flow } from './verdict';
import type { Reading } from './walk';

/** What the security admin rules of a VNet do to the sources. Denied sources are in neither `handedOn` nor `passed`. */
export interface AdminWalk<N extends Countable> {
  /** The sources that are left to the NSGs. */
  readonly handedOn: Ranges<N>;
  /** The sources that bypass the NSGs. */
  readonly passed: Ranges<N>;
  readonly passedBy: readonly AdminRuleAt[];
  /** Rules that possibly, but not certainly, allow some sources or leave them to the NSGs. */
  readonly doubtful: readonly AdminRuleAt[];
  readonly blockers: readonly Blocker[];
}

/**
 * A rule, and the sources that it certainly or possibly decides, except those that an earlier rule certainly decides.
 */
type Met<N extends Countable> = Match<N> & { readonly rule: AdminRule };

/**
 * Evaluates the security admin rules for the sources, lowest priority number first (Microsoft Learn, "Security admin
 * rules in Azure Virtual Network Manager"). The order of two rules can be unknown: rules of several collections can
 * have the same number, and of several network managers the one with the higher scope comes first (Microsoft Learn,
 * "Understand and work with Azure Virtual Network Manager scopes"), but no rule contains the scope. Every address can
 * therefore have several results. `strict` uses the one that blocks most. `generous` and `sure` use the one that blocks
 * least, and `sure` ignores rules that only possibly apply.
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
  // Sources that one rule might leave to the NSGs although another rule denies them.
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

/** Returns the key of a rule's network manager. A rule that does not name its manager has a key of its own. */
const toManager = (rule: AdminRule): string | AdminRule => rule.managerId.toLowerCase() || rule;

/**
 * Adds what the rules of one network manager match, and returns the sources for which none of them certainly decides.
 */
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
