/** A rule of a network security group, custom or default, with its singular and plural fields merged. */
export interface SecurityRule {
  readonly name: string;
  readonly priority: number;
  readonly direction: 'Inbound' | 'Outbound';
  readonly access: 'Allow' | 'Deny';
  /** As Azure spells it: `*`, `Tcp`, `Udp`, `Icmp`, `Esp`, `Ah`. */
  readonly protocol: string;
  /** Addresses, CIDRs, `*` and service tags. Empty when the rule names application security groups. */
  readonly sources: readonly string[];
  readonly sourceGroupIds: readonly string[];
  /** `*`, `22`, `1024-65535`. */
  readonly sourcePorts: readonly string[];
  readonly destinations: readonly string[];
  readonly destinationGroupIds: readonly string[];
  readonly destinationPorts: readonly string[];
  /** True for the rules from 65000 on, which Azure makes itself. */
  readonly isDefault: boolean;
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

/** Where inbound traffic of a VM arrives, and what filters it on the way. */
export interface VmNetwork {
  /** The primary address of the primary NIC. */
  readonly privateIpAddress: string;
  readonly publicIpAddress?: string;
  /** Application security groups of that address. */
  readonly applicationGroupIds: readonly string[];
  readonly groups: readonly AttachedGroup[];
  /** CIDRs of the VM's own VNet; absent when they were not read. */
  readonly vnetPrefixes?: readonly string[];
}
