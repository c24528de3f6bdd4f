import { parseVmId, type VmId } from '../../core/resourceIds';
import type { ListedVm, VmResource, VmSystem } from '../../core/resources';
import { CodedError } from '../../core/errors';
import { senselessAnswer } from '../../messages/failures';
import type { Kind } from '../reader';
import { flat } from './json';
import { shapeOf } from './shape';

/**
 * What is read of a VM. Microsoft's models of the Compute service are not among the packages here.
 * https://learn.microsoft.com/rest/api/compute/virtual-machines/get
 */
interface VmModel {
  readonly id?: string;
  readonly location?: string;
  readonly networkProfile?: { networkInterfaces?: { id?: string; primary?: boolean }[] };
  readonly storageProfile?: { osDisk?: { osType?: string } };
  readonly osProfile?: { linuxConfiguration?: object; windowsConfiguration?: object };
  readonly instanceView?: { statuses?: { code?: string }[] };
}

const VM = 'A VM';

const kind = { type: 'Microsoft.Compute/virtualMachines', noun: 'VM', service: 'compute' } as const;

const shapeOfVm = (body: unknown) => shapeOf<VmModel>(flat(body, VM), VM);
type VmShape = ReturnType<typeof shapeOfVm>;

/** A VM by its network interfaces. */
export const VM_RESOURCE: Kind<VmResource> = {
  ...kind,
  read(body) {
    const shape = shapeOfVm(body);
    const powerState = readPowerState(shape);
    return { ...readNics(shape), ...(powerState !== undefined && { powerState }) };
  },
};

/**
 * The same with its power state. Azure Resource Manager asks for the right by type and method, so that this takes the
 * right to read the VM and no other; a call of its own, `…/instanceView`, takes one of its own.
 * https://learn.microsoft.com/rest/api/compute/virtual-machines/get
 */
export const VM_AT_WORK: Kind<VmResource> = { ...VM_RESOURCE, query: { $expand: 'instanceView' } };

/** A VM by its region and system. */
export const VM_SYSTEM: Kind<VmSystem> = { ...kind, read: (body) => readSystem(shapeOfVm(body)) };

/** A VM in a list, by its id alone; nothing where the id is that of something else. */
export const VM_ID: Kind<VmId | undefined> = {
  ...kind,
  read: (body) => parseVmId(shapeOfVm(body).text('id')),
};

/** A VM with all that is read of it. */
export const LISTED_VM: Kind<ListedVm> = {
  ...kind,
  read(body) {
    const shape = shapeOfVm(body);
    const id = shape.text('id');
    const vm = parseVmId(id);
    // Left out, it would be missing from every count, and nothing would say so.
    if (!vm) throw senselessAnswer(VM, `the ID ${id} is not the ID of a VM`);
    return { vm, ...readSystem(shape), nicIds: readNics(shape).nicIds };
  },
};

function readNics(shape: VmShape): VmResource {
  const nics = shape.optional('networkProfile')?.list('networkInterfaces') ?? [];
  const marked = nics.find((nic) => nic.isTrue('primary'));
  const primary = marked ?? (nics.length === 1 ? nics[0] : undefined);
  return {
    // Left out, a way to the VM would be left out with it.
    nicIds: nics.map((nic) => nic.text('id')),
    primaryNicId: primary?.text('id'),
  };
}

/**
 * One of the statuses is of the power state: `PowerState/running`. Nobody's run depends on it, so that what makes no sense
 * is none. https://learn.microsoft.com/azure/virtual-machines/states-billing
 */
function readPowerState(shape: VmShape): string | undefined {
  try {
    const statuses = shape.optional('instanceView')?.list('statuses') ?? [];
    const codes = statuses.flatMap((status) => status.optionalText('code') ?? []);
    return codes.flatMap((code) => /^powerstate\/(.+)$/i.exec(code)?.[1] ?? [])[0];
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return undefined;
  }
}

function readSystem(shape: VmShape): VmSystem {
  const disk = shape.optional('storageProfile')?.optional('osDisk')?.optionalText('osType');
  const profile = shape.optional('osProfile');
  const named = disk?.toLowerCase();
  const system =
    named === 'linux' || named === 'windows'
      ? named
      : profile?.optional('linuxConfiguration')
        ? 'linux'
        : profile?.optional('windowsConfiguration')
          ? 'windows'
          : undefined;
  return { location: shape.text('location'), system };
}
