import type { Ipv6Address, PublicSku, VnetSpace } from './network';
import type { Prefix } from './prefixes';
import type { VmId } from './resourceIds';

/** The properties of a VM that a policy depends on. */
export interface VmSystem {
  /** The region as Azure writes it: `westeurope`. */
  readonly location: string;
  readonly system: 'linux' | 'windows' | undefined;
}

export interface VmResource {
  readonly nicIds: readonly string[];
  /** The NIC that the VM marks as primary, or the only one. Absent if there are several and none is marked. */
  readonly primaryNicId: string | undefined;
  /** As Azure names it, such as `running` or `deallocated`. Absent if the response has no instance view. */
  readonly powerState?: string;
}

/** A NIC, by its primary address. */
export interface NicResource {
  /** Whether the NIC itself is marked as the VM's primary one. */
  readonly isPrimary: boolean;
  readonly privateIpAddress: Prefix | undefined;
  readonly publicIpId?: string;
  readonly subnetId: string | undefined;
  readonly securityGroupId?: string;
  readonly applicationGroupIds: readonly string[];
  /** In the same subnet. Absent if there is none. */
  readonly ipv6?: readonly Ipv6Address[];
  /** On IP configurations other than the primary one. Absent if there is none. */
  readonly otherPublicIps?: readonly PublicIpAt[];
}

/** A public address, and its IP configuration. */
export interface PublicIpAt {
  readonly configuration: string;
  readonly publicIpId: string;
}

export interface SubnetResource {
  /** The NSG that the subnet names, if any. */
  readonly securityGroupId?: string;
  readonly hasRouteTable: boolean;
}

export interface PublicAddressResource {
  readonly id: string;
  /** IPv4. Absent if none is assigned. */
  readonly ipAddress?: string;
  readonly sku: PublicSku;
}

export interface ListedVm extends VmSystem {
  readonly vm: VmId;
  readonly nicIds: readonly string[];
}

export interface NicAddress {
  readonly privateIpAddress: Prefix;
  readonly subnetId: string | undefined;
  readonly publicIpId: string | undefined;
  readonly applicationGroupIds: readonly string[];
}

/** A network interface with all its addresses, of both IP versions. */
export interface ListedNic {
  readonly id: string;
  readonly securityGroupId: string | undefined;
  readonly addresses: readonly NicAddress[];
}

export interface ListedSubnet {
  readonly id: string;
  readonly securityGroupId: string | undefined;
  readonly hasRouteTable: boolean;
}

export interface Vnet {
  readonly id: string;
  /** Without what the route table of a subnet might add. */
  readonly space: VnetSpace;
  readonly subnets: readonly ListedSubnet[];
  readonly peeredVnetIds: readonly string[];
}

export interface NatRule {
  readonly name: string;
  /** The priority of its collection. The lowest number comes first. */
  readonly priority: number;
  readonly protocols: readonly string[];
  /** IPv4 addresses, CIDRs, and `*`. An empty text stands for IP groups, which are not resolved here. */
  readonly sources: readonly Prefix[];
  readonly translatedAddress: string;
  readonly translatedPort: number;
}

export interface NetworkRule extends Pick<NatRule, 'name' | 'priority' | 'protocols' | 'sources'> {
  readonly access: 'Allow' | 'Deny';
  /** Addresses, CIDRs, `*`, and service tags. An empty text stands for what is not resolved here. */
  readonly destinations: readonly Prefix[];
  readonly destinationPorts: readonly string[];
}

/** An Azure Firewall. */
export interface Firewall {
  readonly id: string;
  readonly name: string;
  /** The VNet of the firewall. Absent in a virtual hub. */
  readonly vnetId: string | undefined;
  /** Whether Firewall Policy manages it, which just-in-time access does not support. */
  readonly hasPolicy: boolean;
  /** Its classic rules that lead traffic to addresses behind it. */
  readonly natRules: readonly NatRule[];
  /** Its classic rules that allow or deny traffic. */
  readonly networkRules: readonly NetworkRule[];
}
