import { isIpv4, isWide, type Prefix } from '../../../../shared/core/prefixes';
import type { Policy, PortRule } from '../../../../shared/core/policy';
import {
  isActive,
  isLaterEnd,
  isOneOf,
  isReplaced,
  requestsForPort,
  type OwnPort,
  type PortRequest,
} from '../../../../shared/core/requests';
import { createPrefixCover, eachOnce, spelledAs, withoutCovered } from '../../../../shared/core/sources';

/** A source that another run needs, until when (milliseconds since 1970 on Azure's clock), and by which request. */
export interface Held {
  readonly source: Prefix;
  readonly endsAt: number;
  readonly by: PortRequest;
}

/** Sources of other runs, and when the last of their requests ends (milliseconds since 1970 on Azure's clock). */
export interface OtherSources {
  readonly sources: readonly Prefix[];
  readonly endsAt: number;
}

/**
 * A run that a request of this step might cut off: at a time (milliseconds since 1970), or immediately if it is absent.
 */
export interface CutOff {
  readonly by: PortRequest;
  readonly at: number | undefined;
}

/** One request for several runs, which has one end regardless of the ends that they want. */
export interface Joint {
  readonly sources: readonly Prefix[];
  readonly endsAt: number;
  /** The part that is requested on behalf of other runs. Absent if there is none. */
  readonly others: OtherSources | undefined;
  /** Sources that the policy does not allow, and that are left out. */
  readonly leftOut: readonly Prefix[];
  readonly cutOff: readonly CutOff[];
}

/**
 * Returns what other runs need of a port, according to the policy as it was read: the sources of their active requests,
 * and those that a request of this step took over when it replaced theirs. If anyone, including its owner, made a later
 * request for such a source, only that later request counts, so that what was closed is not opened again. A later
 * request for more than the source, such as any address, does not count while it is active: it might have to be left
 * out itself.
 *
 * @param own the requests that do not belong to another run
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

/** Returns the sources of a request. Other text, which is not a prefix, is left out. */
export const toHeld = (by: PortRequest): readonly Held[] =>
  by.port.sources.filter(isIpv4).map((source) => ({ source, endsAt: by.port.endsAt, by }));

/**
 * Joins what other runs hold with what this run needs. Returns `undefined` if nothing is left to request. A request has
 * one end for all its sources, so:
 *
 * - Single addresses are kept, until the latest end that any run wants.
 * - A range, or any address, is never held longer than it, or something that covers it, was requested for. If the end
 *   is later, the range is left out. If this run itself needs a range, its own end is kept.
 * - Nothing is requested that the policy does not allow, or beyond `mostAt`.
 *
 * @param own what this run needs; absent if it needs nothing
 * @param mostAt the latest end that the policy allows, in milliseconds since 1970
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

/** Returns the greatest of some numbers. A list might be too long to be spread over arguments. */
const latestOf = (ends: readonly number[]): number => ends.reduce((one, other) => Math.max(one, other));

/** Returns the runs whose sources are left out, and those whose access ends earlier than they want, each once. */
function toCutOffs(allowed: readonly Held[], served: readonly Held[], endsAt: number): readonly CutOff[] {
  const kept = new Set(served);
  const now = new Set(allowed.filter((one) => !kept.has(one)).map(({ by }) => by));
  const later = new Set(served.filter((one) => isLaterEnd(one.endsAt, endsAt)).map(({ by }) => by));
  return [
    ...[...now].map((by) => ({ by, at: undefined })),
    ...[...later].filter((by) => !now.has(by)).map((by) => ({ by, at: endsAt })),
  ];
}
