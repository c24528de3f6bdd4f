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
import type { Closing, RequestState } from './closed';
import { ownSources, type NotedPort } from './state';

/**
 * Returns each entry with its request, which is searched if it is unknown. Returns `undefined` for an entry whose
 * request Azure never carried out. A request that cannot be interpreted might be the one: then the entry stays as it is.
 */
export function settleAll(
  entries: readonly NotedPort[],
  policy: Policy,
  azureNow: number,
): readonly (NotedPort | undefined)[] {
  const together = entries.filter(({ startedAt }) => startedAt === undefined);
  // The ports of one request. If several requests had no response, each port is searched by itself.
  const joint = together.length > 0 ? findRequestFor(policy, together, 0) : undefined;
  return entries.map((entry) => {
    if (entry.startedAt !== undefined) return entry;
    const alone = requestsForPort(policy, entry.vm, entry.port).map(({ request }) => request);
    for (const request of joint ? [joint, ...alone] : alone) {
      const port = findOwnPort(policy, { ...entry, startedAt: request.startedAt });
      if (port) {
        // As for a request with a response: anything else that Azure names is not a source that can be requested again.
        const sources = port.sources.filter(isIpv4);
        return { ...entry, startedAt: request.startedAt, sources, endsAt: port.endsAt };
      }
    }
    return mayHoldPort([policy], entry.vm, entry.port, azureNow) ? entry : undefined;
  });
}

/**
 * Returns the sources to close. These are all sources if Azure was to choose one and it is unknown which one it chose.
 */
export const sourcesToClose = (opened: NotedPort): readonly Prefix[] => ownSources(opened) ?? [ANY];

/**
 * Returns other runs' active requests for the port of an entry, under any of these policies. This step must not end
 * them.
 */
export const concurrentRequests = (
  policies: readonly Policy[],
  { vm, port }: NotedPort,
  own: readonly OwnPort[],
  azureNow: number,
): readonly PortRequest[] =>
  policies
    .flatMap((policy) => requestsForPort(policy, vm, port))
    .filter((one) => isActive(one.port, azureNow) && !isOneOf(own, one));

/** Returns the requests of these entries that are known. */
export const toOwnPorts = (entries: readonly NotedPort[]): readonly OwnPort[] =>
  entries.flatMap((entry) =>
    entry.startedAt === undefined ? [] : [{ ...entry, startedAt: entry.startedAt }],
  );

/** Whether an access belongs to one of these requests. */
export const isOwnAccess = (own: readonly OwnPort[], access: Access): boolean =>
  own.some(
    (one) =>
      one.startedAt === access.startedAt && one.port === access.port && sameId(one.vm.key, access.vm.key),
  );

/**
 * Whether the request of an entry is still active, or might be because the policy has one that cannot be interpreted.
 */
export function isStillActive(opened: NotedPort, policy: Policy, azureNow: number): boolean {
  const own = ownPort(opened, policy);
  return own ? isActive(own, azureNow) : mayHoldPort([policy], opened.vm, opened.port, azureNow);
}

/** Returns what is known about the request of a closing after the attempt to end it. */
export function requestStateOf(closing: Closing, azureNow: number): RequestState {
  const { opened, policy, trouble, isShortened, isUnseen } = closing;
  if (isShortened) return 'shortened';
  if (trouble || !policy) return 'failed';
  if (isUnseen) return 'unseen';
  return isStillActive(opened, policy, azureNow) ? 'kept' : 'over';
}

/** Returns the port of an entry as its policy has it at present, or `undefined` if it has none. */
export const ownPort = (opened: NotedPort, policy: Policy): RequestedPort | undefined =>
  opened.startedAt === undefined
    ? undefined
    : findOwnPort(policy, { ...opened, startedAt: opened.startedAt });
