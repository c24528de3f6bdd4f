import { parseVmId, type VmId } from '../../core/resourceIds';
import type { ListedVm, VmResource, VmSystem } from '../../core/resources';
import { CodedError } from '../../core/errors';
import { senselessAnswer } from '../../messages/failures';
import type { Kind } from '../reader';
import { flat } from './json';
import { shapeOf } from './shape';

/**
 * The fields of a VM that are read. No package here has Microsoft's models of the Compute service.
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

/** Reads the network interfaces of a VM, and its power state if the response has one. */
export const VM_RESOURCE: Kind<VmResource> = {
  ...kind,
  read(body) {
    const shape = shapeOfVm(body);
    const powerState = readPowerState(shape);
    return { ...readNics(shape), ...(powerState !== undefined && { powerState }) };
  },
};

/**
 * Reads a VM with its power state. Azure Resource Manager checks permissions by type and method, so this requires only
 * the permission to read the VM. The separate operation `…/instanceView` requires one of its own.
 * https://learn.microsoft.com/rest/api/compute/virtual-machines/get
 */
export const VM_AT_WORK: Kind<VmResource> = { ...VM_RESOURCE, query: { $expand: 'instanceView' } };

/** Reads the region and the operating system of a VM. */
export const VM_SYSTEM: Kind<VmSystem> = { ...kind, read: (body) => readSystem(shapeOfVm(body)) };

/** Reads the ID of a VM in a list, or returns `undefined` if the ID is not that of a VM. */
export const VM_ID: Kind<VmId | undefined> = {
  ...kind,
  read: (body) => parseVmId(shapeOfVm(body).text('id')),
};

/** Reads all fields of a VM that the product uses. */
export const LISTED_VM: Kind<ListedVm> = {
  ...kind,
  read(body) {
    const shape = shapeOfVm(body);
    const id = shape.text('id');
    const vm = parseVmId(id);
    // If the VM were left out, it would be missing from every count without notice.
    if (!vm) throw senselessAnswer(VM, `the ID ${id} is not the ID of a VM`);
    return { vm, ...readSystem(shape), nicIds: readNics(shape).nicIds };
  },
};

function readNics(shape: VmShape): VmResource {
  const nics = shape.optional('networkProfile')?.list('networkInterfaces') ?? [];
  const marked = nics.find((nic) => nic.isTrue('primary'));
  const primary = marked ?? (nics.length === 1 ? nics[0] : undefined);
  return {
    // Throws for a missing ID: without it, a network path to the VM would be missing.
    nicIds: nics.map((nic) => nic.text('id')),
    primaryNicId: primary?.text('id'),
  };
}

/**
 * Returns the power state from the statuses, such as `PowerState/running`. No run depends on it, so an invalid value
 * counts as absent. https://learn.microsoft.com/azure/virtual-machines/states-billing
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
