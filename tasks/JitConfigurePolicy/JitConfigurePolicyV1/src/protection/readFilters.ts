import type { AttachedGroup, VmNetwork } from '../../../../shared/core/network';
import { withRouteTable } from '../../../../shared/core/nsg/tags';
import { sameId, vnetIdOf, type VmId } from '../../../../shared/core/resourceIds';
import { isAbsence } from '../../../../shared/core/codes';
import { CodedError } from '../../../../shared/core/errors';
import type { Surroundings } from '../azure/surroundings';
import type { Firewall, Vnet, ListedNic, NicAddress } from '../../../../shared/core/resources';
import { inPool } from '../../../../shared/core/pool';
import type { Limit } from '../../../../shared/core/limits';

/** How many VMs are read at the same time. */
const AT_ONCE = 8;

/** An address of a VM, with what filters the way to it. */
export interface FilteredPlace {
  readonly network: VmNetwork;
  /** Azure Firewalls in its virtual network, or in one that is peered with it; absent with a security group. */
  readonly firewalls?: readonly Firewall[];
}

/** What filters the traffic to some VMs. */
export interface Filters {
  readonly read: readonly { readonly vm: VmId; readonly places: readonly FilteredPlace[] }[];
  /** VMs of which something could not be read, and the first reason. */
  readonly unread: readonly VmId[];
  readonly trouble: CodedError | undefined;
}

/** Reads what filters the traffic to VMs, each thing once. A VM that does not exist has nothing to be filtered. */
export async function readFilters(
  surroundings: Surroundings,
  vms: readonly VmId[],
  limit: Limit,
): Promise<Filters> {
  const reader = once(surroundings.among(vms), limit);
  let trouble: CodedError | undefined;
  const places = await inPool(vms, AT_ONCE, async (vm) => {
    try {
      return await placesOf(vm, reader);
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      if (isAbsence(error)) return [];
      trouble ??= error;
      return undefined;
    }
  });
  return {
    read: vms.flatMap((vm, index) => {
      const found = places[index];
      return found ? [{ vm, places: found }] : [];
    }),
    unread: vms.filter((_vm, index) => !places[index]),
    trouble,
  };
}

type FilterReader = ReturnType<typeof once>;

/** What several VMs share is read once. */
function once(surroundings: Surroundings, limit: Limit) {
  const known = new Map<string, Promise<unknown>>();
  const remember = <T>(key: string, read: () => Promise<T>): Promise<T> => {
    const reading = (known.get(key.toLowerCase()) as Promise<T> | undefined) ?? read();
    known.set(key.toLowerCase(), reading);
    return reading;
  };
  return {
    vm: (vm: VmId) => surroundings.vm(vm, limit),
    nic: (id: string) => surroundings.nic(id, limit),
    vnet: (id: string) => remember(id, () => surroundings.vnet(id, limit)),
    group: (id: string) => remember(id, () => surroundings.securityGroup(id, limit)),
    firewalls: (subscriptionId: string) =>
      remember(subscriptionId, async () => {
        const found: Firewall[] = [];
        for await (const page of surroundings.firewalls(subscriptionId, limit)) found.push(...page);
        return found;
      }),
  };
}

async function placesOf(vm: VmId, reader: FilterReader): Promise<readonly FilteredPlace[]> {
  const { nicIds } = await reader.vm(vm);
  const nics = await Promise.all(nicIds.map(reader.nic));
  const places = nics.flatMap((nic) => nic.addresses.map((address) => ({ nic, address })));
  return Promise.all(places.map(({ nic, address }) => toPlace(vm, nic, address, reader)));
}

async function toPlace(
  vm: VmId,
  nic: ListedNic,
  { subnetId, privateIpAddress, applicationGroupIds }: NicAddress,
  reader: FilterReader,
): Promise<FilteredPlace> {
  const vnet = subnetId === undefined ? undefined : await reader.vnet(vnetIdOf(subnetId));
  const subnet = vnet?.subnets.find(({ id }) => sameId(id, subnetId ?? ''));
  const groups = await Promise.all([
    ...attached(subnet?.securityGroupId, 'subnet', reader),
    ...attached(nic.securityGroupId, 'nic', reader),
  ]);
  const space = vnet && (subnet?.hasRouteTable ? withRouteTable(vnet.space) : vnet.space);
  const network = { privateIpAddress, applicationGroupIds, groups, ...(space && { vnet: space }) };
  if (groups.length > 0) return { network };
  const firewalls = await reader.firewalls(vm.subscriptionId);
  return { network, firewalls: firewalls.filter(({ vnetId }) => vnet && stands(vnetId, vnet)) };
}

function attached(
  id: string | undefined,
  attachedTo: 'nic' | 'subnet',
  reader: FilterReader,
): readonly Promise<AttachedGroup>[] {
  return id === undefined ? [] : [reader.group(id).then((group) => ({ attachedTo, group }))];
}

/** Whether a firewall stands in a virtual network, or in one that is peered with it. */
const stands = (vnetId: string | undefined, { id, peeredVnetIds }: Vnet): boolean =>
  vnetId !== undefined && [id, ...peeredVnetIds].some((one) => sameId(one, vnetId));
