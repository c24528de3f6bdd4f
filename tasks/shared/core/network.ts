import type { Prefix } from './prefixes';

/** A rule of a network security group, custom or default, with its singular and plural fields merged. */
export interface SecurityRule {
  readonly name: string;
  /** 100 to 4096, and from 65000 for Azure's own; 0, before all others, when Azure's answer does not tell. */
  readonly priority: number;
  readonly direction: 'Inbound' | 'Outbound';
  /** `unknown` when Azure's answer does not tell; then the rule is `senseless` as well. */
  readonly access: 'Allow' | 'Deny' | 'unknown';
  /** As Azure spells it: `*`, `Tcp`, `Udp`, `Icmp`, `Esp`, `Ah`. */
  readonly protocol: string;
  /** Addresses, CIDRs, `*` and service tags. Empty when the rule names application security groups. */
  readonly sources: readonly Prefix[];
  readonly sourceGroupIds: readonly string[];
  /** `*`, `22`, `1024-65535`. */
  readonly sourcePorts: readonly string[];
  readonly destinations: readonly Prefix[];
  readonly destinationGroupIds: readonly string[];
  readonly destinationPorts: readonly string[];
  /** True for the rules from 65000 on, which Azure makes itself. */
  readonly isDefault: boolean;
  /** What of the rule makes no sense, as words. Such a rule may apply wherever its other fields let it. */
  readonly senseless?: string;
}

/** What of a rule tells which traffic it applies to. */
export type RuleFields = Omit<SecurityRule, 'access' | 'isDefault'>;

/**
 * A security admin rule of Azure Virtual Network Manager. Such rules apply to a whole VNet, before its security groups, and
 * only a few fields differ from a security group's rule. Its priority is 1 to 4096, or 0 when Azure's answer does not tell;
 * network groups are named in the place of application security groups.
 * https://learn.microsoft.com/azure/virtual-network-manager/concept-security-admins
 */
export interface AdminRule extends RuleFields {
  /** `Allow` hands on to the security groups, `AlwaysAllow` passes by them, `Deny` ends it; `unknown` as in a security rule. */
  readonly access: 'Allow' | 'AlwaysAllow' | 'Deny' | 'unknown';
  /** The ID of the network manager, whose name another one can have elsewhere. Empty when Azure's answer does not tell. */
  readonly managerId: string;
  /** The names of its configuration and of the collection in it. */
  readonly configuration: string;
  readonly collection: string;
}

/** A network security group. */
export interface SecurityGroup {
  readonly id: string;
  readonly name: string;
  /** Custom and default rules, in any order. */
  readonly rules: readonly SecurityRule[];
}

/** A security group at the place where it filters the VM's traffic. */
export interface AttachedGroup {
  readonly attachedTo: 'nic' | 'subnet';
  readonly group: SecurityGroup;
}

/** What the tag `VirtualNetwork` stands for at a VM, as CIDRs. */
export interface VnetSpace {
  /** Surely: the VNet's own prefixes, and those of its peerings that let traffic in. */
  readonly certain: readonly Prefix[];
  /** Perhaps: what a gateway, a route table or a peering that is not known well enough may add. */
  readonly possible: readonly Prefix[];
}

/** The kind of a public address: without a security group `Basic` allows everybody, and `Standard` nobody. */
export type PublicSku = 'Basic' | 'Standard' | 'unknown';

/** An address of IPv6 that a network interface has beside its primary one, behind the same security groups. */
export interface Ipv6Address {
  readonly privateIpAddress: Prefix;
  /** Application security groups of that address. */
  readonly applicationGroupIds: readonly string[];
}

/** Where inbound traffic of a VM arrives, and what filters it on the way. */
export interface VmNetwork {
  /** The primary address of the primary NIC. */
  readonly privateIpAddress: Prefix;
  /** Of the public address that leads here; absent without one. */
  readonly publicSku?: PublicSku;
  /** Application security groups of that address. */
  readonly applicationGroupIds: readonly string[];
  readonly groups: readonly AttachedGroup[];
  /** Absent when there is none, or none is known. */
  readonly ipv6?: readonly Ipv6Address[];
  /** Absent when the VNet was not read: then every address may belong to it. */
  readonly vnet?: VnetSpace;
  /** In any order. Absent when they were not read: then nothing is known of them, and the security groups alone count. */
  readonly adminRules?: readonly AdminRule[];
}
