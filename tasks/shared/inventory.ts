import type { SecurityGroup, VnetSpace } from './core/network';
import type { Policy, RequestedPort } from './core/policy';
import type { VmId } from './core/resourceIds';
import type { CodedError } from './core/errors';
import type { Limit, PublicAddressResource, VmSystem } from './world';

/**
 * Where the VMs of a scope, their network and their policies are read: whole lists, page by page as they come. Every
 * method throws a `CodedError`, at the first page or at a later one; a missing right is a `ForbiddenError`. A list with an
 * item that makes no sense gives all the others before it throws.
 */
export interface Inventory {
  /** `resourceGroup`: of this group only. */
  vms(subscriptionId: string, resourceGroup: string | undefined, limit: Limit): Pages<ListedVm>;
  vm(vm: VmId, limit: Limit): Promise<ListedVm>;
  nics(subscriptionId: string, limit: Limit): Pages<ListedNic>;
  nic(id: string, limit: Limit): Promise<ListedNic>;
  securityGroups(subscriptionId: string, limit: Limit): Pages<SecurityGroup>;
  securityGroup(id: string, limit: Limit): Promise<SecurityGroup>;
  vnets(subscriptionId: string, limit: Limit): Pages<Vnet>;
  vnet(id: string, limit: Limit): Promise<Vnet>;
  publicAddress(id: string, limit: Limit): Promise<PublicAddressResource>;
  firewalls(subscriptionId: string, limit: Limit): Pages<Firewall>;
  policies(subscriptionId: string, resourceGroup: string, limit: Limit): Pages<ListedPolicy>;
  assessments(subscriptionId: string, limit: Limit): Pages<ListedAssessment>;
  /** Calls that asked for access; `from` and `to` are milliseconds since 1970. A call may come in several entries. */
  calls(subscriptionId: string, from: number, to: number, limit: Limit): Pages<LoggedEntry>;
  /** Azure's clock in milliseconds since 1970, by the last answer. */
  readonly azureNow: () => number;
}

/** What stands around single VMs, read one by one. */
export type Surroundings = Pick<Inventory, 'vm' | 'nic' | 'vnet' | 'securityGroup' | 'firewalls'>;

export type Pages<T> = AsyncIterable<readonly T[]>;

export interface ListedVm extends VmSystem {
  readonly vm: VmId;
  readonly nicIds: readonly string[];
}

/** A network interface with all its addresses, of both versions of IP. */
export interface ListedNic {
  readonly id: string;
  readonly securityGroupId: string | undefined;
  readonly addresses: readonly NicAddress[];
}

export interface NicAddress {
  readonly privateIpAddress: string;
  readonly subnetId: string | undefined;
  readonly publicIpId: string | undefined;
  readonly applicationGroupIds: readonly string[];
}

export interface Vnet {
  readonly id: string;
  /** Without what a subnet's route table may add. */
  readonly space: VnetSpace;
  readonly subnets: readonly ListedSubnet[];
  readonly peeredVnetIds: readonly string[];
}

export interface ListedSubnet {
  readonly id: string;
  readonly securityGroupId: string | undefined;
  readonly hasRouteTable: boolean;
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

export interface NatRule {
  readonly name: string;
  /** Of its collection: the lowest number counts first. */
  readonly priority: number;
  readonly protocols: readonly string[];
  /** IPv4 addresses, CIDRs and `*`, and an empty text for IP groups, which are not resolved here. */
  readonly sources: readonly string[];
  readonly translatedAddress: string;
  readonly translatedPort: number;
}

export interface NetworkRule extends Pick<NatRule, 'name' | 'priority' | 'protocols' | 'sources'> {
  readonly access: 'Allow' | 'Deny';
  /** Addresses, CIDRs, `*` and service tags, and an empty text for what is not resolved here. */
  readonly destinations: readonly string[];
  readonly destinationPorts: readonly string[];
}

/** A policy, or what is known of one that makes no sense. */
export type ListedPolicy =
  | { readonly id: string; readonly vmKeys: readonly string[]; readonly policy: Policy }
  | { readonly id: string; readonly vmKeys: readonly string[]; readonly failure: CodedError };

/** Defender's verdict on just-in-time access of a VM. */
export interface ListedAssessment {
  /** The VM's id in lower case. */
  readonly vmKey: string;
  readonly status: string;
  readonly cause: string;
}

/** An entry of the Activity Log about a call that asked for access. */
export interface LoggedEntry {
  /** Milliseconds since 1970 on Azure's clock. */
  readonly time: number;
  readonly policyId: string;
  /** Tells calls apart: all entries of one call have it. Empty when the entry has none. */
  readonly operationId: string;
  /** Of a whole operation, which may be several calls. */
  readonly correlationId: string;
  readonly status: string;
  /** A user name, or the id of a service principal; empty when the entry has none. */
  readonly caller: string;
  /** What the caller is called, where the entry tells more than `caller`. */
  readonly callerName: string;
  readonly justification: string;
  /** What was asked for, where the entry tells it. */
  readonly asked: readonly LoggedPort[];
}

/** A port that a call asked for. Without sources the caller's own address was meant. */
export interface LoggedPort extends RequestedPort {
  /** For how long it was asked for, where the call named no end: `endsAt` is reckoned from the entry's time. */
  readonly lastsMs?: number;
}
