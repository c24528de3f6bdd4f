import { toGroupId } from '../../../../shared/core/resourceIds';
import type { Clock, JitGateway } from '../../../../shared/world';
import type { Arm } from '../../../../shared/azure/arm';
import { POLICY, storedPolicy } from '../../../../shared/azure/read/policy';
import { createReader } from '../../../../shared/azure/reader';
import { createInitiate } from './initiate';

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
