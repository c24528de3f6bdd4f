import type { CodedError } from './errors';
import type { Json } from './json';
import type { Prefix } from './prefixes';
import type { VmId } from './resourceIds';

/** What a port rule speaks about. `*` is TCP and UDP together. */
export type RuleProtocol = 'TCP' | 'UDP' | '*';

/** A port of one VM as the just-in-time policy allows it. */
export interface PortRule {
  readonly port: number;
  readonly protocol: RuleProtocol;
  /** IPv4 addresses and CIDRs as the policy writes them; `['*']` is any address. */
  readonly sources: readonly Prefix[];
  readonly maxDurationMs: number;
}

/** A VM under a policy. */
export interface PolicyVm {
  readonly vm: VmId;
  /** Set behind Azure Firewall only: the firewall's address. */
  readonly publicIpAddress?: string;
  readonly ports: readonly PortRule[];
}

/**
 * `Initiating` and `Initiated` are active until their end, `Revoked` is over. The service answers values
 * that its published enum lacks, so any other text is kept as it is and never counts as active.
 */
export type RequestStatus = 'Initiating' | 'Initiated' | 'Revoked' | (string & {});

/** One port of one VM in a request. */
export interface RequestedPort {
  readonly vm: VmId;
  readonly port: number;
  /** As granted; `['*']` is any address. */
  readonly sources: readonly Prefix[];
  /** Milliseconds since 1970 on Azure's clock. */
  readonly endsAt: number;
  readonly status: RequestStatus;
  readonly statusReason: string;
  /** Set behind Azure Firewall only: the firewall's port that leads to this one. */
  readonly mappedPort?: number;
}

/** A request for access as Azure keeps it in the policy. */
export interface AccessRequest {
  /** When the service took the request, ISO 8601 to the millisecond: the same in its answer and in the policy. */
  readonly startedAt: string;
  /** Empty for service principals. */
  readonly requestor: string;
  readonly justification: string;
  readonly ports: readonly RequestedPort[];
}

/**
 * An entry of a policy that makes no sense. It is left out of the policy's own lists, nothing is guessed of it, and what
 * depends on it is unknown.
 */
export interface OddEntry {
  readonly part: 'policy' | 'vm' | 'port' | 'request';
  /** The id of the VM that it names, in lower case; absent when that cannot be read: then it may be any. */
  readonly vmKey: string | undefined;
  /** Absent when it names none that can be read, or is about a whole VM. */
  readonly port: number | undefined;
  /** What makes no sense, such as `the field number with the value "22"`. Foreign text. */
  readonly problem: string;
  /**
   * Of a request: until when it may hold the port open, milliseconds since 1970 on Azure's clock. Infinity where nothing
   * tells its end, 0 where it is over for sure, and for the other parts.
   */
  readonly mayLastUntil: number;
}

/** A just-in-time policy: one resource group, one region, any name. */
export interface Policy {
  /** The ARM id as Azure spelled it. */
  readonly id: string;
  readonly name: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly location: string;
  readonly vms: readonly PolicyVm[];
  readonly requests: readonly AccessRequest[];
  /** Absent is none. */
  readonly odd?: readonly OddEntry[];
}

export type PolicyRef = Pick<Policy, 'id' | 'name' | 'subscriptionId' | 'resourceGroup' | 'location'>;

/** A policy, or what is known of one that makes no sense. */
export type ListedPolicy =
  | { readonly id: string; readonly vmKeys: readonly string[]; readonly policy: Policy }
  | { readonly id: string; readonly vmKeys: readonly string[]; readonly failure: CodedError };

/** A policy as this product reads it, and as Azure wrote it. */
export interface StoredPolicy {
  readonly policy: Policy;
  readonly body: Json;
}
