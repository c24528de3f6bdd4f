import { mayHoldPort } from '../../../../shared/core/oddEntries';
import type { Policy, RequestedPort } from '../../../../shared/core/policy';
import {
  findOwnPort,
  findRequestFor,
  isActive,
  isOneOf,
  requestsForPort,
  type OwnPort,
  type PortRequest,
} from '../../../../shared/core/requests';
import { sameId } from '../../../../shared/core/resourceIds';
import { ANY, isIpv4, type Prefix } from '../../../../shared/core/prefixes';
import type { Access } from './access';
import { ownSources, type NotedPort } from './state';

/**
 * Each entry with its request known, if need be by looking for it; nothing when Azure never carried it out. A request that
 * makes no sense may be the one: the entry stays as it is then.
 */
export function settleAll(
  entries: readonly NotedPort[],
  policy: Policy,
  azureNow: number,
): readonly (NotedPort | undefined)[] {
  const together = entries.filter(({ startedAt }) => startedAt === undefined);
  // The ports of one request; where several were lost, each port by itself.
  const joint = together.length > 0 ? findRequestFor(policy, together, 0) : undefined;
  return entries.map((entry) => {
    if (entry.startedAt !== undefined) return entry;
    const alone = requestsForPort(policy, entry.vm, entry.port).map(({ request }) => request);
    for (const request of joint ? [joint, ...alone] : alone) {
      const port = findOwnPort(policy, { ...entry, startedAt: request.startedAt });
      if (port) {
        // As for a request whose answer came: whatever else Azure names is no source that can be asked for again.
        const sources = port.sources.filter(isIpv4);
        return { ...entry, startedAt: request.startedAt, sources, endsAt: port.endsAt };
      }
    }
    return mayHoldPort([policy], entry.vm, entry.port, azureNow) ? entry : undefined;
  });
}

/** The sources that are to be shut out: all, when Azure was left to choose one and nobody knows which it took. */
export const sourcesToShut = (opened: NotedPort): readonly Prefix[] => ownSources(opened) ?? [ANY];

/** Other runs' active requests for the port of an entry, under any of these policies: they are not this step's to end. */
export const concurrentRequests = (
  policies: readonly Policy[],
  { vm, port }: NotedPort,
  own: readonly OwnPort[],
  azureNow: number,
): readonly PortRequest[] =>
  policies
    .flatMap((policy) => requestsForPort(policy, vm, port))
    .filter((one) => isActive(one.port, azureNow) && !isOneOf(own, one));

/** What is known of the requests of these entries. */
export const toOwnPorts = (entries: readonly NotedPort[]): readonly OwnPort[] =>
  entries.flatMap((entry) =>
    entry.startedAt === undefined ? [] : [{ ...entry, startedAt: entry.startedAt }],
  );

/** Whether an access is by a request of these. */
export const isOwnAccess = (own: readonly OwnPort[], access: Access): boolean =>
  own.some(
    (one) =>
      one.startedAt === access.startedAt && one.port === access.port && sameId(one.vm.key, access.vm.key),
  );

/** Whether the request of an entry is open still, or may be, because the policy has one that makes no sense. */
export function isStillActive(opened: NotedPort, policy: Policy, azureNow: number): boolean {
  const own = ownPort(opened, policy);
  return own ? isActive(own, azureNow) : mayHoldPort([policy], opened.vm, opened.port, azureNow);
}

/** The port of an entry as its policy has it now. */
export const ownPort = (opened: NotedPort, policy: Policy): RequestedPort | undefined =>
  opened.startedAt === undefined
    ? undefined
    : findOwnPort(policy, { ...opened, startedAt: opened.startedAt });
