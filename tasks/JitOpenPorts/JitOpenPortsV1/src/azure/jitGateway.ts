import { toGroupId } from '../../../../shared/core/resourceIds';
import type { Clock, Limit } from '../../../../shared/core/limits';
import type { Arm } from '../../../../shared/azure/arm';
import { POLICY, storedPolicy } from '../../../../shared/azure/read/policy';
import { createReader } from '../../../../shared/azure/reader';
import { createInitiate, type Initiate } from './initiate';
import type { Policy, PolicyRef } from '../../../../shared/core/policy';

/** The just-in-time service. Unless it says otherwise, a method throws a `CodedError`. */
export interface JitGateway {
  /** All policies of a resource group, from all pages. */
  listPolicies(subscriptionId: string, resourceGroup: string, limit: Limit): Promise<readonly Policy[]>;
  getPolicy(policy: PolicyRef, limit: Limit): Promise<Policy>;
  readonly initiate: Initiate;
  /** Azure's clock in milliseconds since 1970, by the last answer. */
  readonly azureNow: () => number;
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
