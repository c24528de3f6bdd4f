import { CodedError, PauseTooLongError } from '../../../../shared/core/errors';
import { withLimit, type Limit } from '../../../../shared/core/limits';
import type { Policy, RequestedPort } from '../../../../shared/core/policy';
import { findGrantedPort } from '../../../../shared/core/requests';
import { toGroupId } from '../../../../shared/core/resourceIds';
import * as say from '../messages/waiting';
import type { Context } from '../context';
import type { Access } from '../plan/access';

/** How long a round waits for the request, which only shows whether it was revoked: eight seconds. */
const REQUEST_READ_MS = 8000;

/** The request reached its end during the wait. */
export class EndedBefore extends CodedError {}

/** Thrown if a request was revoked before its end. */
export class Revoked extends Error {
  constructor(
    readonly own: RequestedPort,
    readonly policy: Policy,
  ) {
    super('The request was revoked.');
  }
}

/** Reads requests in one round of a wait. */
export interface RequestReader {
  /**
   * Returns the request of an access, if its policy lists it.
   *
   * @throws `Revoked` or `EndedBefore` if it is over, and a `CodedError` if it cannot be read
   */
  readonly read: (access: Access) => Promise<RequestedPort | undefined>;
  /** Does the same in eight seconds at most. Returns `undefined` if the request cannot be read. */
  readonly readBriefly: (access: Access) => Promise<RequestedPort | undefined>;
  /** Returns the policies of the VM's resource group. Throws a `CodedError` if they cannot be read. */
  readonly listPolicies: (access: Access) => Promise<readonly Policy[]>;
}

/**
 * Creates the reader for one round, which reads each policy and each list once.
 *
 * @param putOff until when a policy is not read because Azure requested a pause: milliseconds of the agent's clock, by
 * the ID of the policy in lowercase
 */
export function createRequestReader(
  { jit, clock }: Context,
  putOff: Map<string, number>,
  limit: Limit,
): RequestReader {
  const policies = new Map<string, Promise<Policy>>();
  const lists = new Map<string, Promise<readonly Policy[]>>();
  const keyOf = ({ policy }: Access) => policy.id.toLowerCase();

  const read = async (access: Access, within = limit): Promise<RequestedPort | undefined> => {
    const key = keyOf(access);
    const reading = policies.get(key) ?? jit.getPolicy(access.policy, within);
    policies.set(key, reading);
    const policy = await reading;
    const own = findGrantedPort(policy, access);
    if (own?.status !== 'Revoked') return own;
    if (access.endsAt <= jit.azureNow()) throw new EndedBefore(say.endedBefore(access));
    throw new Revoked(own, policy);
  };

  return {
    read: (access) => read(access),
    async readBriefly(access) {
      if (clock.now() < (putOff.get(keyOf(access)) ?? 0)) return undefined;
      try {
        return await withLimit(clock, limit.signal, REQUEST_READ_MS, (short) => read(access, short));
      } catch (error) {
        // The pause is longer than a round waits: until it is over, the next rounds do not read the policy.
        if (error instanceof PauseTooLongError) putOff.set(keyOf(access), clock.now() + error.waitMs);
        unlessRevoked(error);
        return undefined;
      }
    },
    listPolicies({ vm }) {
      const key = toGroupId(vm.subscriptionId, vm.resourceGroup).toLowerCase();
      const listing = lists.get(key) ?? jit.listPolicies(vm.subscriptionId, vm.resourceGroup, limit);
      lists.set(key, listing);
      return listing;
    },
  };
}

/** Rethrows bugs, and errors that say something about the request. That it could not be read says nothing. */
function unlessRevoked(error: unknown): void {
  if (!(error instanceof CodedError) || error instanceof EndedBefore) throw error;
}
