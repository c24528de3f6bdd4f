import type { Policy } from '../../../../shared/core/policy';
import { CodedError } from '../../../../shared/core/errors';
import type { Limit } from '../../../../shared/core/limits';
import { sameId } from '../../../../shared/core/resourceIds';
import type { Context } from '../context';
import type { NotedPort } from '../plan/state';

/**
 * Reads the other policies of the VM's resource group: a VM can be in several, and a request under any of them can
 * cover the port. Returns `undefined`, which means unknown, if they cannot be read.
 */
export async function readOtherPolicies(
  { jit }: Pick<Context, 'jit'>,
  { vm, policy }: NotedPort,
  limit: Limit,
): Promise<readonly Policy[] | undefined> {
  try {
    const all = await jit.listPolicies(vm.subscriptionId, vm.resourceGroup, limit);
    return all.filter(({ id }) => !sameId(id, policy.id));
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return undefined;
  }
}
