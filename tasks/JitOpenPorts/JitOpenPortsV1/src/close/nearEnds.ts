import { kindOf } from '../../../../shared/core/codes';
import { CodedError } from '../../../../shared/core/errors';
import { sameSources } from '../../../../shared/core/requests';
import { sameId } from '../../../../shared/core/resourceIds';
import { RequestError } from '../azure/requestError';
import type { InitiatePort } from '../plan/requestBody';
import type { NotedPort } from '../plan/state';

/** An earlier end of a port for the same sources, for the requests of all attempts of this step. */
export interface NearEnd {
  readonly opened: NotedPort[];
  readonly to: InitiatePort;
}

/**
 * Splits ends into requests. A request names a port of a VM at most once. An end for what the policy no longer lists is in
 * a request of its own, because Azure usually refuses it.
 */
export function toRequests(
  ends: readonly NearEnd[],
  isListed: (end: NearEnd) => boolean,
): readonly (readonly NearEnd[])[] {
  const parts: NearEnd[][] = [];
  const rounds = new Map<string, number>();
  for (const end of ends.filter(isListed)) {
    const key = `${end.to.vm.key} ${String(end.to.port)}`;
    const round = rounds.get(key) ?? 0;
    rounds.set(key, round + 1);
    const part = parts[round];
    if (part) part.push(end);
    else parts.push([end]);
  }
  return [...parts, ...ends.filter((end) => !isListed(end)).map((end) => [end])];
}

/** Whether two ends are the same request for the same port. */
export const isSameEnd = (one: InitiatePort, other: InitiatePort): boolean =>
  one.port === other.port &&
  sameId(one.vm.key, other.vm.key) &&
  one.endsAt === other.endsAt &&
  (one.sources && other.sources ? sameSources(one.sources, other.sources) : one.sources === other.sources);

/** Whether Azure refused a request because of its content. Without some of its ports it might be granted. */
export function isRefusedForAPort(error: unknown): boolean {
  if (!(error instanceof RequestError) || error.mayBeOpen || !(error.cause instanceof CodedError))
    return false;
  const kind = kindOf(error.cause);
  return kind === 'requestRefused' || kind === 'notFound' || kind === 'forbidden';
}
