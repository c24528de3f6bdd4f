import type { Prefix } from './prefixes';

/** A rule of a network security group (NSG), custom or default, with its singular and plural fields merged. */
export interface SecurityRule {
  readonly name: string;
  /** 100 to 4096, and from 65000 for Azure's own rules. 0, before all others, if Azure's response contains none. */
  readonly priority: number;
  readonly direction: 'Inbound' | 'Outbound';
  /** `unknown` if Azure's response contains none: then `senseless` is also set. */
  readonly access: 'Allow' | 'Deny' | 'unknown';
  /** As Azure writes it: `*`, `Tcp`, `Udp`, `Icmp`, `Esp`, `Ah`. */
  readonly protocol: string;
  /** Addresses, CIDRs, `*`, and service tags. Empty if the rule names application security groups. */
  readonly sources: readonly Prefix[];
  readonly sourceGroupIds: readonly string[];
  /** `*`, `22`, `1024-65535`. */
  readonly sourcePorts: readonly string[];
  readonly destinations: readonly Prefix[];
  readonly destinationGroupIds: readonly string[];
  readonly destinationPorts: readonly string[];
  /** True for the rules from 65000, which Azure creates. */
  readonly isDefault: boolean;
  /** What cannot be interpreted in the rule, in words. Such a rule might apply wherever its other fields allow it. */
  readonly senseless?: string;
}

/** The fields that determine which traffic a rule applies to. */
export type RuleFields = Omit<SecurityRule, 'access' | 'isDefault'>;

/**
 * A security admin rule of Azure Virtual Network Manager. These rules apply to a whole VNet, before its NSGs, and only
 * a few fields differ from those of an NSG rule. The priority is 1 to 4096, or 0 if Azure's response contains none.
 * Network groups take the place of application security groups.
 * https://learn.microsoft.com/azure/virtual-network-manager/concept-security-admins
 */
export interface AdminRule extends RuleFields {
  /**
   * `Allow` leaves the decision to the NSGs, `AlwaysAllow` bypasses them, `Deny` blocks. `unknown`: see `SecurityRule`.
   */
  readonly access: 'Allow' | 'AlwaysAllow' | 'Deny' | 'unknown';
  /** The ID of the network manager, whose name is not unique. Empty if Azure's response does not contain it. */
  readonly managerId: string;
  /** The names of the manager's configuration, and of the rule collection in it. */
  readonly configuration: string;
  readonly collection: string;
}

/** A network security group (NSG). */
export interface SecurityGroup {
  readonly id: string;
  readonly name: string;
  /** Custom and default rules, in any order. */
  readonly rules: readonly SecurityRule[];
}

/** An NSG, and where it filters the VM's traffic. */
export interface AttachedGroup {
  readonly attachedTo: 'nic' | 'subnet';
  readonly group: SecurityGroup;
}

/** What the tag `VirtualNetwork` stands for at a VM, as CIDRs. */
export interface VnetSpace {
  /** Certain: the VNet's own prefixes, and those of its peerings that allow access. */
  readonly certain: readonly Prefix[];
  /** Possible: what a gateway, a route table, or an insufficiently described peering might add. */
  readonly possible: readonly Prefix[];
}

/** The SKU of a public address: without an NSG, `Basic` allows everyone, and `Standard` allows no one. */
export type PublicSku = 'Basic' | 'Standard' | 'unknown';

/** An IPv6 address that a network interface has in addition to its primary address, behind the same NSGs. */
export interface Ipv6Address {
  readonly privateIpAddress: Prefix;
  /** The application security groups of that address. */
  readonly applicationGroupIds: readonly string[];
}

/** Where inbound traffic of a VM arrives, and what filters it before. */
export interface VmNetwork {
  /** The primary address of the primary NIC. */
  readonly privateIpAddress: Prefix;
  /** The SKU of the public address that leads here. Absent if there is none. */
  readonly publicSku?: PublicSku;
  /** The application security groups of that address. */
  readonly applicationGroupIds: readonly string[];
  readonly groups: readonly AttachedGroup[];
  /** Absent if there is none, or none is known. */
  readonly ipv6?: readonly Ipv6Address[];
  /** Absent if the VNet was not read: then every address might belong to it. */
  readonly vnet?: VnetSpace;
  /** In any order. Absent if they were not read: then they are unknown, and only the NSGs count. */
  readonly adminRules?: readonly AdminRule[];
}
