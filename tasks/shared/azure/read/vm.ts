import type { VmResource, VmSystem } from '../../world';
import { shapeOf } from './shape';

/** VMs are read by hand: their SDK would double the size of a task for a few fields. */
export const COMPUTE_API_VERSION = '2024-07-01';

/** The NICs of a VM. https://learn.microsoft.com/rest/api/compute/virtual-machines/get */
export function toVmResource(model: unknown): VmResource {
  const profile = shapeOf(model, 'A VM').optional('properties')?.optional('networkProfile');
  const nics = profile?.list('networkInterfaces') ?? [];
  const marked = nics.find((nic) => nic.optional('properties')?.isTrue('primary'));
  const primary = marked ?? (nics.length === 1 ? nics[0] : undefined);
  return {
    nicIds: nics.flatMap((nic) => nic.optionalText('id') ?? []),
    primaryNicId: primary?.optionalText('id'),
  };
}

/**
 * The region and the system of a VM, from the same answer.
 *
 * @param what what a failure says made no sense
 */
export function toVmSystem(model: unknown, what: string): VmSystem {
  const shape = shapeOf(model, what);
  const properties = shape.optional('properties');
  const disk = properties?.optional('storageProfile')?.optional('osDisk')?.optionalText('osType');
  const profile = properties?.optional('osProfile');
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
