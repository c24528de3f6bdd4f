import { describeMany, type ManyVms } from '../support/azure/many';
import { anyPort, type Workflow } from './workflow';

/** Adds VMs in several groups, each group with its own policy, to the VM that every workflow has. */
export function addFleet({ azure }: Workflow, count: number, groups: number, each?: ManyVms['each']) {
  const vms = describeMany({ count, groups, ...(each && { each }) }).map((vm) => azure.addVm(vm));
  for (const group of new Set(vms.map(({ resourceGroup }) => resourceGroup))) {
    const own = vms.filter(({ resourceGroup }) => resourceGroup === group);
    azure.addPolicy({ name: `jit-${group}`, vms: own.map((vm) => ({ vm, ports: [anyPort(22)] })) });
  }
  return { vms, vmResourceId: vms.map(({ id }) => id).join('\n') };
}
