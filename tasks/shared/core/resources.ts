import type { Ipv6Address, PublicSku, VnetSpace } from './network';
import type { Prefix } from './prefixes';
import type { VmId } from './resourceIds';

/** What a policy depends on in a VM. */
export interface VmSystem {
  /** The region as Azure writes it: `westeurope`. */
  readonly location: string;
  readonly system: 'linux' | 'windows' | undefined;
}

export interface VmResource {
  readonly nicIds: readonly string[];
  /** The NIC that the VM marks as primary, or the only one; absent when none of several is marked. */
  readonly primaryNicId: string | undefined;
  /** As Azure names it, such as `running` or `deallocated`; absent where the answer has no instance view. */
  readonly powerState?: string;
}

/** A NIC by its primary address. */
export interface NicResource {
  /** Whether it says of itself that it is the VM's primary one. */
  readonly isPrimary: boolean;
  readonly privateIpAddress: Prefix | undefined;
  readonly publicIpId?: string;
  readonly subnetId: string | undefined;
  readonly securityGroupId?: string;
  readonly applicationGroupIds: readonly string[];
  /** In the same subnet; absent when there is none. */
  readonly ipv6?: readonly Ipv6Address[];
  /** Beside the primary one; absent when there is none. */
  readonly otherPublicIps?: readonly PublicIpAt[];
}

/** A public address, by the IP configuration that it is on. */
export interface PublicIpAt {
  readonly configuration: string;
  readonly publicIpId: string;
}

export interface SubnetResource {
  /** The security group that it names, if any. */
  readonly securityGroupId?: string;
  readonly hasRouteTable: boolean;
}

export interface PublicAddressResource {
  readonly id: string;
  /** IPv4; absent when none is assigned at present. */
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

/** A network interface with all its addresses, of both versions of IP. */
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
  /** Without what a subnet's route table may add. */
  readonly space: VnetSpace;
  readonly subnets: readonly ListedSubnet[];
  readonly peeredVnetIds: readonly string[];
}

export interface NatRule {
  readonly name: string;
  /** Of its collection: the lowest number counts first. */
  readonly priority: number;
  readonly protocols: readonly string[];
  /** IPv4 addresses, CIDRs and `*`, and an empty text for IP groups, which are not resolved here. */
  readonly sources: readonly Prefix[];
  readonly translatedAddress: string;
  readonly translatedPort: number;
}

export interface NetworkRule extends Pick<NatRule, 'name' | 'priority' | 'protocols' | 'sources'> {
  readonly access: 'Allow' | 'Deny';
  /** Addresses, CIDRs, `*` and service tags, and an empty text for what is not resolved here. */
  readonly destinations: readonly Prefix[];
  readonly destinationPorts: readonly string[];
}

/** An Azure Firewall. */
export interface Firewall {
  readonly id: string;
  readonly name: string;
  /** The VNet that it stands in; absent in a virtual hub. */
  readonly vnetId: string | undefined;
  /** Managed by Firewall Policy, which just-in-time access cannot work with. */
  readonly hasPolicy: boolean;
  /** Its classic rules that lead traffic to addresses behind it. */
  readonly natRules: readonly NatRule[];
  /** Its classic rules that let traffic through, or stop it. */
  readonly networkRules: readonly NetworkRule[];
}
