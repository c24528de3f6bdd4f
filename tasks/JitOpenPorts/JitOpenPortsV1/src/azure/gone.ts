import { sameId, type VmId } from '../../../../shared/core/resourceIds';
import { isAbsence } from '../../../../shared/core/codes';
import { CodedError } from '../../../../shared/core/errors';
import type { NetworkGateway } from './networkGateway';
import type { JitGateway } from './jitGateway';
import type { Limit } from '../../../../shared/core/limits';

/**
 * Whether a VM does not exist any more: by its own id, and by the list of its resource group, or because that group is
 * gone as well. One answer is not enough to call its ports closed. What cannot be read is not gone.
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
 * The same service, in which a policy is gone only when the list of its group agrees. Where the list has it, that is
 * what was to be read; where the list cannot be read, its failure is thrown in the place of JIT406.
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
