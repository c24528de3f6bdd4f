import { isIpv4, type Prefix } from '../../../../shared/core/prefixes';
import type { PortRule } from '../../../../shared/core/policy';
import { isOneOf, type OwnPort, type PortRequest } from '../../../../shared/core/requests';
import { prefixesCover, requestedAs } from '../../../../shared/core/sources';
import type { WantedAccess } from './checkPort';
import { join, type CutOff, type Held, type OtherSources } from './sharing';

/**
 * The maximum is requested two seconds short: the end is calculated from the `Date` of Azure's front end, and the
 * service that compares it runs on another clock.
 */
const MAXIMUM_MARGIN_MS = 2000;
/** An active request is reused if this share of the wanted time is left. */
const ENOUGH = 0.9;

/** A port to request. Without sources, Azure uses the address that it sees. */
export interface PlannedPort {
  readonly rule: PortRule;
  /**
   * What this run needs, and until when. `sources` and `endsAt` are what is requested, including what other runs hold.
   */
  readonly own: readonly Prefix[] | undefined;
  /** In milliseconds since 1970 on Azure's clock, like `endsAt`. */
  readonly ownEndsAt: number;
  readonly sources: readonly Prefix[] | undefined;
  readonly endsAt: number;
  /** The part of the sources that is requested on behalf of other runs. */
  readonly others: OtherSources | undefined;
  /** Sources of other runs that are left out because the policy does not allow them. */
  readonly leftOut: readonly Prefix[];
  /** Other runs that the request might cut off although the port is shared. */
  readonly cutOff: readonly CutOff[];
}

/** Returns the port to request for this run alone, with an end that the entry of the policy allows. */
export function toPlannedPort(rule: PortRule, wanted: WantedAccess, azureNow: number): PlannedPort {
  const { source } = wanted;
  const durationMs = wanted.durationMs === 'max' ? rule.maxDurationMs : wanted.durationMs;
  const own =
    source === 'policy'
      ? rule.sources.filter(isIpv4)
      : source === 'azure'
        ? undefined
        : requestedAs(source, rule.sources);
  const endsAt = Math.min(azureNow + durationMs, latestEnd(rule, azureNow));
  return {
    ...{ rule, own, ownEndsAt: endsAt, sources: own, endsAt },
    ...{ others: undefined, leftOut: [], cutOff: [] },
  };
}

/** Whether an active request gives everything that is wanted, for long enough. */
export function isEnough(
  request: PortRequest,
  { sources, endsAt }: Pick<PlannedPort, 'sources' | 'endsAt'>,
  earlier: readonly OwnPort[],
  azureNow: number,
): boolean {
  const { port } = request;
  if (port.endsAt < azureNow + (endsAt - azureNow) * ENOUGH) return false;
  // Which address Azure will see is unknown. Which address it saw for this same step is known.
  return sources ? prefixesCover(port.sources, sources) : isOneOf(earlier, request);
}

/** Returns the latest end that a policy allows for a request at this time, in milliseconds since 1970. */
export const latestEnd = ({ maxDurationMs }: PortRule, azureNow: number): number =>
  azureNow + maxDurationMs - MAXIMUM_MARGIN_MS;

/** Adds what other runs hold. */
export function withOthers(alone: PlannedPort, held: readonly Held[], azureNow: number): PlannedPort {
  const { own, endsAt, rule } = alone;
  // If Azure uses the address that it sees, it adds no other source.
  const joint = own && join({ sources: own, endsAt }, held, rule, latestEnd(rule, azureNow));
  return joint ? { ...alone, ...joint } : alone;
}
