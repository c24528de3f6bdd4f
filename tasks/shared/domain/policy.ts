import type { VmId } from './resourceIds';

/** What a port rule speaks about. `*` is TCP and UDP together. */
export type RuleProtocol = 'TCP' | 'UDP' | '*';

/** A port of one VM as the just-in-time policy allows it. */
export interface PortRule {
  readonly port: number;
  readonly protocol: RuleProtocol;
  /** IPv4 addresses and CIDRs as the policy writes them; `['*']` is any address. */
  readonly sources: readonly string[];
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
 * `Initiating` and `Initiated` are live until their end, `Revoked` is over. The service answers values
 * that its published enum lacks, so any other text is kept as it is and never counts as live.
 */
export type RequestStatus = 'Initiating' | 'Initiated' | 'Revoked' | (string & {});

/** One port of one VM in a request. */
export interface RequestedPort {
  readonly vm: VmId;
  readonly port: number;
  /** As granted; `['*']` is any address. */
  readonly sources: readonly string[];
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
}
