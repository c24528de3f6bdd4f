import { ALL_ADDRESSES, formatRanges, PUBLIC_ADDRESSES } from '../../../shared/domain/addresses';
import { covers, intersect, union, type Ranges } from '../../../shared/domain/ranges';
import type { SecurityRule } from '../../../shared/domain/network';
import { evaluateSure } from '../../../shared/domain/nsg/evaluate';
import { isGrantRule, isWithin, toRanges } from '../../../shared/domain/nsg/grants';
import { isJitRuleName, withoutRules } from '../../../shared/domain/nsg/rules';
import type { Verdict } from '../../../shared/domain/nsg/verdict';
import type { Firewall } from '../../../shared/inventory';
import { firewallsAround, natRulesTo, type Catalogue, type Placed } from './catalogue';
import type { StandingPort, StandingRule } from './model';

const MOST_SOURCES = 20;
const EVERYBODY = formatRanges(PUBLIC_ADDRESSES);

/** A port of a VM. */
export interface LookedAt {
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
  /** The sources that live requests hold it open for; absent when the policies that tell could not be read. */
  readonly granted: readonly string[] | undefined;
}

/** What lets whom in without any request; nothing when nobody gets in. */
export type Standing = Pick<StandingPort, 'sources' | 'moreSources' | 'reach' | 'publicShare' | 'rules'>;

/**
 * Who surely reaches a port by rules that no live request stands behind. A rule is taken for a request's when it has the
 * name that the service gives, and names no more than the live requests for this port: one that outlived its request is
 * found like any other, unless the policies could not be read, which then are a gap. Azure's own allow rules (for the VNet and the load balancer) are left out, because every VM has
 * them. A rule that cannot be resolved, such as one with a service tag, lets nobody in and keeps nobody out.
 */
export function findStanding(
  places: readonly Placed[],
  at: LookedAt,
  firewalls: readonly Firewall[],
  vnets: Catalogue['vnets'],
): Standing | undefined {
  const found = places.map((place) =>
    place.network.groups.length > 0
      ? byGroups(place, at)
      : withoutGroups(place, at, firewallsAround(place.vnetId, firewalls, vnets)),
  );
  const admitted = union(...found.map((one) => one.admitted));
  if (admitted.length === 0) return undefined;
  const rules = found.flatMap((one) => (one.admitted.length > 0 ? one.rules : []));
  const everybody = covers(admitted, PUBLIC_ADDRESSES);
  const sources = everybody ? ['*'] : formatRanges(admitted);
  return {
    sources: sources.slice(0, MOST_SOURCES),
    moreSources: Math.max(0, sources.length - MOST_SOURCES),
    reach: everybody ? 'anyAddress' : reachOf(admitted),
    publicShare: shareOf(admitted),
    rules: [...new Map(rules.map((rule) => [JSON.stringify(rule), rule])).values()],
  };
}

/** The part of all public addresses, from 0 to 1, that the rules let reach a TCP port now, by a request or without. */
export function publicShare(
  places: readonly Placed[],
  port: number,
  firewalls: readonly Firewall[],
  vnets: Catalogue['vnets'],
): number {
  const at = { port, protocol: 'TCP', granted: [] } as const;
  const found = places.map((place) =>
    place.network.groups.length > 0
      ? admittedBy(evaluateSure(place.network, { ...at, sources: EVERYBODY }), EVERYBODY)
      : withoutGroups(place, at, firewallsAround(place.vnetId, firewalls, vnets)).admitted,
  );
  return shareOf(union(...found));
}

/** How much of all public addresses is in here. */
const shareOf = (addresses: Ranges): number =>
  count(intersect(addresses, PUBLIC_ADDRESSES)) / count(PUBLIC_ADDRESSES);

const count = (ranges: Ranges): number => ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);

const admittedBy = (verdict: Verdict, sources: readonly string[]): Ranges =>
  toRanges(verdict.admits ? sources : verdict.admittedSources);

interface Found {
  readonly admitted: Ranges;
  readonly rules: readonly StandingRule[];
}

function byGroups({ network }: Placed, { port, protocol, granted }: LookedAt): Found {
  const isGrant = (rule: SecurityRule): boolean =>
    granted ? isGrantRule(rule, granted) : isJitRuleName(rule.name);
  const isLeftOut = (rule: SecurityRule): boolean =>
    rule.access === 'Allow' && (rule.isDefault || isGrant(rule));
  const left = withoutRules(network, isLeftOut);
  const verdict = evaluateSure(left, { sources: ['*'], port, protocol });
  const sources = verdict.admits ? ['*'] : verdict.admittedSources;
  // Asked about these alone: a rule whose sources the other group stops lets nobody in.
  const { admittedBy } = evaluateSure(left, { sources, port, protocol });
  return {
    admitted: toRanges(sources),
    rules: admittedBy.map(({ rule, group, attachedTo }) => ({
      ...{ name: rule.name, priority: rule.priority, group: group.name, attachedTo },
    })),
  };
}

/** Who reaches an address that no security group filters: everybody by a Basic public address, else who a firewall lets through. */
function withoutGroups(place: Placed, at: LookedAt, firewalls: readonly Firewall[]): Found {
  if (place.network.publicSku === 'Basic') return { admitted: ALL_ADDRESSES, rules: [] };
  return byFirewalls(place, at, firewalls);
}

/** What classic firewalls lead to an address without a security group. */
function byFirewalls(
  { network }: Placed,
  { port, protocol, granted = [] }: LookedAt,
  firewalls: readonly Firewall[],
): Found {
  const grants = toRanges(granted);
  const rules = firewalls.flatMap((firewall) =>
    natRulesTo(firewall, network.privateIpAddress, port)
      .filter(({ protocols }) =>
        protocols.some((one) => /^any$/i.test(one) || one.toUpperCase() === protocol),
      )
      .filter(({ sources }) => !isWithin(sources, grants))
      .map((rule) => ({ rule, firewall })),
  );
  return {
    admitted: union(...rules.map(({ rule }) => toRanges(rule.sources))),
    rules: rules.map(({ rule, firewall }) => ({
      ...{ name: rule.name, priority: rule.priority, group: firewall.name, attachedTo: 'firewall' },
    })),
  };
}

const reachOf = (admitted: Ranges): StandingPort['reach'] =>
  intersect(admitted, PUBLIC_ADDRESSES).length > 0 ? 'internet' : 'private';
