import { groupBy } from './groupBy';
import { mayHoldPort } from './oddEntries';
import type { AccessRequest, Policy, RequestedPort } from './policy';
import { ANY, isIpv4, type Prefix } from './prefixes';
import { prefixesCover } from './sources';

/** A requested port, by what distinguishes one request from another. */
export interface RequestedKey {
  readonly vm: { readonly key: string };
  readonly port: number;
  /** Absent if Azure chose the source: the address that it sees. */
  readonly sources: readonly Prefix[] | undefined;
  readonly endsAt: number;
}

/** Whether a requested port is open or about to open at `azureNow` (milliseconds since 1970, by Azure's clock). */
export function isActive(requested: RequestedPort, azureNow: number): boolean {
  return (
    (requested.status === 'Initiated' || requested.status === 'Initiating') && requested.endsAt > azureNow
  );
}

/** Whether a newer request replaced one that would still be open at `azureNow` (milliseconds since 1970). */
export function isReplaced(requested: RequestedPort, azureNow: number): boolean {
  return (
    requested.status.toLowerCase() === 'revoked' &&
    requested.statusReason.toLowerCase() === 'newerrequestinitiated' &&
    requested.endsAt > azureNow
  );
}

/** Sorts requests, newest first. The service keeps no order. */
export function newestFirst(requests: readonly AccessRequest[]): readonly AccessRequest[] {
  return [...requests].sort((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt));
}

/** Whether two lists name the same addresses, in any spelling and order. */
export function sameSources(one: readonly Prefix[], other: readonly Prefix[]): boolean {
  return prefixesCover(one, other) && prefixesCover(other, one);
}

/** How many milliseconds the requested and the stored end can differ: times can have seven decimal places. */
const SAME_END_MS = 1000;

/** Whether two ends, in milliseconds since 1970, count as equal. */
export const isSameEnd = (one: number, other: number): boolean => Math.abs(one - other) < SAME_END_MS;

/** Whether an end is later than another one by more than stored ends can differ. Both are milliseconds since 1970. */
export const isLaterEnd = (one: number, other: number): boolean => one > other + SAME_END_MS;

/**
 * Finds the request for exactly these ports that started at or after `since` (milliseconds since 1970, by Azure's
 * clock). It shows the result of a request whose response was lost.
 */
export function findRequestFor(
  policy: Policy,
  wishes: readonly RequestedKey[],
  since: number,
): AccessRequest | undefined {
  const matches = (request: AccessRequest) => {
    if (request.ports.length !== wishes.length) return false;
    const ports = groupBy(request.ports, ({ vm, port }) => portKey(vm, port));
    return wishes.every((wish) => {
      const same = ports.get(portKey(wish.vm, wish.port)) ?? [];
      return same.some((port) => isSameGrant(port, wish));
    });
  };
  return newestFirst(policy.requests).find(
    (request) => Date.parse(request.startedAt) >= since && matches(request),
  );
}

/** What identifies one port in one request. */
export interface OwnPort {
  readonly startedAt: string;
  readonly vm: { readonly key: string };
  readonly port: number;
  /** Absent if it is unknown what was granted. */
  readonly sources: readonly Prefix[] | undefined;
  readonly endsAt: number;
}

/** Whether a port of a request is one of these. */
export const isOneOf = (ports: readonly OwnPort[], { request, port }: PortRequest): boolean =>
  ports.some((own) => own.startedAt === request.startedAt && isSamePort(port, own));

/**
 * Finds one port of one request again. Returns `undefined` if it does not exist. Requests in the same millisecond are
 * distinguished by sources and end, because further digits of the service's times are lost on the way here.
 */
export function findOwnPort(policy: Policy, own: OwnPort): RequestedPort | undefined {
  return requestsForPort(policy, own.vm, own.port).find(
    ({ request, port }) => request.startedAt === own.startedAt && isSameGrant(port, own),
  )?.port;
}

/**
 * Finds one port of one request again, also if the service changed its end when it revoked the request: then the port
 * is the only one of a revoked request that started at the same time.
 */
export function findGrantedPort(policy: Policy, own: OwnPort): RequestedPort | undefined {
  const found = findOwnPort(policy, own);
  if (found) return found;
  const [only, ...others] = requestsForPort(policy, own.vm, own.port).filter(
    ({ request }) => request.startedAt === own.startedAt,
  );
  return only?.port.status === 'Revoked' && others.length === 0 ? only.port : undefined;
}

const isSamePort = (port: RequestedPort, own: OwnPort): boolean =>
  port.port === own.port && port.vm.key === own.vm.key && isSameGrant(port, own);

const isSameGrant = (port: RequestedPort, own: Pick<OwnPort, 'sources' | 'endsAt'>): boolean =>
  isSameEnd(port.endsAt, own.endsAt) &&
  (own.sources === undefined || sameSources(port.sources.filter(isIpv4), own.sources));

/** A request, and one of its ports. */
export interface PortRequest {
  readonly request: AccessRequest;
  readonly port: RequestedPort;
}

/** Another run's active request, or one that this step made on behalf of other runs. */
export interface ConcurrentRequest extends PortRequest {
  readonly isOurs?: boolean;
}

/** Returns the requests for one port of a VM, newest first. */
export function requestsForPort(
  policy: Policy,
  vm: { readonly key: string },
  port: number,
): readonly PortRequest[] {
  const known = byPort.get(policy) ?? indexByPort(policy);
  byPort.set(policy, known);
  return known.get(portKey(vm, port)) ?? [];
}

/**
 * The ports of a policy's requests by port. There can be thousands, and a fleet searches them for each of its ports.
 */
const byPort = new WeakMap<Policy, ReadonlyMap<string, readonly PortRequest[]>>();

const portKey = ({ key }: { readonly key: string }, port: number): string => `${key} ${String(port)}`;

const indexByPort = (policy: Policy): ReadonlyMap<string, readonly PortRequest[]> =>
  groupBy(
    newestFirst(policy.requests).flatMap((request) => request.ports.map((port) => ({ request, port }))),
    ({ port: { vm, port } }) => portKey(vm, port),
  );

/**
 * Returns the sources for which active requests of these policies hold one port of a VM open. Returns any address if a
 * request that cannot be interpreted might be among them.
 */
export const activeSources = (
  policies: readonly Policy[],
  vm: { readonly key: string },
  port: number,
  azureNow: number,
): readonly Prefix[] =>
  mayHoldPort(policies, vm, port, azureNow)
    ? [ANY]
    : policies
        .flatMap((policy) => requestsForPort(policy, vm, port))
        .filter((one) => isActive(one.port, azureNow))
        .flatMap((one) => one.port.sources);
