import { VM_AT_WORK, VM_RESOURCE } from '../../../../shared/azure/read/vm';
import type { Reader } from '../../../../shared/azure/reader';
import { kindOf } from '../../../../shared/core/codes';
import { CodedError, ForbiddenError, RefusedError } from '../../../../shared/core/errors';
import type { Limit } from '../../../../shared/core/limits';
import { sameId, type VmId } from '../../../../shared/core/resourceIds';
import type { VmResource } from '../../../../shared/core/resources';

/**
 * Reads a VM, in one call with its power state. That one is only told of, so that no run depends on it: where Azure has
 * the VM, and not with its instance view, it is read once more without. Throws a `CodedError`.
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
 * Whether the instance view may be what failed. The right to read the VM is needed for both; silence and throttling meet
 * both as well, and asking again would only take time.
 */
function mayBeTheView(error: unknown): boolean {
  if (error instanceof ForbiddenError) return !sameId(error.action, `${VM_RESOURCE.type}/read`);
  if (error instanceof RefusedError) return true;
  return error instanceof CodedError && ['serverError', 'senselessAnswer'].includes(kindOf(error));
}
