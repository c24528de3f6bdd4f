import type { EchoAnswer } from './domain/echo';
import type { Permission } from './domain/permissions';
import type { AccessRequest, Policy, RequestedPort } from './domain/policy';
import type { Json } from './domain/json';
import type { Ipv6Address, PublicSku, SecurityGroup, VnetSpace } from './domain/network';
import type { VmId } from './domain/resourceIds';

/**
 * Everything that a task needs from outside itself. A story takes the whole bag; the real one is made by
 * the entry point, the tests make one of fakes. Every call takes a `Limit` and ends with it.
 */
export interface World {
  readonly jit: JitGateway;
  readonly network: NetworkGateway;
  readonly rights: RightsGateway;
  readonly signIn: SignIn;
  readonly publicAddress: PublicAddress;
  readonly probe: Probe;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** How long a piece of work may take: the signal fires when the time is over or the run is cancelled. */
export interface Limit {
  readonly signal: AbortSignal;
  /** Milliseconds until the signal fires by time. */
  remainingMs(): number;
}

/** The agent's own time: never compared with Azure's. */
export interface Clock {
  /** Milliseconds from an arbitrary start; never goes back. */
  now(): number;
  /** Resolves after `ms` milliseconds, or at once when the signal fires; never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The just-in-time service. Unless it says otherwise, a method throws a `CodedError`. */
export interface JitGateway {
  /** All policies of a resource group, from all pages. */
  listPolicies(subscriptionId: string, resourceGroup: string, limit: Limit): Promise<readonly Policy[]>;
  getPolicy(policy: PolicyRef, limit: Limit): Promise<Policy>;
  /** Asks for access, never twice. What comes back is what Azure says it granted. Throws a `RequestError`. */
  initiate(policy: PolicyRef, ask: Ask, limit: Limit): Promise<AccessRequest>;
  /** Azure's clock in milliseconds since 1970, by the last answer. */
  readonly azureNow: () => number;
}

/** A request for access that came to nothing, or that nobody knows the fate of. */
export class RequestError extends Error {
  override readonly name = 'RequestError';

  /**
   * `mayBeOpen`: whether Azure may have carried the request out all the same.
   * The failure is the cause, a `CodedError` unless it is a bug.
   */
  constructor(
    cause: unknown,
    readonly mayBeOpen: boolean,
  ) {
    super('The request for access failed.', { cause });
  }
}

export type PolicyRef = Pick<Policy, 'id' | 'name' | 'subscriptionId' | 'resourceGroup' | 'location'>;

/** The body of one request: one policy, all its VMs. */
export interface Ask {
  readonly ports: readonly AskedPort[];
  readonly justification: string;
}

/** One port asked for. Without sources Azure takes the address it sees the call come from. */
export interface AskedPort extends Pick<RequestedPort, 'vm' | 'port' | 'endsAt'> {
  readonly sources: readonly string[] | undefined;
}

/**
 * Where policies are written, with every field that Azure knows. Unless it says otherwise, a method throws a
 * `CodedError`.
 */
export interface PolicyWriter {
  /** All policies of a resource group, from all pages. */
  list(subscriptionId: string, resourceGroup: string, limit: Limit): Promise<readonly StoredPolicy[]>;
  /** The policy, unless there is none. */
  get(policy: PolicyRef, limit: Limit): Promise<StoredPolicy | undefined>;
  /** Replaces the whole policy. Sent once, because it may be out of date later. Throws a `WriteError`. */
  put(policy: PolicyRef, body: Json, limit: Limit): Promise<void>;
  /** Deletes the policy; one that is not there is well. Sent once. Throws a `WriteError`. */
  delete(policy: PolicyRef, limit: Limit): Promise<void>;
  getVm(vm: VmId, limit: Limit): Promise<VmSystem>;
  /** The VMs of a resource group, or of a subscription without one, from all pages. */
  listVms(subscriptionId: string, resourceGroup: string | undefined, limit: Limit): Promise<readonly VmId[]>;
  /** Azure's clock in milliseconds since 1970, by the last answer. */
  readonly azureNow: () => number;
}

/** A policy as this product reads it, and as Azure wrote it. */
export interface StoredPolicy {
  readonly policy: Policy;
  readonly body: Json;
}

/** What a policy depends on in a VM. */
export interface VmSystem {
  /** The region as Azure writes it: `westeurope`. */
  readonly location: string;
  readonly system: 'linux' | 'windows' | undefined;
}

/**
 * Why a write failed. `passing`: of itself, soon. `busy`: another write is under way. `stale`: somebody wrote since the
 * policy was read. `refused`: what was sent. `lasting`: anything else.
 */
export type WriteTrouble = 'passing' | 'busy' | 'stale' | 'refused' | 'lasting';

/** A write that failed. The failure is the cause, a `CodedError` unless it is a bug. */
export class WriteError extends Error {
  override readonly name = 'WriteError';

  /**
   * `mayBeDone`: whether Azure may have carried it out, or may still do so. `retryAfterMs`: how long Azure asks to wait,
   * where it says so.
   */
  constructor(
    cause: unknown,
    readonly trouble: WriteTrouble,
    readonly mayBeDone: boolean,
    readonly retryAfterMs?: number,
  ) {
    super('Writing the policy failed.', { cause });
  }
}

/**
 * The network around a VM. Every method throws a `CodedError`; what Azure refuses for good is a `RefusedError`, and a
 * missing right a `ForbiddenError`.
 */
export interface NetworkGateway {
  getVm(vm: VmId, limit: Limit): Promise<VmResource>;
  /** The VMs of a resource group, from all pages. */
  listVms(subscriptionId: string, resourceGroup: string, limit: Limit): Promise<readonly VmId[]>;
  getNic(nicId: string, limit: Limit): Promise<NicResource>;
  getSubnet(subnetId: string, limit: Limit): Promise<SubnetResource>;
  getSecurityGroup(groupId: string, limit: Limit): Promise<SecurityGroup>;
  getPublicAddress(publicIpId: string, limit: Limit): Promise<PublicAddressResource>;
  /** The public IPv4 addresses of the Azure Firewalls of a subscription. One that may not be read is left out. */
  listFirewallAddresses(subscriptionId: string, limit: Limit): Promise<readonly string[]>;
  /** Deletes a rule of a security group; a rule that is not there any more is well. Only closing needs it. */
  deleteRule(groupId: string, ruleName: string, limit: Limit): Promise<void>;
  /** What the VNet that holds the subnet tells of its addresses; a route table of the subnet may add more. */
  getVnet(subnetId: string, limit: Limit): Promise<VnetSpace>;
}

/** Who the connection signs in as. Nothing of it is secret. */
export interface SignIn {
  readonly kind: 'secret' | 'certificate' | 'federated' | 'managed';
  /** Absent for the identity of a machine, as the client is unless one of several is named. */
  readonly tenantId?: string | undefined;
  readonly clientId?: string | undefined;
}

/** What the connection's identity may do. */
export interface RightsGateway {
  /**
   * What roles allow at a scope, the ARM id of a resource or its group, with what is inherited, from all pages.
   * Throws a `CodedError`; without the right to ask, a `ForbiddenError`.
   */
  list(scope: string, limit: Limit): Promise<readonly Permission[]>;
}

export interface VmResource {
  readonly nicIds: readonly string[];
  /** The NIC that the VM marks as primary, or the only one; absent when none of several is marked. */
  readonly primaryNicId: string | undefined;
}

/** A NIC by its primary address. */
export interface NicResource {
  /** Whether it says of itself that it is the VM's primary one. */
  readonly isPrimary: boolean;
  readonly privateIpAddress: string | undefined;
  readonly publicIpId?: string;
  readonly subnetId: string | undefined;
  readonly securityGroupId?: string;
  readonly applicationGroupIds: readonly string[];
  /** In the same subnet; absent when there is none. */
  readonly ipv6?: readonly Ipv6Address[];
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

/** The address services, asked all at once by the way given. */
export interface PublicAddress {
  ask(services: readonly string[], way: 'direct' | 'proxy', limit: Limit): Promise<readonly EchoAnswer[]>;
  /** True when the agent has a proxy that could be asked as well. */
  readonly hasProxy: boolean;
}

/** `open`: something answered. `refused`: the way is open, nothing listens. `silent`: no answer in time. */
export type ProbeAnswer = 'open' | 'refused' | 'silent';

export interface Probe {
  /** Tries one TCP connection, for at most five seconds. */
  connect(host: string, port: number, limit: Limit): Promise<ProbeAnswer>;
}

/** Where a run speaks to its reader. Text comes from the messages modules, with foreign values made harmless. */
export interface Log {
  line(text: string): void;
  warning(text: string): void;
  /** Starts a foldable part; parts do not nest. */
  group(title: string): void;
  endGroup(): void;
  /** 0 to 100, with what is going on. */
  progress(percent: number, doing: string): void;
}
