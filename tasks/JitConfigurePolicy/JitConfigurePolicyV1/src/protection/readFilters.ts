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

/** An address of a VM, with what filters its traffic. */
export interface FilteredPlace {
  readonly network: VmNetwork;
  /** The Azure Firewalls in its VNet or in a peered one; absent if the address has an NSG. */
  readonly firewalls?: readonly Firewall[];
}

/** What filters the traffic to some VMs. */
export interface Filters {
  readonly read: readonly { readonly vm: VmId; readonly places: readonly FilteredPlace[] }[];
  /** VMs for which something could not be read, and the first reason. */
  readonly unread: readonly VmId[];
  readonly trouble: CodedError | undefined;
  /**
   * VMs whose security admin rules could not be read, and the first reason. Only the other rules count for these VMs.
   */
  readonly withoutAdminRules: readonly VmId[];
  readonly adminTrouble: CodedError | undefined;
}

/** Reads what filters the traffic to VMs, each resource once. A VM that does not exist has nothing to filter. */
export async function readFilters(
  surroundings: Surroundings,
  vms: readonly VmId[],
  limit: Limit,
): Promise<Filters> {
  let trouble: CodedError | undefined;
  let adminTrouble: CodedError | undefined;
  const reader = once(surroundings.among(vms), limit, (error) => {
    adminTrouble ??= error;
  });
  const places = await inPool(vms, AT_ONCE, async (vm) => {
    try {
      return await placesOf(vm, reader);
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
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
    withoutAdminRules: vms.filter((_vm, index) =>
      places[index]?.some(({ network }) => network.adminRules === undefined),
    ),
    adminTrouble,
  };
}

type FilterReader = ReturnType<typeof once>;

/** Reads once what several VMs share. */
function once(surroundings: Surroundings, limit: Limit, onUnread: (error: CodedError) => void) {
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
    /** Returns undefined if the rules cannot be read: the permission for them is optional. */
    adminRules: (vnetId: string) =>
      remember(`${vnetId} rules`, async () => {
        try {
          return await collect(surroundings.adminRules(vnetId, limit));
        } catch (error) {
          if (!(error instanceof CodedError)) throw error;
          onUnread(error);
          return undefined;
        }
      }),
    group: (id: string) => remember(id, () => surroundings.securityGroup(id, limit)),
    firewalls: (subscriptionId: string) =>
      remember(subscriptionId, () => collect(surroundings.firewalls(subscriptionId, limit))),
  };
}

async function collect<T>(pages: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const page of pages) found.push(...page);
  return found;
}

async function placesOf(vm: VmId, reader: FilterReader): Promise<readonly FilteredPlace[]> {
  const nicIds = await nicIdsOf(vm, reader);
  const nics = await Promise.all(nicIds.map(reader.nic));
  const places = nics.flatMap((nic) => nic.addresses.map((address) => ({ nic, address })));
  return Promise.all(places.map(({ nic, address }) => toPlace(vm, nic, address, reader)));
}

/** Returns the IDs of the network interfaces of a VM: none if Azure does not find the VM itself. */
async function nicIdsOf(vm: VmId, reader: FilterReader): Promise<readonly string[]> {
  try {
    return (await reader.vm(vm)).nicIds;
  } catch (error) {
    if (!(error instanceof CodedError) || !isAbsence(error)) throw error;
    return [];
  }
}

async function toPlace(
  vm: VmId,
  nic: ListedNic,
  { subnetId, privateIpAddress, applicationGroupIds }: NicAddress,
  reader: FilterReader,
): Promise<FilteredPlace> {
  const vnetId = subnetId === undefined ? undefined : vnetIdOf(subnetId);
  // Awaited last: a call without a response must not prevent the other reads.
  const readingRules = vnetId === undefined ? undefined : reader.adminRules(vnetId);
  const vnet = vnetId === undefined ? undefined : await reader.vnet(vnetId);
  const subnet = vnet?.subnets.find(({ id }) => sameId(id, subnetId ?? ''));
  const groups = await Promise.all([
    ...attached(subnet?.securityGroupId, 'subnet', reader),
    ...attached(nic.securityGroupId, 'nic', reader),
  ]);
  const firewalls = groups.length > 0 ? undefined : await reader.firewalls(vm.subscriptionId);
  const space = vnet && (subnet?.hasRouteTable ? withRouteTable(vnet.space) : vnet.space);
  const adminRules = await readingRules;
  const network = {
    ...{ privateIpAddress, applicationGroupIds, groups },
    ...(space && { vnet: space }),
    ...(adminRules && { adminRules }),
  };
  if (!firewalls) return { network };
  return { network, firewalls: firewalls.filter(({ vnetId: at }) => vnet && stands(at, vnet)) };
}

function attached(
  id: string | undefined,
  attachedTo: 'nic' | 'subnet',
  reader: FilterReader,
): readonly Promise<AttachedGroup>[] {
  return id === undefined ? [] : [reader.group(id).then((group) => ({ attachedTo, group }))];
}

/** Whether a firewall is in a VNet or in a peered one. */
const stands = (vnetId: string | undefined, { id, peeredVnetIds }: Vnet): boolean =>
  vnetId !== undefined && [id, ...peeredVnetIds].some((one) => sameId(one, vnetId));
