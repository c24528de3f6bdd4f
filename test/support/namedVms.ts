import type { OpenPortsInputs, WrittenInputs } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/inputs';
import { isVmQuery } from '../../tasks/shared/core/vmQuery';

/** Inputs that name their VMs, as a run takes them. @throws Error for a query */
export function withNamedVms(inputs: WrittenInputs): OpenPortsInputs {
  const { vms } = inputs;
  if (isVmQuery(vms)) throw new Error('These inputs have a query.');
  return { ...inputs, vms };
}
