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
  /** Milliseconds since 1970; default the real clock. */
  readonly clock?: () => number;
  readonly settings?: Partial<Settings>;
  /** What the https services show. Default `trusted`, by the authority in `caFile`. */
  readonly certificate?: 'trusted' | 'untrusted' | 'expired' | 'wrong-name';
}

/** A service connection that signs in by federation, as Azure DevOps knows it. */
export interface NewConnection {
  readonly id: string;
  /** Defaults are the organisation's issuer and `sc://contoso/project/<id>`. */
  readonly issuer?: string;
  readonly subject?: string;
}

/** A simulated Azure on 127.0.0.1: Entra, Azure DevOps' OIDC, managed identity, ARM, and address services. */
export interface SimulatedAzure extends Omit<Records, 'add' | 'violate'> {
  /** Azure Resource Manager, without a slash at the end. */
  readonly url: string;
  /** Entra; tenants are the first segment below it. */
  readonly authorityUrl: string;
  /** What `System.CollectionUri` holds: with a slash at the end. */
  readonly collectionUrl: string;
  /** What `System.OidcRequestUri` holds: without a query. */
  readonly oidcUrl: string;
  readonly job: Job;
  /** Plain http; what `AZURE_POD_IDENTITY_AUTHORITY_HOST` is to be set to. */
  readonly imdsUrl: string;
  readonly caFile: string;
  readonly caPem: string;
  readonly echo: readonly EchoService[];
  readonly echoUrls: readonly string[];
  readonly settings: Settings;
  readonly faults: Faults;
  /** Milliseconds since 1970 on Azure's clock. */
  now(): number;
  /** Lets Azure's time jump ahead by milliseconds. */
  advance(ms: number): void;
  addPrincipal(wanted?: NewPrincipal): Principal;
  /** Makes a connection known to Azure DevOps and returns whom its tokens are about: pass it as `federated`. */
  addConnection(wanted: NewConnection): { readonly issuer: string; readonly subject: string };
  /** Makes a resource group with nothing in it, in a subscription that may be new. */
  addGroup(subscriptionId: string, name: string): void;
  addVm(wanted: NewVm): Vm;
  /** Removes a VM, as a careless clean-up would: its policy still lists it. */
  removeVm(vm: Vm): void;
  /** Puts an Azure Firewall into a VM's network and returns its id. */
  addFirewall(wanted: NewFirewall): string;
  /** Connects the networks of two VMs. The fields of the first one's side may differ from the usual ones. */
  peerNetworks(one: Vm, other: Vm, fields?: object): void;
  /** Lets Virtual Network Manager apply a security admin rule to a VM's network. */
  addAdminRule(vm: Vm, rule: NewAdminRule): void;
  /** Puts a network watcher into a subscription and returns its id. There is none without. */
  addWatcher(wanted?: NewWatcher): string;
  /** Puts the subnet of a VPN or ExpressRoute gateway into a VM's network. */
  addGateway(vm: Vm): void;
  /** Makes many VMs, quickly. */
  addManyVms(wanted: ManyVms): readonly Vm[];
  addPolicy(wanted: NewPolicy): PolicyHandle;
  /** Somebody else deletes the policies of this name. */
  removePolicy(name: string): void;
  /** Defender's verdict on a VM; a newer one replaces it. */
  addAssessment(wanted: NewAssessment): void;
  /** Writes an entry into the Activity Log by hand. The simulation writes those of calls and of requests itself. */
  addActivity(wanted: NewActivity): void;
  /** Writes many entries, quickly. */
  addManyActivities(wanted: ManyActivities): void;
  /** @throws Error when there is no such security group. */
  nsg(id: string): SecurityGroup;
  /** All three address services answer this from now on. */
  setEcho(answer: EchoAnswer): void;
  /** Defender for Servers Plan 2 is off: 403 on requests, or on everything of just-in-time access. */
  planTwoOff(subscriptionId: string, reach?: 'initiate' | 'everything'): void;
  revokeTokens(): void;
  /** Every secret that was given out or registered, for tests that search logs. */
  secrets(): readonly string[];
  /** Closes one service: its port refuses connections from now on. */
  stop(service: Service): Promise<void>;
  close(): Promise<void>;
}
