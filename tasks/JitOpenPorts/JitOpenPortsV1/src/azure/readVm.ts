import { VM_AT_WORK, VM_RESOURCE } from '../../../../shared/azure/read/vm';
import type { Reader } from '../../../../shared/azure/reader';
import { kindOf } from '../../../../shared/core/codes';
import { CodedError, ForbiddenError, RefusedError } from '../../../../shared/core/errors';
import type { Limit } from '../../../../shared/core/limits';
import { sameId, type VmId } from '../../../../shared/core/resourceIds';
import type { VmResource } from '../../../../shared/core/resources';

/**
 * Reads a VM and its power state in one call. No run depends on the power state, which is only reported: if Azure fails
 * to return the VM with its instance view, the VM is read again without it. Throws a `CodedError`.
 */
export async function readVm(reader: Reader, vm: VmId, limit: Limit): Promise<VmResource> {
  try {
    return await reader.get(VM_AT_WORK, vm.id, limit);
  } catch (error) {
    if (!mayBeTheView(error) || limit.signal.aborted) throw error;
    return reader.get(VM_RESOURCE, vm.id, limit);
  }
}

/**
 * Whether the instance view might be the cause of the failure. The right to read the VM is required with and without
 * the view. Silence and throttling also affect both calls, and a second call would only take time.
 */
function mayBeTheView(error: unknown): boolean {
  if (error instanceof ForbiddenError) return !sameId(error.action, `${VM_RESOURCE.type}/read`);
  if (error instanceof RefusedError) return true;
  return error instanceof CodedError && ['serverError', 'senselessAnswer'].includes(kindOf(error));
}
