import { toGroupId } from '../../../../shared/core/resourceIds';
import type { Clock, Limit } from '../../../../shared/core/limits';
import type { Arm } from '../../../../shared/azure/arm';
import { POLICY, storedPolicy } from '../../../../shared/azure/read/policy';
import { createReader } from '../../../../shared/azure/reader';
import { createInitiate } from './initiate';
import type { Policy, PolicyRef, AccessRequest } from '../../../../shared/core/policy';
import type { Ask } from '../plan/requestBody';

/** The just-in-time service. Unless it says otherwise, a method throws a `CodedError`. */
export interface JitGateway {
  /** All policies of a resource group, from all pages. */
  listPolicies(subscriptionId: string, resourceGroup: string, limit: Limit): Promise<readonly Policy[]>;
  getPolicy(policy: PolicyRef, limit: Limit): Promise<Policy>;
  /** Asks for access, never twice. What comes back is what Azure says it granted. Throws a `RequestError`. */
  initiate(policy: PolicyRef, ask: Ask, limit: Limit): Promise<AccessRequest>;
  /** Azure's clock in milliseconds since 1970, by the last answer. */
  readonly azureNow: () => number;
}

/** A request for access that came to nothing, or that nobody knows the fate of. */
export class RequestError extends Error {
  override readonly name = 'RequestError';

  /**
   * `mayBeOpen`: whether Azure may have carried the request out all the same.
   * The failure is the cause, a `CodedError` unless it is a bug.
   */
  constructor(
    cause: unknown,
    readonly mayBeOpen: boolean,
  ) {
    super('The request for access failed.', { cause });
  }
}

/** The just-in-time service by way of Azure Resource Manager. */
export function createJitGateway(arm: Arm, clock: Clock): JitGateway {
  const reader = createReader(arm);
  const getPolicy: JitGateway['getPolicy'] = async (policy, limit) =>
    (await reader.get(storedPolicy(policy), policy.id, limit)).policy;
  return {
    azureNow: arm.azureNow,
    getPolicy,
    initiate: createInitiate(arm, clock, getPolicy),
    listPolicies: (subscriptionId, resourceGroup, limit) =>
      reader.all(POLICY, toGroupId(subscriptionId, resourceGroup), limit),
  };
}
