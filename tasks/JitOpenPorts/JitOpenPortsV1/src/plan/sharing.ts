import { isIpv4, isWide, type Prefix } from '../../../../shared/core/prefixes';
import type { Policy, PortRule } from '../../../../shared/core/policy';
import {
  isActive,
  isOneOf,
  isReplaced,
  requestsForPort,
  type OwnPort,
  type PortRequest,
} from '../../../../shared/core/requests';
import { createPrefixCover, eachOnce, spelledAs, withoutCovered } from '../../../../shared/core/sources';

/** A source that another run needs, until when (milliseconds since 1970, Azure's clock), and by which request. */
export interface Held {
  readonly source: Prefix;
  readonly endsAt: number;
  readonly by: PortRequest;
}

/** Sources of other runs, and when the last of their requests ends (milliseconds since 1970, Azure's clock). */
export interface OtherSources {
  readonly sources: readonly Prefix[];
  readonly endsAt: number;
}

/** A run that a request of ours may cut off: at a time (milliseconds since 1970), or at once. */
export interface CutOff {
  readonly by: PortRequest;
  readonly at: number | undefined;
}

/** One request for several runs: with one end, whatever the ends that they want. */
export interface Joint {
  readonly sources: readonly Prefix[];
  readonly endsAt: number;
  /** The part that is asked for on behalf of other runs; absent when there is none. */
  readonly others: OtherSources | undefined;
  /** Sources that the policy does not allow, and that are left out. */
  readonly leftOut: readonly Prefix[];
  readonly cutOff: readonly CutOff[];
}

/**
 * What other runs need of a port, by the policy as it is now: the sources of their active requests, and those that one
 * of our own requests took over when it replaced theirs. A source whose owner, or anybody else, has made a later
 * request for it is judged by that later one alone, so that what was closed is not opened again. A later one for more
 * than the source, such as any address, says nothing of it while it lasts: it may have to be left out itself.
 *
 * @param own the requests that are not another run's
 * @param azureNow milliseconds since 1970 on Azure's clock
 */
export function heldByOthers(
  policy: Policy,
  vm: { readonly key: string },
  port: number,
  own: readonly OwnPort[],
  azureNow: number,
): readonly Held[] {
  const requests = requestsForPort(policy, vm, port);
  const ours = requests.filter((one) => isOneOf(own, one));
  const theirs = requests.filter((one) => !isOneOf(own, one));
  const startOf = ({ request }: PortRequest) => Date.parse(request.startedAt);
  const covers = new Map(requests.map((one) => [one, createPrefixCover(one.port.sources)]));
  const names = (one: PortRequest, source: Prefix) => covers.get(one)?.(source) ?? false;
  const keys = new Map(theirs.map((one) => [one, new Set(one.port.sources.map(({ key }) => key))]));
  const judges = (one: PortRequest, source: Prefix) =>
    names(one, source) && (keys.get(one)?.has(source.key) === true || one.port.endsAt <= azureNow);
  const taken = theirs
    .filter(({ port: one }) => isReplaced(one, azureNow))
    .flatMap(toHeld)
    .filter(
      ({ source, by }) =>
        ours.some((one) => startOf(one) >= startOf(by) && names(one, source)) &&
        !theirs.some((one) => startOf(one) > startOf(by) && judges(one, source)),
    );
  return [...theirs.filter(({ port: one }) => isActive(one, azureNow)).flatMap(toHeld), ...taken];
}

/** Foreign text that is no prefix is held by nobody. */
export const toHeld = (by: PortRequest): readonly Held[] =>
  by.port.sources.filter(isIpv4).map((source) => ({ source, endsAt: by.port.endsAt, by }));

/**
 * Joins what other runs hold to what this run needs. A request has one end for all its sources, so:
 *
 * - Single addresses are kept, to the latest end that anybody wants.
 * - A range, or any address, is never held for longer than somebody asked for it, or for something that covers it. Where
 *   the end comes later than that it is left out; one of our own keeps the end that we want.
 * - Nothing is asked for that the policy does not allow, or beyond `mostAt`.
 *
 * @param own what this run needs; absent when it needs nothing any more
 * @param mostAt the latest end that the policy allows, milliseconds since 1970
 */
export function join(
  own: { readonly sources: readonly Prefix[]; readonly endsAt: number } | undefined,
  held: readonly Held[],
  rule: PortRule,
  mostAt: number,
): Joint | undefined {
  const wanted = [
    ...(own?.sources ?? []).map((source) => ({ source, endsAt: own?.endsAt ?? 0 })),
    ...held,
  ].map(({ source, endsAt }) => ({ covers: createPrefixCover([source]), endsAt }));
  const limitOf = (source: Prefix) =>
    latestOf(wanted.filter(({ covers }) => covers(source)).map(({ endsAt }) => endsAt));
  const isAllowed = createPrefixCover(rule.sources);
  const allowed = held.filter(({ source }) => isAllowed(source));
  const leftOut = eachOnce(held.map(({ source }) => source).filter((source) => !isAllowed(source)));
  const singles = allowed.filter(({ source }) => !isWide(source));
  const ranges = eachOnce(allowed.map(({ source }) => source).filter(isWide));
  const isFixed = own?.sources.some(isWide) ?? false;
  const latest = (ends: readonly number[]) => Math.min(mostAt, latestOf([own?.endsAt ?? 0, ...ends]));
  const end = isFixed ? latest([]) : latest(singles.map(({ endsAt }) => endsAt));
  const kept = ranges
    .map((source) => ({ source, limit: limitOf(source) }))
    .filter(({ limit }) => limit >= end);
  const endsAt =
    isFixed || kept.length === 0 ? end : latest([end, -latestOf(kept.map(({ limit }) => -limit))]);
  const sources = [
    ...(own?.sources ?? []),
    ...singles.map(({ source }) => source),
    ...kept.map(({ source }) => source),
  ];
  if (sources.length === 0) return undefined;
  const isServed = createPrefixCover(sources);
  const served = allowed.filter(({ source }) => isServed(source));
  return {
    sources: withoutCovered(spelledAs(sources, rule.sources)),
    endsAt,
    others:
      served.length > 0
        ? {
            sources: eachOnce(served.map(({ source }) => source)),
            endsAt: Math.min(endsAt, latestOf(served.map((one) => one.endsAt))),
          }
        : undefined,
    leftOut,
    cutOff: toCutOffs(allowed, served, endsAt),
  };
}

/** The greatest of some numbers: a list may be too long to be spread over arguments. */
const latestOf = (ends: readonly number[]): number => ends.reduce((one, other) => Math.max(one, other));

/** How far apart two ends may be that are the same: clocks write up to seven digits. */
const SAME_END_MS = 1000;

/** The runs behind what is left out, and behind what ends before they want, once each. */
function toCutOffs(allowed: readonly Held[], served: readonly Held[], endsAt: number): readonly CutOff[] {
  const kept = new Set(served);
  const now = new Set(allowed.filter((one) => !kept.has(one)).map(({ by }) => by));
  const later = new Set(served.filter((one) => one.endsAt > endsAt + SAME_END_MS).map(({ by }) => by));
  return [
    ...[...now].map((by) => ({ by, at: undefined })),
    ...[...later].filter((by) => !now.has(by)).map((by) => ({ by, at: endsAt })),
  ];
}
