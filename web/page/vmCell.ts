import { placeOf, sameId, type Place } from '../../tasks/shared/core/resourceIds';
import { cell, type Cell } from '../../tasks/shared/view/table';
import { vmPlace } from '../messages/tab';

/** A VM as documents name it. */
export interface NamedVm {
  /** The ARM ID. */
  readonly vmId: string;
  readonly vmName: string;
}

export type ToVmCell = (vm: NamedVm) => Cell;

/**
 * Returns the cells for the VMs of a page. A VM that shares its name with others has its resource group below the name,
 * and its subscription if the groups have the same name too.
 */
export function vmCells(vms: readonly NamedVm[]): ToVmCell {
  const byName = new Map<string, Map<string, Place | undefined>>();
  for (const { vmId, vmName } of vms) {
    const places = byName.get(vmName.toLowerCase()) ?? new Map<string, Place | undefined>();
    byName.set(vmName.toLowerCase(), places.set(vmId.toLowerCase(), placeOf(vmId)));
  }
  return ({ vmId, vmName }) => {
    const { resourceGroup, subscriptionId } = placeOf(vmId) ?? {};
    const places = [...(byName.get(vmName.toLowerCase())?.values() ?? [])];
    if (places.length < 2 || resourceGroup === undefined || subscriptionId === undefined) return cell(vmName);
    const isAlone = places.filter((one) => sameId(one?.resourceGroup ?? '', resourceGroup)).length === 1;
    return cell(vmName, { note: isAlone ? resourceGroup : vmPlace(resourceGroup, subscriptionId) });
  };
}
