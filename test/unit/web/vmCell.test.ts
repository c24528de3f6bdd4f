import assert from 'node:assert/strict';
import { vmPlace } from '../../../web/messages/tab';
import { vmCells, type NamedVm } from '../../../web/page/vmCell';

const [ONE, OTHER] = ['6b1f3c0a-52d4-4e8e-9c37-0d8a4a1f7e21', '0a1b2c3d-52d4-4e8e-9c37-0d8a4a1f7e21'];

const vm = (subscription: string, group: string, vmName: string): NamedVm => ({
  vmId: `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.Compute/virtualMachines/${vmName}`,
  vmName,
});
const notesOf = (vms: readonly NamedVm[]): readonly (string | undefined)[] => {
  const toCell = vmCells(vms);
  return vms.map((one) => toCell(one).note);
};

describe('the cell of a VM in the run tab', () => {
  it('has only the name if no other VM has it', () => {
    assert.deepEqual(notesOf([vm(ONE, 'rg-a', 'web'), vm(ONE, 'rg-a', 'api')]), [undefined, undefined]);
  });

  it('names the resource group if VMs have the same name', () => {
    const vms = [vm(ONE, 'rg-a', 'web'), vm(ONE, 'rg-b', 'Web'), vm(ONE, 'rg-b', 'api')];
    assert.deepEqual(notesOf(vms), ['rg-a', 'rg-b', undefined]);
  });

  it('also names the subscription if the groups have the same name', () => {
    const vms = [vm(ONE, 'rg-a', 'web'), vm(OTHER, 'RG-A', 'web'), vm(ONE, 'rg-b', 'web')];
    assert.deepEqual(notesOf(vms), [vmPlace('rg-a', ONE), vmPlace('RG-A', OTHER), 'rg-b']);
  });

  it('treats equal IDs as one VM, regardless of case and of how often they occur', () => {
    const { vmId, vmName } = vm(ONE, 'rg-a', 'web');
    assert.deepEqual(
      notesOf([
        { vmId, vmName },
        { vmId: vmId.toUpperCase(), vmName },
      ]),
      [undefined, undefined],
    );
  });

  it('has only the name if the ID is invalid', () => {
    const vms = [vm(ONE, 'rg-a', 'web'), { vmId: '', vmName: 'web' }, { vmId: '/vm/web', vmName: 'web' }];
    assert.deepEqual(notesOf(vms), ['rg-a', undefined, undefined]);
  });
});
