import { sameId } from './resourceIds';
import type { AccessRequest, Policy, RequestedPort } from './policy';
import { prefixesCover } from './sources';

/** A port asked for, as far as it tells one request from another. */
export interface Wish {
  readonly vm: { readonly key: string };
  readonly port: number;
  /** Absent when Azure was left to take the address that it sees. */
  readonly sources: readonly string[] | undefined;
  readonly endsAt: number;
}

/** Whether a requested port is open or about to be, by Azure's clock (milliseconds since 1970). */
export function isLive(requested: RequestedPort, azureNow: number): boolean {
  return (
    (requested.status === 'Initiated' || requested.status === 'Initiating') && requested.endsAt > azureNow
  );
}

/** The newest first: the service keeps no order. */
export function newestFirst(requests: readonly AccessRequest[]): readonly AccessRequest[] {
  return [...requests].sort((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt));
}

/** The same addresses, in whatever spelling or order. */
export function sameSources(one: readonly string[], other: readonly string[]): boolean {
  return prefixesCover(one, other) && prefixesCover(other, one);
}

/** How far apart the end asked for and the end kept may be: clocks write up to seven digits. */
const SAME_END_MS = 1000;

/**
 * Finds the request that asked for exactly these ports, and was made since `since` (milliseconds since 1970 on
 * Azure's clock): how to learn what became of a request whose answer got lost.
 */
export function findRequestFor(
  policy: Policy,
  wishes: readonly Wish[],
  since: number,
): AccessRequest | undefined {
  const matches = (request: AccessRequest) =>
    request.ports.length === wishes.length &&
    wishes.every((wish) =>
      request.ports.some(
        (port) =>
          port.port === wish.port &&
          sameId(port.vm.key, wish.vm.key) &&
          Math.abs(port.endsAt - wish.endsAt) < SAME_END_MS &&
          (wish.sources === undefined || sameSources(port.sources, wish.sources)),
      ),
    );
  return newestFirst(policy.requests).find(
    (request) => Date.parse(request.startedAt) >= since && matches(request),
  );
}

/** One port of one VM in the request that was started at exactly this time; `undefined` when it is gone. */
export function findOwnPort(
  policy: Policy,
  startedAt: string,
  vm: { readonly key: string },
  port: number,
): RequestedPort | undefined {
  return policy.requests
    .filter((request) => request.startedAt === startedAt)
    .flatMap((request) => request.ports)
    .find((requested) => requested.port === port && requested.vm.key === vm.key);
}

/** A request for a port, with the one of its ports that is meant. */
export interface PortRequest {
  readonly request: AccessRequest;
  readonly port: RequestedPort;
}

/** The requests for one port of a VM, newest first. */
export function requestsForPort(
  policy: Policy,
  vm: { readonly key: string },
  port: number,
): readonly PortRequest[] {
  return newestFirst(policy.requests).flatMap((request) =>
    request.ports
      .filter((requested) => requested.port === port && requested.vm.key === vm.key)
      .map((requested) => ({ request, port: requested })),
  );
}
