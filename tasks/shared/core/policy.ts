import type { CodedError } from './errors';
import type { Json } from './json';
import type { Prefix } from './prefixes';
import type { VmId } from './resourceIds';

/** The protocol of a port rule. `*` is TCP and UDP together. */
export type RuleProtocol = 'TCP' | 'UDP' | '*';

/** A port of one VM, as the just-in-time policy allows it. */
export interface PortRule {
  readonly port: number;
  readonly protocol: RuleProtocol;
  /** IPv4 addresses and CIDRs, as the policy writes them. `['*']` is any address. */
  readonly sources: readonly Prefix[];
  readonly maxDurationMs: number;
}

/** A VM that a policy lists. */
export interface PolicyVm {
  readonly vm: VmId;
  /** The firewall's address. Set only behind Azure Firewall. */
  readonly publicIpAddress?: string;
  readonly ports: readonly PortRule[];
}

/**
 * `Initiating` and `Initiated` are active until their end. `Revoked` is over. The service returns values that its
 * published enum lacks, so any other text is kept unchanged, and never counts as active.
 */
export type RequestStatus = 'Initiating' | 'Initiated' | 'Revoked' | (string & {});

/** One port of one VM in a request. */
export interface RequestedPort {
  readonly vm: VmId;
  readonly port: number;
  /** As granted. `['*']` is any address. */
  readonly sources: readonly Prefix[];
  /** Milliseconds since 1970, by Azure's clock. */
  readonly endsAt: number;
  readonly status: RequestStatus;
  readonly statusReason: string;
  /** The firewall's port that leads to this one. Set only behind Azure Firewall. */
  readonly mappedPort?: number;
}

/** A request for access, as Azure stores it in the policy. */
export interface AccessRequest {
  /** When the service accepted the request: ISO 8601 with milliseconds, the same in its response and in the policy. */
  readonly startedAt: string;
  /** Empty for service principals. */
  readonly requestor: string;
  readonly justification: string;
  readonly ports: readonly RequestedPort[];
}

/**
 * An entry of a policy that cannot be interpreted. It is left out of the policy's own lists, nothing about it is
 * guessed, and what depends on it is unknown.
 */
export interface OddEntry {
  readonly part: 'policy' | 'vm' | 'port' | 'request';
  /** The ID of the VM that it names, in lower case. Absent if it cannot be read: then it might be any VM. */
  readonly vmKey: string | undefined;
  /** Absent if no port can be read, or if the entry is about a whole VM. */
  readonly port: number | undefined;
  /** What cannot be interpreted, such as `the field number with the value "22"`. Foreign text. */
  readonly problem: string;
  /**
   * For a request: until when it might hold the port open, in milliseconds since 1970 by Azure's clock. Infinity if its
   * end is unknown. 0 if it is certainly over, and for the other parts.
   */
  readonly mayLastUntil: number;
}

/** A just-in-time policy, in one resource group and one region, with any name. */
export interface Policy {
  /** The ARM ID as Azure writes it. */
  readonly id: string;
  readonly name: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly location: string;
  readonly vms: readonly PolicyVm[];
  readonly requests: readonly AccessRequest[];
  /** Absent if there are none. */
  readonly odd?: readonly OddEntry[];
}

export type PolicyRef = Pick<Policy, 'id' | 'name' | 'subscriptionId' | 'resourceGroup' | 'location'>;

/** A policy, or what is known about one that cannot be interpreted. */
export type ListedPolicy =
  | { readonly id: string; readonly vmKeys: readonly string[]; readonly policy: Policy }
  | { readonly id: string; readonly vmKeys: readonly string[]; readonly failure: CodedError };

/** A policy as this product reads it, and as Azure wrote it. */
export interface StoredPolicy {
  readonly policy: Policy;
  readonly body: Json;
}
