import type { SecurityGroup } from './securityGroups';
import { resourceId, type NewSecurityGroup, type Place, type Topology } from './topology';

export const NETWORK = 'Microsoft.Network';

/** An address of a NIC. */
export interface NewAddress {
  readonly privateIp: string;
  /** `null`: a public address resource without an address assigned by Azure. */
  readonly publicIp?: string | null;
  /** Default `Standard`. */
  readonly publicSku?: PublicSku;
  /** If absent, Azure's response does not contain the field. */
  readonly primary?: boolean;
}

/** The kinds of public addresses. `Basic` ones are retired, but still exist. */
export type PublicSku = 'Basic' | 'Standard' | 'StandardV2';

/** A NIC in addition to or instead of the default one. */
export interface NewNic {
  readonly name: string;
  readonly primary: boolean;
  /** Whether only the NIC itself says whether it is the primary one, but the VM does not. */
  readonly unmarked?: boolean;
  /** An IPv6 configuration that is listed before the addresses. */
  readonly ipv6First?: string;
  /** An IPv6 configuration that is listed after them, as in Azure for a NIC with both versions. */
  readonly ipv6?: string;
  readonly addresses: readonly NewAddress[];
  readonly nsg?: NewSecurityGroup | boolean;
}

/** A NIC that was created. */
export interface AddedNic {
  readonly id: string;
  readonly nic: NewNic;
  readonly nsg: SecurityGroup | undefined;
}

/** Creates a NIC, its public addresses, and its NSG. The primary address gets the application security groups. */
export function addNic(
  nic: NewNic,
  applicationGroups: readonly string[],
  place: Place,
  subnetId: string,
  topology: Topology,
): AddedNic {
  const id = resourceId(place, `${NETWORK}/networkInterfaces`, nic.name);
  const nsg = toSecurityGroup(nic.nsg, `${nic.name}-nsg`, place, topology);
  const groups = applicationGroups.map((name) => ({
    id: resourceId(place, `${NETWORK}/applicationSecurityGroups`, name),
  }));
  const configuration = (name: string, address: string, version: string, more: object): object => ({
    name,
    id: `${id}/ipConfigurations/${name}`,
    properties: {
      provisioningState: 'Succeeded',
      privateIPAddress: address,
      privateIPAllocationMethod: 'Dynamic',
      privateIPAddressVersion: version,
      subnet: { id: subnetId },
      ...more,
    },
  });
  const own = nic.addresses.map((address, index) =>
    configuration(`ipconfig${index + 1}`, address.privateIp, 'IPv4', {
      ...(address.primary === undefined ? {} : { primary: address.primary }),
      ...addPublicAddress(address, `${nic.name}-ip${index + 1}`, place, topology),
      ...(groups.length > 0 && address.primary ? { applicationSecurityGroups: groups } : {}),
    }),
  );
  const ipv6 = (address: string | undefined) =>
    address === undefined ? [] : [configuration('ipv6', address, 'IPv6', {})];
  const ipConfigurations = [...ipv6(nic.ipv6First), ...own, ...ipv6(nic.ipv6)];
  const group = nsg ? { networkSecurityGroup: { id: nsg.id } } : {};
  const properties = { provisioningState: 'Succeeded', ipConfigurations, primary: nic.primary, ...group };
  const { location } = place;
  topology.put({
    id,
    json: () => ({ id, name: nic.name, type: `${NETWORK}/networkInterfaces`, location, properties }),
  });
  return { id, nic, nsg };
}

/** Creates a public address, unless none is wanted, and returns the reference to it. */
export function addPublicAddress(
  { publicIp, publicSku = 'Standard' }: Pick<NewAddress, 'publicIp' | 'publicSku'>,
  name: string,
  place: Place,
  topology: Topology,
): object {
  if (publicIp === undefined) return {};
  const id = resourceId(place, `${NETWORK}/publicIPAddresses`, name);
  const properties = {
    provisioningState: 'Succeeded',
    publicIPAddressVersion: 'IPv4',
    publicIPAllocationMethod: publicIp === null ? 'Dynamic' : 'Static',
    ...(publicIp === null ? {} : { ipAddress: publicIp }),
  };
  const { location } = place;
  topology.put({
    id,
    json: () => ({
      ...{ id, name, type: `${NETWORK}/publicIPAddresses`, location, properties },
      sku: { name: publicSku, tier: 'Regional' },
    }),
  });
  return { publicIPAddress: { id } };
}

/** Creates or finds the NSG of a place. `true` is an NSG of its own. */
export function toSecurityGroup(
  wanted: NewSecurityGroup | boolean | undefined,
  fallbackName: string,
  place: Place,
  topology: Topology,
): SecurityGroup | undefined {
  if (wanted === undefined || wanted === false) return undefined;
  return topology.ensureSecurityGroup(place, wanted === true ? {} : wanted, fallbackName);
}
