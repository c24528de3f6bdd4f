import { vnetIdOf } from '../../../../shared/core/resourceIds';
import type {
  AdminRule,
  AttachedGroup,
  PublicSku,
  SecurityGroup,
  VmNetwork,
} from '../../../../shared/core/network';
import { withRouteTable } from '../../../../shared/core/nsg/tags';
import type { Firewall, NatRule, Vnet, ListedNic, ListedVm } from '../../../../shared/core/resources';

/** The networks of all VMs, by IDs in lower case. What is absent could not be read. */
export interface Catalogue {
  readonly nics: ReadonlyMap<string, ListedNic>;
  readonly groups: ReadonlyMap<string, SecurityGroup>;
  readonly vnets: ReadonlyMap<string, Vnet>;
  /** By VNet ID. */
  readonly adminRules: ReadonlyMap<string, readonly AdminRule[]>;
  /** Only for addresses without an NSG, because only they depend on the SKU. */
  readonly publicSkus: ReadonlyMap<string, PublicSku>;
  /** By subscription ID. */
  readonly firewalls: ReadonlyMap<string, readonly Firewall[]>;
}

/** An address of a VM, with what filters its traffic. */
export interface Placed {
  readonly network: VmNetwork;
  readonly publicIpId: string | undefined;
  readonly vnetId: string | undefined;
}

/**
 * Returns every IPv4 and IPv6 address of a VM, or undefined if something that is needed to find its rules was not read.
 */
export function placesOf(
  vm: ListedVm,
  { nics, groups, vnets, adminRules, publicSkus }: Catalogue,
): readonly Placed[] | undefined {
  const places: Placed[] = [];
  for (const nicId of vm.nicIds) {
    const nic = nics.get(nicId.toLowerCase());
    if (!nic) return undefined;
    for (const { privateIpAddress, subnetId, publicIpId, applicationGroupIds } of nic.addresses) {
      const vnetId = subnetId === undefined ? undefined : vnetIdOf(subnetId).toLowerCase();
      const vnet = vnetId === undefined ? undefined : vnets.get(vnetId);
      const subnet = vnet?.subnets.find(({ id }) => id.toLowerCase() === subnetId?.toLowerCase());
      if (subnetId !== undefined && !subnet) return undefined;
      const wanted = [
        { attachedTo: 'subnet', id: subnet?.securityGroupId },
        { attachedTo: 'nic', id: nic.securityGroupId },
      ] as const;
      const attached: AttachedGroup[] = [];
      for (const { attachedTo, id } of wanted) {
        const group = id === undefined ? undefined : groups.get(id.toLowerCase());
        if (id !== undefined && !group) return undefined;
        if (group) attached.push({ attachedTo, group });
      }
      const space = vnet && (subnet?.hasRouteTable ? withRouteTable(vnet.space) : vnet.space);
      const publicSku = publicIpId && (publicSkus.get(publicIpId.toLowerCase()) ?? 'unknown');
      const admin = vnetId === undefined ? undefined : adminRules.get(vnetId);
      const network = {
        ...{ privateIpAddress, applicationGroupIds, groups: attached },
        ...(space && { vnet: space }),
        ...(admin && { adminRules: admin }),
        ...(publicSku && { publicSku }),
      };
      places.push({ network, publicIpId, vnetId });
    }
  }
  return places;
}

/** Returns the firewalls in a VNet or in a peered one. */
export function firewallsAround(
  vnetId: string | undefined,
  firewalls: readonly Firewall[],
  vnets: Catalogue['vnets'],
): readonly Firewall[] {
  if (vnetId === undefined) return [];
  const near = [vnetId, ...(vnets.get(vnetId)?.peeredVnetIds ?? [])].map((id) => id.toLowerCase());
  return firewalls.filter((firewall) => near.includes(firewall.vnetId?.toLowerCase() ?? ''));
}

/** Returns the classic rules that lead to one port of an address, in order of priority. */
export const natRulesTo = (firewall: Firewall, address: string, port: number): readonly NatRule[] =>
  firewall.natRules
    .filter(
      ({ translatedAddress, translatedPort }) => translatedAddress === address && translatedPort === port,
    )
    .toSorted((a, b) => a.priority - b.priority);
