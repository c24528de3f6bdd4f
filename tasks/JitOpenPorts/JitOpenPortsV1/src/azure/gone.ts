import { sameId, type VmId } from '../../../../shared/core/resourceIds';
import { isAbsence } from '../../../../shared/core/codes';
import { CodedError } from '../../../../shared/core/errors';
import type { NetworkGateway } from './networkGateway';
import type { JitGateway } from './jitGateway';
import type { Limit } from '../../../../shared/core/limits';

/**
 * Whether a VM no longer exists: Azure does not find its ID, and the list of its resource group does not contain it, or
 * the group does not exist either. One response is not enough to report its ports as closed. A VM that cannot be read
 * counts as existing.
 */
export async function isVmGone(network: NetworkGateway, vm: VmId, limit: Limit): Promise<boolean> {
  try {
    await network.getVm(vm, limit);
    return false;
  } catch (error) {
    if (!isNotFound(error)) return false;
  }
  try {
    const listed = await network.listVms(vm.subscriptionId, vm.resourceGroup, limit);
    return !listed.some(({ key }) => key === vm.key);
  } catch (error) {
    return isNotFound(error);
  }
}

/**
 * Returns the same service, in which a policy counts as gone only if the list of its resource group confirms it. If the
 * list contains the policy, that policy is returned. If the list cannot be read, its failure is thrown instead of
 * JIT406.
 */
export function confirmAbsence(jit: JitGateway): JitGateway {
  return {
    ...jit,
    async getPolicy(policy, limit) {
      try {
        return await jit.getPolicy(policy, limit);
      } catch (error) {
        if (!isNotFound(error)) throw error;
        const list = await jit.listPolicies(policy.subscriptionId, policy.resourceGroup, limit);
        const listed = list.find(({ id }) => sameId(id, policy.id));
        if (listed) return listed;
        throw error;
      }
    },
  };
}

function isNotFound(error: unknown): boolean {
  if (!(error instanceof CodedError)) throw error;
  return isAbsence(error);
}
