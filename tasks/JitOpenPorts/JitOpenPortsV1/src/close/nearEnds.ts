import { kindOf } from '../../../../shared/core/codes';
import { CodedError } from '../../../../shared/core/errors';
import { sameSources } from '../../../../shared/core/requests';
import { RequestError } from '../azure/requestError';
import type { InitiatePort } from '../plan/requestBody';
import type { NotedPort } from '../plan/state';

/** An earlier end of a port for the same sources, for the requests of all attempts of this step. */
export interface NearEnd {
  readonly opened: NotedPort[];
  readonly to: InitiatePort;
}

/**
 * Splits ends into requests. A request names a port of a VM at most once.
 *
 * @param byPort the ends of each port of a VM
 */
export function toRequests(byPort: readonly (readonly NearEnd[])[]): readonly (readonly NearEnd[])[] {
  const rounds = byPort.reduce((most, ends) => Math.max(most, ends.length), 0);
  return Array.from({ length: rounds }, (_, round) => byPort.flatMap((ends) => ends.slice(round, round + 1)));
}

/** Whether two ends are the same request for the same port. */
export const isSameRequest = (one: InitiatePort, other: InitiatePort): boolean =>
  one.port === other.port &&
  one.vm.key === other.vm.key &&
  one.endsAt === other.endsAt &&
  (one.sources && other.sources ? sameSources(one.sources, other.sources) : one.sources === other.sources);

/** Whether Azure refused a request because of its content. Without some of its ports it might be granted. */
export function isRefusedForAPort(error: unknown): boolean {
  if (!(error instanceof RequestError) || error.mayBeOpen || !(error.cause instanceof CodedError))
    return false;
  const kind = kindOf(error.cause);
  return kind === 'requestRefused' || kind === 'notFound' || kind === 'forbidden';
}
