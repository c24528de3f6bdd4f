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

/** What just-in-time access has no place to write its rules at. */
export interface Unprotected {
  /** `firewallPolicy`: there are firewalls, all of them managed by Firewall Policy. */
  readonly reason: 'noFilter' | 'firewallPolicy';
  readonly addresses: readonly string[];
  /** Whether it is every address of the VM. */
  readonly all: boolean;
}

/** The addresses of a VM that neither a security group nor a firewall with classic rules filters. */
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
 * Who gets in at ports under a policy whatever its requests and the security groups are, by security admin rules that
 * always allow: just-in-time access protects nothing there. Only what surely comes from the internet counts.
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

/** Who gets in at ports when the service's rules are gone. */
export interface Opening {
  readonly ports: readonly RulePort[];
  /** CIDRs; empty when nobody does. */
  readonly sources: readonly Prefix[];
  /** Whether they surely get in; else a rule may allow them. */
  readonly sure: boolean;
  /** How many of the public addresses are among them. */
  readonly internet: 'all' | 'some' | 'none';
  readonly rules: readonly RuleAt[];
}

/**
 * What the rules open when the service's own are gone. A rule counts as the service's by its name: nothing is decided
 * by this, it is only said. Azure's rule for its load balancer is left out, because every VM has it.
 */
export function findOpenings(
  places: readonly FilteredPlace[],
  ports: readonly RulePort[],
): readonly Opening[] {
  return joinAlike(together(ports).map((port) => findOpening(places, port)));
}

/** From anywhere to a port, over each of its protocols. */
const flowsTo = (port: RulePort): readonly Flow[] => toFlows({ ...port, sources: [ANY] });

/** Ports that the same get in at by the same rules are said together. */
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
