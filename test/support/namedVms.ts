import type { OpenPortsInputs, WrittenInputs } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/inputs';
import { isVmQuery } from '../../tasks/shared/core/vmQuery';

/** Returns inputs that name their VMs, in the form that a run uses. @throws Error for a query */
export function withNamedVms(inputs: WrittenInputs): OpenPortsInputs {
  const { vms } = inputs;
  if (isVmQuery(vms)) throw new Error('These inputs have a query.');
  return { ...inputs, vms };
}
