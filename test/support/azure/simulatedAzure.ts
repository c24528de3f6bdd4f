import type { NewActivity } from './activity/log';
import type { NewAssessment } from './defender/assessments';
import type { EchoAnswer, EchoService } from './echo';
import type { Service } from './http/calls';
import type { Faults } from './http/faults';
import type { Records } from './http/records';
import type { Job } from './identity/devops';
import type { NewPrincipal, Principal } from './identity/principals';
import type { NewPolicy, PolicyHandle } from './jit/service';
import type { SecurityGroup } from './network/securityGroups';
import type { ManyActivities, ManyVms } from './many';
import type { NewAdminRule } from './network/adminRules';
import type { NewFirewall } from './network/firewalls';
import type { NewVm, Vm } from './network/vms';
import type { NewWatcher } from './network/watchers';
import type { Settings } from './settings';

export interface AzureOptions {
  /** Returns milliseconds since 1970. Default: the real clock. */
  readonly clock?: () => number;
  readonly settings?: Partial<Settings>;
  /** The certificate of the https services. Default `trusted`, by the authority in `caFile`. */
  readonly certificate?: 'trusted' | 'untrusted' | 'expired' | 'wrong-name';
}

/** A service connection with a federated sign-in, as Azure DevOps stores it. */
export interface NewConnection {
  readonly id: string;
  /** Default: the organization's issuer and `sc://contoso/project/<id>`. */
  readonly issuer?: string;
  readonly subject?: string;
}

/**
 * A simulated Azure on 127.0.0.1: Entra, the OIDC tokens of Azure DevOps, managed identity, ARM, and address services.
 */
export interface SimulatedAzure extends Omit<Records, 'add' | 'violate'> {
  /** Azure Resource Manager, without a slash at the end. */
  readonly url: string;
  /** Entra. Tenants are the first segment of the path. */
  readonly authorityUrl: string;
  /** The value of `System.CollectionUri`, with a slash at the end. */
  readonly collectionUrl: string;
  /** The value of `System.OidcRequestUri`, without a query. */
  readonly oidcUrl: string;
  readonly job: Job;
  /** Plain http. The value for `AZURE_POD_IDENTITY_AUTHORITY_HOST`. */
  readonly imdsUrl: string;
  readonly caFile: string;
  readonly caPem: string;
  readonly echo: readonly EchoService[];
  readonly echoUrls: readonly string[];
  readonly settings: Settings;
  readonly faults: Faults;
  /** Returns milliseconds since 1970 on Azure's clock. */
  now(): number;
  /** Moves Azure's time forward by milliseconds. */
  advance(ms: number): void;
  addPrincipal(wanted?: NewPrincipal): Principal;
  /**
   * Registers a connection in Azure DevOps, and returns the issuer and the subject of its tokens: pass them as
   * `federated`.
   */
  addConnection(wanted: NewConnection): { readonly issuer: string; readonly subject: string };
  /** Creates an empty resource group, in a subscription that can be new. */
  addGroup(subscriptionId: string, name: string): void;
  addVm(wanted: NewVm): Vm;
  /** Removes a VM, as a careless cleanup would: its policy still lists it. */
  removeVm(vm: Vm): void;
  /** Adds an Azure Firewall to a VM's network and returns its ID. */
  addFirewall(wanted: NewFirewall): string;
  /** Connects the networks of two VMs. The fields of the first one's side can differ from the defaults. */
  peerNetworks(one: Vm, other: Vm, fields?: object): void;
  /** Makes Virtual Network Manager apply a security admin rule to a VM's network. */
  addAdminRule(vm: Vm, rule: NewAdminRule): void;
  /** Adds a network watcher to a subscription and returns its ID. By default, there is none. */
  addWatcher(wanted?: NewWatcher): string;
  /** Adds the subnet of a VPN or ExpressRoute gateway to a VM's network. */
  addGateway(vm: Vm): void;
  /** Creates many VMs quickly. */
  addManyVms(wanted: ManyVms): readonly Vm[];
  addPolicy(wanted: NewPolicy): PolicyHandle;
  /** Deletes the policies with this name, as another user does. */
  removePolicy(name: string): void;
  /** Sets Defender's assessment of a VM, which replaces an older one. */
  addAssessment(wanted: NewAssessment): void;
  /** Adds an entry to the Activity Log. The simulation itself adds those of calls and of requests. */
  addActivity(wanted: NewActivity): void;
  /** Adds many entries quickly. */
  addManyActivities(wanted: ManyActivities): void;
  /** @throws Error if there is no such NSG. */
  nsg(id: string): SecurityGroup;
  /** Sets the answer of all three address services. */
  setEcho(answer: EchoAnswer): void;
  /** Turns Defender for Servers Plan 2 off: 403 on requests, or on all calls for just-in-time access. */
  planTwoOff(subscriptionId: string, reach?: 'initiate' | 'everything'): void;
  revokeTokens(): void;
  /** Returns every secret that was issued or registered, for tests that search logs. */
  secrets(): readonly string[];
  /** Stops one service, whose port then refuses connections. */
  stop(service: Service): Promise<void>;
  close(): Promise<void>;
}
