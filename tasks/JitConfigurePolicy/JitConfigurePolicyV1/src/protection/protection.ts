import { PUBLIC_ADDRESSES } from '../../../../shared/core/addresses';
import { groupBy } from '../../../../shared/core/groupBy';
import { walkAdminRules } from '../../../../shared/core/nsg/adminWalk';
import { IPV4 } from '../../../../shared/core/nsg/family';
import { evaluateSure, mayAdmit } from '../../../../shared/core/nsg/evaluate';
import { toFlows } from '../../../../shared/core/nsg/judge';
import { ANY, rangesOf, textsOf, toPrefixes, type Prefix } from '../../../../shared/core/prefixes';
import { isJitRuleName, withoutRules } from '../../../../shared/core/nsg/rules';
import { isAdminRule, type Flow, type RuleAt } from '../../../../shared/core/nsg/verdict';
import type { SecurityRule } from '../../../../shared/core/network';
import { covers, intersect, union, type Ranges } from '../../../../shared/core/ranges';
import { together, type RulePort } from '../plan/portRules';
import type { FilteredPlace } from './readFilters';

/** Addresses of a VM for which just-in-time access has no place to write its rules. */
export interface Unprotected {
  /** `firewallPolicy`: there are firewalls, and Firewall Policy manages all of them. */
  readonly reason: 'noFilter' | 'firewallPolicy';
  readonly addresses: readonly string[];
  /** Whether these are all addresses of the VM. */
  readonly all: boolean;
}

/** Returns the addresses of a VM that neither an NSG nor a firewall with classic rules filters, if there are any. */
export function findUnprotected(places: readonly FilteredPlace[]): Unprotected | undefined {
  const bare = places.filter(({ firewalls }) => firewalls?.every(({ hasPolicy }) => hasPolicy));
  if (bare.length === 0) return undefined;
  return {
    reason: bare.every(({ firewalls = [] }) => firewalls.length > 0) ? 'firewallPolicy' : 'noFilter',
    addresses: textsOf(bare.map(({ network }) => network.privateIpAddress)),
    all: bare.length === places.length,
  };
}

/**
 * Returns the sources that security admin rules always allow to reach ports under a policy, regardless of its requests
 * and the NSGs. Just-in-time access protects nothing there. Only sources that certainly come from the internet count.
 */
export function findAlwaysAllowed(
  places: readonly FilteredPlace[],
  ports: readonly RulePort[],
): readonly Opening[] {
  return joinAlike(
    together(ports).map((port): Opening => {
      const walks = places.flatMap(({ network }) =>
        flowsTo(port).map((flow) => walkAdminRules(IPV4, network, flow, PUBLIC_ADDRESSES, 'sure')),
      );
      const passed = union(...walks.map((walk) => walk.passed));
      return {
        ...{ ports: [port], sources: toPrefixes(passed), sure: true, internet: internetIn(passed) },
        rules: eachOnce(walks.flatMap((walk) => (walk.passed.length > 0 ? walk.passedBy : []))),
      };
    }),
  ).filter(({ sources }) => sources.length > 0);
}

/** The sources that rules allow to reach ports. */
export interface Opening {
  readonly ports: readonly RulePort[];
  /** CIDRs; empty if no source is allowed. */
  readonly sources: readonly Prefix[];
  /** Whether the sources are certainly allowed. Otherwise, a rule might allow them. */
  readonly sure: boolean;
  /** How many of the public addresses are among the sources. */
  readonly internet: 'all' | 'some' | 'none';
  readonly rules: readonly RuleAt[];
}

/**
 * Returns the sources that the rules allow after the service's own rules are removed. A rule counts as the service's by
 * its name, which is sufficient because the result is only logged and decides nothing. Azure's rule for its load
 * balancer is left out, because every VM has it.
 */
export function findOpenings(
  places: readonly FilteredPlace[],
  ports: readonly RulePort[],
): readonly Opening[] {
  return joinAlike(together(ports).map((port) => findOpening(places, port)));
}

/** Returns the flows from any source to a port, one for each of its protocols. */
const flowsTo = (port: RulePort): readonly Flow[] => toFlows({ ...port, sources: [ANY] });

/** Combines ports that the same rules open to the same sources. */
function joinAlike(openings: readonly Opening[]): readonly Opening[] {
  const same = groupBy(openings, ({ sources, sure, rules: by }) =>
    JSON.stringify([textsOf(sources), sure, by.map(keyOfRule)]),
  );
  return [...same.values()].flatMap(([first, ...others]) =>
    first ? [{ ...first, ports: [first, ...others].flatMap(({ ports }) => ports) }] : [],
  );
}

function findOpening(places: readonly FilteredPlace[], port: RulePort): Opening {
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
  const admitted = union(...found.map(({ sources }) => rangesOf(sources)));
  const rules = found.flatMap((one) => one.rules);
  return {
    ...{ ports: [port], sources: toPrefixes(admitted), sure: isSure },
    internet: internetIn(admitted),
    rules: eachOnce(rules),
  };
}

function internetIn(admitted: Ranges): Opening['internet'] {
  if (covers(admitted, PUBLIC_ADDRESSES)) return 'all';
  return intersect(admitted, PUBLIC_ADDRESSES).length > 0 ? 'some' : 'none';
}

const eachOnce = (rules: readonly RuleAt[]): readonly RuleAt[] => [
  ...new Map(rules.map((at) => [keyOfRule(at), at])).values(),
];

const keyOfRule = (at: RuleAt): string =>
  `${isAdminRule(at) ? `${at.rule.configuration}/${at.rule.collection}` : at.group.id} ${at.rule.name}`.toLowerCase();

const isLeftOut = ({ name, isDefault, access, sources }: SecurityRule): boolean =>
  isJitRuleName(name) ||
  (isDefault && access === 'Allow' && sources.every(({ key }) => key === 'azureloadbalancer'));
