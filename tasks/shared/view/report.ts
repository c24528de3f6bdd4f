import type { Code } from '../core/codes';

/** The version of `jit-report.json`. The first number changes when a field is removed or changes its meaning. */
export const SCHEMA_VERSION = '2.1';

/**
 * What `jit-report.json` contains, and what the pages show. Times are ISO 8601 in UTC, by Azure's clock. IDs are ARM
 * IDs, as Azure writes them. No text is safe for a page yet.
 */
export interface Report {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly generatedAt: string;
  /** The ARM IDs of subscriptions, resource groups, and VMs. */
  readonly scopes: readonly string[];
  /** How far the audit goes back. */
  readonly period: { readonly from: string; readonly to: string; readonly days: number };
  readonly lookedAt: CheckedPorts;
  readonly counts: Counts;
  /** What could not be read. If it is empty, the report is complete. */
  readonly gaps: readonly Gap[];
  /** Every VM in the scopes, sorted by name. */
  readonly vms: readonly VmReport[];
  /** Active requests: ports that just-in-time access holds open now. */
  readonly liveRequests: readonly ActiveRequest[];
  /** Ports that rules leave open now without a request. */
  readonly standingPorts: readonly PermanentPort[];
  /** Ports that may be open: what decides cannot be resolved here, or nothing filters them. */
  readonly mayBeOpenPorts: readonly MayBeOpenPort[];
  /**
   * Management ports and added ports that the rules now allow more than half of the public addresses to reach, with or
   * without a request.
   */
  readonly internetPorts: readonly InternetPort[];
  /** The requests of the period, newest first. */
  readonly requests: readonly AuditedRequest[];
}

/** Where the report checked for open ports, in addition to the ports of the policies. */
export interface CheckedPorts {
  readonly ports: readonly number[];
  readonly ipVersions: readonly IpVersion[];
}

export type IpVersion = 'IPv4' | 'IPv6';

export interface Counts {
  readonly vms: number;
  readonly configured: number;
  readonly notConfigured: number;
  /** The part of `notConfigured` for which just-in-time access is recommended. */
  readonly recommended: number;
  readonly unsupported: number;
  /** VMs whose state is unknown because of a gap. */
  readonly unknown: number;
  readonly liveRequests: number;
  readonly standingPorts: number;
  /**
   * Ports of VMs that are open now, because of permanent rules or of an active request whose sources the rules do not
   * all deny. Each port counts once.
   */
  readonly openPorts: number;
  /** Ports of VMs that may be open. Each port counts once. */
  readonly mayBeOpen: number;
  /** Ports of VMs in `internetPorts`. Each port counts once. */
  readonly openToInternet: number;
  /** Accesses and refused calls. A request that only ended another one early does not count. */
  readonly requests: number;
  /** Null if no refused call was seen, and the Activity Log, the only source for them, was not read completely. */
  readonly refused: number | null;
}

/** Something that could not be read, and is missing from the report. */
export interface Gap {
  readonly part: 'vms' | 'network' | 'policies' | 'assessments' | 'activityLog';
  readonly code: Code;
  /** The missing right. Null if there is another reason. */
  readonly action: string | null;
  /** The ARM id of what could not be read. */
  readonly scope: string;
  /** The failure as a sentence. */
  readonly text: string;
}

/**
 * `unknown`: a gap hides what decides.
 *
 * Reasons for configured: `policy`. For notConfigured: `reachable` (a rule might allow someone to reach a management
 * port, so just-in-time access is recommended), `closed` (no rule does). For unsupported: `noFilter` (neither an NSG
 * nor a firewall), `firewallPolicy` (Firewall Policy manages its firewall), `noNetwork` (no network interface with an
 * address). For unknown: `notRead`.
 */
export type Cover =
  | { readonly state: 'configured'; readonly reason: 'policy' }
  | { readonly state: 'notConfigured'; readonly reason: 'reachable' | 'closed' }
  | { readonly state: 'unsupported'; readonly reason: 'noFilter' | 'firewallPolicy' | 'noNetwork' }
  | { readonly state: 'unknown'; readonly reason: 'notRead' };

export interface VmReport {
  readonly id: string;
  readonly name: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly location: string;
  readonly state: Cover['state'];
  readonly reason: Cover['reason'];
  /**
   * `unfiltered`: one of its addresses has neither an NSG nor a known firewall. `open`: a port is open without a
   * request. `mayBeOpen`: a port might be. `closed`: none of the evaluated ports is, although requests can keep some
   * open. `unknown`: a gap in the data hides it.
   */
  readonly exposure: 'unfiltered' | 'open' | 'mayBeOpen' | 'closed' | 'unknown';
  /** Whether just-in-time access is recommended, but not configured. */
  readonly recommended: boolean;
  /** The policies that list the VM. */
  readonly policyIds: readonly string[];
  /** The ports that can be requested. */
  readonly ports: readonly ConfiguredPort[];
  /** Defender's own assessment. Null if there is none, or if it could not be read. */
  readonly defender: Assessment | null;
  /** Whether Defender's assessment and this report contradict each other. */
  readonly disagreement: boolean;
  /** Granted requests in the period. */
  readonly requests: number;
  readonly lastUse: string | null;
  readonly lastUser: string | null;
}

export interface ConfiguredPort {
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP' | '*';
  /** IPv4 addresses and CIDRs. `*` is any address. */
  readonly sources: readonly string[];
  /** ISO 8601: `PT3H`. */
  readonly maxDuration: string;
}

/**
 * Defender's assessment "Management ports of virtual machines should be protected with just-in-time network access
 * control".
 */
export interface Assessment {
  /** `Healthy`, `Unhealthy`, `NotApplicable`, or any other value that Azure reports. */
  readonly status: string;
  /** The reason that Azure reports. Empty if there is none. */
  readonly cause: string;
}

/** One port of one VM that a request holds open. */
export interface ActiveRequest extends Requestor {
  readonly vmId: string;
  readonly vmName: string;
  readonly port: number;
  /** IPv4 addresses and CIDRs. `*` is any address. */
  readonly sources: readonly string[];
  readonly startedAt: string;
  readonly endsAt: string;
  /** The status that Azure reports: `Initiated` or `Initiating`. */
  readonly status: string;
  /**
   * Whether the rules allow the sources now. `open`: all of them. `partly`: a part at most. `closed`: none. `unknown`:
   * the rules could not be read, or might or might not apply.
   */
  readonly rules: 'open' | 'partly' | 'closed' | 'unknown';
  /** The rules that deny sources of the request. */
  readonly blockedBy: readonly RuleName[];
  readonly justification: string;
  /** The pipeline run that the justification links to, as an HTTPS address. Null if there is none. */
  readonly runUrl: string | null;
  readonly policyId: string;
}

/** Who made the request: the caller in the Activity Log, or otherwise the requestor in the policy. */
export interface Requestor {
  /** The name of the person or application, or the ID if no name is known. Null if neither source contains it. */
  readonly who: string | null;
  /** The user name or ID that belongs to this name, if it differs. */
  readonly whoId: string | null;
  /** Whether only the time connects this caller with the request. */
  readonly whoLikely: boolean;
}

export interface PermanentPort {
  readonly vmId: string;
  readonly vmName: string;
  readonly port: number;
  /** Whether the port is 22, 3389, 5985, or 5986. */
  readonly management: boolean;
  readonly ipVersion: IpVersion;
  /** CIDRs that are certainly allowed. `*` is any address. At most 20: `moreSources` is the number of the others. */
  readonly sources: readonly string[];
  readonly moreSources: number;
  /**
   * Which addresses of this version are allowed. `anyAddress`: every public one. `internet`: some public ones.
   * `private`: no public one.
   */
  readonly reach: 'anyAddress' | 'internet' | 'private';
  /** The share of all public addresses that is allowed, from 0 to 1. */
  readonly publicShare: number;
  /** The rules that allow them. Empty if no NSG filters the port, and a Basic public address allows everyone. */
  readonly rules: readonly RuleName[];
}

/** A port is open to the internet if more than this share of the public addresses is allowed: most count as all. */
export const MOST_PUBLIC = 0.5;

/** A port that might be open to more sources than those that are certainly allowed, if any are. */
export interface MayBeOpenPort extends Omit<PermanentPort, 'rules'> {
  /**
   * `rules`: rules that might or might not apply. `noSecurityGroup`: nothing filters this address. `firewallPolicy`: a
   * Firewall Policy decides, which is not read.
   */
  readonly reason: 'rules' | 'noSecurityGroup' | 'firewallPolicy';
  readonly rules: readonly DoubtfulRule[];
}

export interface InternetPort {
  readonly vmId: string;
  readonly vmName: string;
  readonly port: number;
  readonly ipVersion: IpVersion;
  /** The share of all public addresses that is allowed: more than `MOST_PUBLIC`, and 1 for all. */
  readonly publicShare: number;
}

export interface RuleName {
  readonly name: string;
  readonly priority: number;
  /** The name of the NSG or firewall, or of a configuration with its collection: `corp/baseline`. */
  readonly group: string;
  /**
   * `firewall`: a classic rule of the Azure Firewall that `group` names. `vnet`: a security admin rule of Azure Virtual
   * Network Manager, from the collection that `group` names.
   */
  readonly attachedTo: 'nic' | 'subnet' | 'vnet' | 'firewall';
}

/** A rule that might allow someone. */
export interface DoubtfulRule extends RuleName {
  /**
   * What cannot be resolved: the addresses of a service tag, of `VirtualNetwork` beyond the networks that were read, or
   * of an application security group, a network group, or an IP group. `senseless`: the rule cannot be interpreted.
   * `other`: another field of the rule.
   */
  readonly why:
    'serviceTag' | 'virtualNetwork' | 'applicationGroup' | 'networkGroup' | 'ipGroup' | 'senseless' | 'other';
  /** The sources as the rule has them, or the IDs of its groups. */
  readonly from: readonly string[];
}

/** One access to one VM, joined from the Activity Log and the policy's own list. */
export interface AuditedRequest extends Requestor {
  readonly time: string;
  /** Null if neither source names the VM, as for a refused request. */
  readonly vmId: string | null;
  readonly vmName: string | null;
  readonly ports: readonly AuditedPort[];
  /** `granted`, `refused` by Azure, or `unknown` if neither source shows it. */
  readonly result: 'granted' | 'refused' | 'unknown';
  readonly justification: string;
  readonly runUrl: string | null;
  readonly policyId: string;
  /** The ID of the call in the Activity Log. Null if the log has no entry for it. */
  readonly correlationId: string | null;
  /** Where it was found. */
  readonly found: 'both' | 'activityLog' | 'policy';
}

export interface AuditedPort {
  readonly port: number;
  /** Empty if the source is the address that the call came from, which is unknown. */
  readonly sources: readonly string[];
  /** The requested end. */
  readonly endsAt: string;
  /** From the request to that end, in whole seconds. Zero for a refused call that names no end or duration. */
  readonly durationSeconds: number;
  /** When the access ended. Null while it is active, and if it is unknown. */
  readonly endedAt: string | null;
  /** From the request to when the access ended, in whole seconds. */
  readonly openSeconds: number | null;
  /**
   * `live`, `ended` (at its own end), `closed` (early, by a request for a near end), `superseded` (by a newer request),
   * or the status that Azure reports. For a call that no policy lists, its result.
   */
  readonly state: string;
}
