import { groupBy } from '../../../../shared/core/groupBy';
import {
  covers,
  intersect,
  sizeOf,
  subtract,
  union,
  type Countable,
  type Ranges,
} from '../../../../shared/core/ranges';
import { evaluateSure, mayAdmit } from '../../../../shared/core/nsg/evaluate';
import {
  inFamily,
  publicPrefixes,
  rangesIn,
  versionOf,
  type Family,
} from '../../../../shared/core/nsg/family';
import type { RuleAt, Verdict } from '../../../../shared/core/nsg/verdict';
import { ANY, textsOf, type Prefix } from '../../../../shared/core/prefixes';
import type { Firewall } from '../../../../shared/core/resources';
import type { Catalogue, Placed } from './catalogue';
import type {
  DoubtfulRule,
  IpVersion,
  MayBeOpenPort,
  PermanentPort,
  RuleName,
} from '../../../../shared/view/report';
import { toRuleName, ingressesTo, whyDoubtful, withoutGrants, type Ingress, type Ingresses } from './ingress';

const MOST_SOURCES = 20;
const ANY_SOURCE = [ANY];

/** A port of a VM. */
export interface EvaluatedPort {
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
  /** The sources for which active requests hold the port open; absent if the policies could not be read. */
  readonly granted: readonly Prefix[] | undefined;
}

/** The allowed sources, in addresses of one IP version. */
type Extent = Pick<PermanentPort, 'sources' | 'moreSources' | 'reach' | 'publicShare'>;
/** What is allowed without any request, and by which rules. */
export type PortExposure = Extent & Pick<PermanentPort, 'rules'>;
/** What might be allowed, and why. */
export type Doubt = Extent & Pick<MayBeOpenPort, 'reason' | 'rules'>;

/** A port over one IP version. */
export interface EvaluatedOpening {
  readonly ipVersion: IpVersion;
  /** Undefined if no source is certainly allowed. */
  readonly permanent: PortExposure | undefined;
  /** Undefined if no source might be allowed beyond those that certainly are. */
  readonly doubt: Doubt | undefined;
  /** The part of all public addresses, from 0 to 1, that is certainly allowed now, with or without a request. */
  readonly publicShare: number;
  /** Whether something was not read that might open the port. */
  readonly isUnread: boolean;
}

/** The network around a VM through which a port can be reached. */
export interface Around {
  /** The firewalls of the subscription; absent if they were not read. */
  readonly firewalls: readonly Firewall[] | undefined;
  readonly vnets: Catalogue['vnets'];
}

/**
 * Finds the sources that rules allow to reach a port without an active request, for each IP version of the VM's
 * addresses. A rule counts as the rule of a request if it has a name that the service uses, and allows no more than the
 * active requests for this port. A rule that outlived its request counts like any other. If the policies could not be
 * read, which is a gap, all rules with such a name are left out. Azure's own allow rules (for the VNet and the load
 * balancer) are left out, because every VM has them. A rule that cannot be resolved, such as one with a service tag,
 * blocks nothing, and causes doubt if it is an allow rule.
 */
export function findOpenings(
  places: readonly Placed[],
  at: EvaluatedPort,
  around: Around,
): readonly EvaluatedOpening[] {
  const byVersion = groupBy(places, ({ network }) => versionOf(network.privateIpAddress));
  return [...byVersion].map(([ipVersion, own]) => ({
    ipVersion,
    ...inFamily(ipVersion, (family) => openingOf(family, own, at, around)),
  }));
}

function openingOf<N extends Countable>(
  family: Family<N>,
  places: readonly Placed[],
  at: EvaluatedPort,
  { firewalls, vnets }: Around,
): Omit<EvaluatedOpening, 'ipVersion'> {
  const found = places.map((place) =>
    evaluatePort(family, place, ingressesTo(place, at.port, firewalls, vnets), at),
  );
  const sure = union(...found.map((one) => one.sure));
  const doubted = intersect(
    subtract(union(...found.map((one) => one.possible)), sure),
    hostsOf(family, places),
  );
  const rules = found.flatMap((one) => (one.sure.length > 0 ? one.rules : []));
  const doubtful = found.flatMap((one) => one.doubtIn(doubted));
  const [reason] = (['noSecurityGroup', 'firewallPolicy'] as const).filter((one) =>
    found.some(({ unfiltered }) => unfiltered === one),
  );
  return {
    permanent: sure.length === 0 ? undefined : { ...extentOf(family, sure), rules: unique(rules) },
    doubt:
      doubted.length === 0
        ? undefined
        : { ...extentOf(family, doubted), reason: reason ?? 'rules', rules: unique(doubtful) },
    publicShare: shareOf(family, union(...found.map((one) => one.now))),
    isUnread: found.some((one) => one.isUnread === true),
  };
}

/**
 * Returns the addresses that traffic can come from. Whether `Internet` includes documentation or reserved addresses is
 * not documented, and no host has them, so they cause no doubt.
 */
const hostsOf = <N extends Countable>(family: Family<N>, places: readonly Placed[]): Ranges<N> =>
  union(
    family.publicOnes,
    family.privateOnes,
    ...places.map(({ network }) => rangesIn(family, network.vnet?.certain ?? [])),
  );

/** The result for one address. */
interface Found<N extends Countable> {
  readonly sure: Ranges<N>;
  readonly rules: readonly RuleName[];
  readonly possible: Ranges<N>;
  readonly unfiltered: Ingresses['unfiltered'];
  readonly isUnread: Ingresses['isUnread'];
  /** Returns the rules that might allow some of these sources. */
  readonly doubtIn: (doubted: Ranges<N>) => readonly DoubtfulRule[];
  /** The sources that are certainly allowed, including those of active requests. */
  readonly now: Ranges<N>;
}

function evaluatePort<N extends Countable>(
  family: Family<N>,
  { network }: Placed,
  { ingresses, isBasic, unfiltered, isUnread }: Ingresses,
  { port, protocol, granted }: EvaluatedPort,
): Found<N> {
  const to = (sources: readonly Prefix[]) => ({ sources, port, protocol });
  const none = { rules: [], unfiltered, isUnread, doubtIn: () => [] };
  if (isBasic) {
    // A Basic public address does not bypass what a security admin rule blocks.
    const sure = admittedIn(family, evaluateSure(network, to(ANY_SOURCE)));
    return { ...none, sure, possible: [], now: sure };
  }
  if (unfiltered) {
    const possible = rangesIn(family, mayAdmit(network, to(ANY_SOURCE)).sources);
    return { ...none, sure: [], possible, now: [] };
  }
  const checked = ingresses.map((ingress) => {
    const left = withoutGrants(ingress, granted);
    const sure = admittedIn(family, evaluateSure(left, to(ANY_SOURCE)));
    // Evaluated for these sources only: a rule whose sources the other NSG blocks allows no one.
    const { admittedBy } = evaluateSure(left, to(family.toPrefixes(sure)));
    const possible = rangesIn(family, mayAdmit(left, to(ANY_SOURCE)).sources);
    return { ingress, left, sure, possible, rules: sure.length > 0 ? admittedBy : [] };
  });
  return {
    sure: union(...checked.map((one) => one.sure)),
    rules: checked.flatMap(({ ingress, rules }) => rules.map((rule) => toRuleName(rule, ingress.by))),
    possible: union(...checked.map((one) => one.possible)),
    ...{ unfiltered, isUnread },
    doubtIn: (doubted) =>
      checked.flatMap(({ ingress, left }) =>
        mayAdmit(left, to(family.toPrefixes(doubted))).doubtful.map((rule) => toDoubtfulRule(rule, ingress)),
      ),
    now: union(
      ...ingresses.map((ingress) => {
        const verdict = evaluateSure(ingress.network, to(publicPrefixes(family)));
        return verdict.admits ? family.publicOnes : rangesIn(family, verdict.admittedSources);
      }),
    ),
  };
}

const admittedIn = <N extends Countable>(family: Family<N>, verdict: Verdict): Ranges<N> =>
  verdict.admits ? family.all : rangesIn(family, verdict.admittedSources);

const toDoubtfulRule = (at: RuleAt, { by }: Ingress): DoubtfulRule => ({
  ...toRuleName(at, by),
  why: whyDoubtful(at, by),
  from: [...textsOf(at.rule.sources).filter((text) => text !== ''), ...at.rule.sourceGroupIds],
});

function extentOf<N extends Countable>(family: Family<N>, admitted: Ranges<N>): Extent {
  const everyAddress = covers(admitted, family.publicOnes);
  const sources = everyAddress ? ANY_SOURCE : family.toPrefixes(admitted);
  const isPublic = intersect(admitted, family.publicOnes).length > 0;
  return {
    sources: textsOf(sources.slice(0, MOST_SOURCES)),
    moreSources: Math.max(0, sources.length - MOST_SOURCES),
    reach: everyAddress ? 'anyAddress' : isPublic ? 'internet' : 'private',
    publicShare: shareOf(family, admitted),
  };
}

/** Returns the part of all public addresses: 1 for all, and less than 1 if any is missing. */
function shareOf<N extends Countable>({ publicOnes }: Family<N>, addresses: Ranges<N>): number {
  const [part, whole] = [sizeOf(intersect(addresses, publicOnes)), sizeOf(publicOnes)];
  return part === whole ? 1 : Math.min(Number(part) / Number(whole), 1 - Number.EPSILON);
}

const unique = <T>(list: readonly T[]): readonly T[] => [
  ...new Map(list.map((item) => [JSON.stringify(item), item])).values(),
];
