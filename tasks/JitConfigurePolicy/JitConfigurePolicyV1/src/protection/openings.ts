import { groupBy } from '../../../../shared/core/groupBy';
import { walkAdminRules } from '../../../../shared/core/nsg/adminWalk';
import { evaluateSure, mayAdmit } from '../../../../shared/core/nsg/evaluate';
import { IPV4, IPV6, rangesIn, versionOf, type Family } from '../../../../shared/core/nsg/family';
import { toFlows } from '../../../../shared/core/nsg/judge';
import { ANY, textsOf, type Prefix } from '../../../../shared/core/prefixes';
import { isJitRuleName, withoutRules } from '../../../../shared/core/nsg/rules';
import { isAdminRule, type Flow, type RuleAt } from '../../../../shared/core/nsg/verdict';
import type { SecurityRule } from '../../../../shared/core/network';
import { covers, intersect, union, type Countable, type Ranges } from '../../../../shared/core/ranges';
import { together, type RulePort } from '../plan/portRules';
import type { FilteredPlace } from './readFilters';

/** The sources that can connect to ports over one version of IP. */
export interface Opening {
  readonly ports: readonly RulePort[];
  /** CIDRs. Empty if there are none. */
  readonly sources: readonly Prefix[];
  /** Whether they can certainly connect. Otherwise, a rule might allow them. */
  readonly sure: boolean;
  /** How many of the public addresses are among the sources. */
  readonly internet: 'all' | 'some' | 'none';
  readonly rules: readonly RuleAt[];
}

/**
 * Returns the sources that can connect to ports under a policy, regardless of its requests and of the NSGs, because
 * security admin rules always allow them. Just-in-time access does not protect these ports. Only sources that are
 * certainly on the internet count.
 */
export function findAlwaysAllowed(
  places: readonly FilteredPlace[],
  ports: readonly RulePort[],
): readonly Opening[] {
  return joinAlike(
    together(ports).map((port): Opening => {
      const walks = over(IPV4, places).flatMap(({ network }) =>
        flowsTo(port).map((flow) => walkAdminRules(IPV4, network, flow, IPV4.publicOnes, 'sure')),
      );
      const passed = union(...walks.map((walk) => walk.passed));
      return {
        ...{
          ports: [port],
          sources: IPV4.toPrefixes(passed),
          sure: true,
          internet: internetIn(IPV4, passed),
        },
        rules: eachOnce(walks.flatMap((walk) => (walk.passed.length > 0 ? walk.passedBy : []))),
      };
    }),
  ).filter(({ sources }) => sources.length > 0);
}

/**
 * Returns what the rules open without the rules of the service, which are for IPv4 only. A rule counts as the service's
 * by its name, because nothing is decided by this: it is only logged. Azure's rule for its load balancer is omitted,
 * because every VM has it.
 */
export const findOpenings = (
  places: readonly FilteredPlace[],
  ports: readonly RulePort[],
): readonly Opening[] => openingsOver(IPV4, places, ports);

/** Returns what the rules certainly open to the internet over IPv6, with or without just-in-time access. */
export const findOpenOverIpv6 = (
  places: readonly FilteredPlace[],
  ports: readonly RulePort[],
): readonly Opening[] =>
  openingsOver(IPV6, places, ports).filter(({ sure, internet }) => sure && internet !== 'none');

const openingsOver = <N extends Countable>(
  family: Family<N>,
  places: readonly FilteredPlace[],
  ports: readonly RulePort[],
): readonly Opening[] =>
  joinAlike(together(ports).map((port) => findOpening(family, over(family, places), port)));

/**
 * Returns the places with an address of one version of IP. An NSG has rules for both, and an address meets those of its
 * own.
 */
const over = <N extends Countable>(
  { version }: Family<N>,
  places: readonly FilteredPlace[],
): readonly FilteredPlace[] =>
  places.filter(({ network }) => versionOf(network.privateIpAddress) === version);

/** Returns the flows from any source to a port, one for each of its protocols. */
const flowsTo = (port: RulePort): readonly Flow[] => toFlows({ ...port, sources: [ANY] });

/** Joins ports to which the same rules allow the same sources, so that they are logged together. */
function joinAlike(openings: readonly Opening[]): readonly Opening[] {
  const same = groupBy(openings, ({ sources, sure, rules: by }) =>
    JSON.stringify([textsOf(sources), sure, by.map(keyOfRule)]),
  );
  return [...same.values()].flatMap(([first, ...others]) =>
    first ? [{ ...first, ports: [first, ...others].flatMap(({ ports }) => ports) }] : [],
  );
}

function findOpening<N extends Countable>(
  family: Family<N>,
  places: readonly FilteredPlace[],
  port: RulePort,
): Opening {
  const ways = places
    .filter(({ network }) => network.groups.length > 0)
    .map(({ network }) => withoutRules(network, isLeftOut))
    .flatMap((network) => flowsTo(port).map((flow) => ({ network, flow })));
  const sure = ways.map(({ network, flow }) => {
    const verdict = evaluateSure(network, flow);
    const sources = verdict.admits ? [ANY] : verdict.admittedSources;
    return {
      sources,
      rules: sources.length > 0 ? evaluateSure(network, { ...flow, sources }).admittedBy : [],
    };
  });
  const isSure = sure.some(({ sources }) => sources.length > 0);
  const found = isSure ? sure : ways.map(({ network, flow }) => mayAdmit(network, flow));
  const admitted = union(...found.map(({ sources }) => rangesIn(family, sources)));
  return {
    ...{ ports: [port], sources: family.toPrefixes(admitted), sure: isSure },
    internet: internetIn(family, admitted),
    rules: eachOnce(found.flatMap((one) => one.rules)),
  };
}

function internetIn<N extends Countable>(
  { publicOnes }: Family<N>,
  admitted: Ranges<N>,
): Opening['internet'] {
  if (covers(admitted, publicOnes)) return 'all';
  return intersect(admitted, publicOnes).length > 0 ? 'some' : 'none';
}

const eachOnce = (rules: readonly RuleAt[]): readonly RuleAt[] => [
  ...new Map(rules.map((at) => [keyOfRule(at), at])).values(),
];

const keyOfRule = (at: RuleAt): string =>
  `${isAdminRule(at) ? `${at.rule.configuration}/${at.rule.collection}` : at.group.id} ${at.rule.name}`.toLowerCase();

const isLeftOut = ({ name, isDefault, access, sources }: SecurityRule): boolean =>
  isJitRuleName(name) ||
  (isDefault && access === 'Allow' && sources.every(({ key }) => key === 'azureloadbalancer'));
