import { toGroupId } from '../../../../shared/core/resourceIds';
import type { Clock, Limit } from '../../../../shared/core/limits';
import type { Arm } from '../../../../shared/azure/arm';
import { POLICY, storedPolicy } from '../../../../shared/azure/read/policy';
import { createReader } from '../../../../shared/azure/reader';
import { createInitiate, type Initiate } from './initiate';
import type { Policy, PolicyRef } from '../../../../shared/core/policy';

/** The just-in-time service. Methods throw a `CodedError` unless documented otherwise. */
export interface JitGateway {
  /** Lists the policies of a resource group, from all pages. */
  listPolicies(subscriptionId: string, resourceGroup: string, limit: Limit): Promise<readonly Policy[]>;
  getPolicy(policy: PolicyRef, limit: Limit): Promise<Policy>;
  readonly initiate: Initiate;
  /** Returns Azure's time in milliseconds since 1970, based on the last response. */
  readonly azureNow: () => number;
}

/** Creates the gateway to the just-in-time service through Azure Resource Manager. */
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
