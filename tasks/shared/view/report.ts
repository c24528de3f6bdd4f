import type { Code } from '../core/codes';

/** The version of `jit-report.json`: the first number changes when a field is removed or means something else. */
export const SCHEMA_VERSION = '2.1';

/**
 * What `jit-report.json` holds, and what the pages show. Times are ISO 8601 in UTC by Azure's clock; ids are ARM ids as
 * Azure spelled them; nothing here is made harmless for a page yet.
 */
export interface Report {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly generatedAt: string;
  /** ARM ids of subscriptions, resource groups and VMs. */
  readonly scopes: readonly string[];
  /** How far the audit looks back. */
  readonly period: { readonly from: string; readonly to: string; readonly days: number };
  readonly lookedAt: CheckedPorts;
  readonly counts: Counts;
  /** What could not be read. Empty: the report is complete. */
  readonly gaps: readonly Gap[];
  /** Every VM of the scopes, by name. */
  readonly vms: readonly VmReport[];
  /** Active requests: ports that just-in-time access holds open now. */
  readonly liveRequests: readonly ActiveRequest[];
  /** Ports that rules leave open now without any request. */
  readonly standingPorts: readonly PermanentPort[];
  /** Ports that may be open: what would decide cannot be resolved from here, or nothing filters them. */
  readonly mayBeOpenPorts: readonly MayBeOpenPort[];
  /** Management ports and those that were added, which the rules let more than half of the public addresses reach now, by a request or without. */
  readonly internetPorts: readonly InternetPort[];
  /** The requests of the period, newest first. */
  readonly requests: readonly AuditedRequest[];
}

/** Where open ports were looked for, beside the ports of the policies. */
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
  /** VMs that nothing could be said of, because of a gap. */
  readonly unknown: number;
  readonly liveRequests: number;
  readonly standingPorts: number;
  /** Ports of VMs that are open now, by permanent rules or by an active request that the rules do not keep out, each once. */
  readonly openPorts: number;
  /** Ports of VMs that may be open, each once. */
  readonly mayBeOpen: number;
  /** Ports of VMs in `internetPorts`, each once. */
  readonly openToInternet: number;
  /** Accesses, and calls that were refused; a request that only ended another one early is none of its own. */
  readonly requests: number;
  /** Null: none was seen, and the Activity Log, which alone tells, was not read whole. */
  readonly refused: number | null;
}

/** Something that could not be read, and is missing from the report. */
export interface Gap {
  readonly part: 'vms' | 'network' | 'policies' | 'assessments' | 'activityLog';
  readonly code: Code;
  /** The right that is missing; null when something else is in the way. */
  readonly action: string | null;
  /** The ARM id of what could not be read. */
  readonly scope: string;
  /** The failure as a sentence. */
  readonly text: string;
}

/**
 * `unknown`: a gap hides what would decide.
 *
 * Reasons. configured: `policy`. notConfigured: `reachable` (a rule lets somebody reach a management port, so that
 * just-in-time access is recommended), `closed` (no rule does). unsupported: `noFilter` (neither a security group nor a
 * firewall), `firewallPolicy` (its firewall is managed by Firewall Policy), `noNetwork` (no network interface with an
 * IPv4 address). unknown: `notRead`.
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
   * `unfiltered`: one of its addresses has neither a security group nor a firewall that is known. `open`: a port stands
   * open without a request. `mayBeOpen`: one may. `closed`: none of the ports that were looked at does, and requests may hold
   * some open. `unknown`: a gap hides it.
   */
  readonly exposure: 'unfiltered' | 'open' | 'mayBeOpen' | 'closed' | 'unknown';
  /** Whether just-in-time access should be on and is not. */
  readonly recommended: boolean;
  /** The policies that list the VM. */
  readonly policyIds: readonly string[];
  /** The ports that may be asked for. */
  readonly ports: readonly ConfiguredPort[];
  /** Defender's own verdict; null when it has none or it could not be read. */
  readonly defender: Assessment | null;
  /** Whether Defender's verdict and this report contradict each other. */
  readonly disagreement: boolean;
  /** Granted requests in the period. */
  readonly requests: number;
  readonly lastUse: string | null;
  readonly lastUser: string | null;
}

export interface ConfiguredPort {
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP' | '*';
  /** IPv4 addresses and CIDRs; `*` is any address. */
  readonly sources: readonly string[];
  /** ISO 8601: `PT3H`. */
  readonly maxDuration: string;
}

/** "Management ports of virtual machines should be protected with just-in-time network access control". */
export interface Assessment {
  /** `Healthy`, `Unhealthy` or `NotApplicable`; whatever else Azure says is kept. */
  readonly status: string;
  /** Azure's word for the reason; empty when it gives none. */
  readonly cause: string;
}

/** One port of one VM that a request holds open. */
export interface ActiveRequest extends Requestor {
  readonly vmId: string;
  readonly vmName: string;
  readonly port: number;
  /** IPv4 addresses and CIDRs; `*` is any address. */
  readonly sources: readonly string[];
  readonly startedAt: string;
  readonly endsAt: string;
  /** Azure's word: `Initiated` or `Initiating`. */
  readonly status: string;
  /**
   * Whether the rules allow the sources now: all of them (`open`), a part at most (`partly`), none (`closed`), or
   * `unknown` when they could not be read, or may or may not apply.
   */
  readonly rules: 'open' | 'partly' | 'closed' | 'unknown';
  /** The rules that keep out what is kept out. */
  readonly blockedBy: readonly RuleName[];
  readonly justification: string;
  /** The pipeline run that the justification links to, an https address; null when it has none. */
  readonly runUrl: string | null;
  readonly policyId: string;
}

/** Who asked: the caller by the Activity Log, else the requestor by the policy. */
export interface Requestor {
  /** What the person or the application is called; the id where no name is known, and null when neither side says. */
  readonly who: string | null;
  /** The user name or id behind that name, where it is another. */
  readonly whoId: string | null;
  /** Nothing but the time connects this caller with the request. */
  readonly whoLikely: boolean;
}

export interface PermanentPort {
  readonly vmId: string;
  readonly vmName: string;
  readonly port: number;
  /** 22, 3389, 5985 or 5986. */
  readonly management: boolean;
  readonly ipVersion: IpVersion;
  /** CIDRs that surely get in; `*` is any address. At most 20, and then `moreSources` counts the rest. */
  readonly sources: readonly string[];
  readonly moreSources: number;
  /** Of the addresses of this version. `anyAddress`: every public one gets in. `internet`: some public ones. `private`: no public one. */
  readonly reach: 'anyAddress' | 'internet' | 'private';
  /** The part of all public addresses that gets in, from 0 to 1. */
  readonly publicShare: number;
  /** The rules that allow them. Empty: no security group filters, and the public address, of the kind Basic, allows all. */
  readonly rules: readonly RuleName[];
}

/** From which part of the public addresses on a port counts as open to the internet: all but a few are as many as all. */
export const MOST_PUBLIC = 0.5;

/** A port that is surely open to nobody, or to fewer than it may be. */
export interface MayBeOpenPort extends Omit<PermanentPort, 'rules'> {
  /**
   * `rules`: rules that may or may not apply. `noSecurityGroup`: nothing filters what reaches this address.
   * `firewallPolicy`: a Firewall Policy decides, which is not read.
   */
  readonly reason: 'rules' | 'noSecurityGroup' | 'firewallPolicy';
  readonly rules: readonly DoubtfulRule[];
}

export interface InternetPort {
  readonly vmId: string;
  readonly vmName: string;
  readonly port: number;
  readonly ipVersion: IpVersion;
  /** The part of all public addresses that gets in: more than `MOST_PUBLIC`, and 1 for all. */
  readonly publicShare: number;
}

export interface RuleName {
  readonly name: string;
  readonly priority: number;
  /** The name of the security group or firewall, or of a configuration with its collection: `corp/baseline`. */
  readonly group: string;
  /**
   * `firewall`: a DNAT rule of Azure Firewall, which `group` names then. `vnet`: a security admin rule of Azure Virtual
   * Network Manager, of the collection that `group` names.
   */
  readonly attachedTo: 'nic' | 'subnet' | 'vnet' | 'firewall';
}

/** A rule that may allow somebody. */
export interface DoubtfulRule extends RuleName {
  /**
   * What cannot be resolved: the addresses of a service tag, of `VirtualNetwork` beyond the networks that were read, of an
   * application security group, of a network group or of an IP group; a rule of which no sense can be made; or another field of the rule.
   */
  readonly why:
    'serviceTag' | 'virtualNetwork' | 'applicationGroup' | 'networkGroup' | 'ipGroup' | 'senseless' | 'other';
  /** The sources as the rule has them, or the ids of its groups. */
  readonly from: readonly string[];
}

/** One access to one VM, joined from the Activity Log and the policy's own list. */
export interface AuditedRequest extends Requestor {
  readonly time: string;
  /** Null when neither source tells the VM, as for a request that was refused. */
  readonly vmId: string | null;
  readonly vmName: string | null;
  readonly ports: readonly AuditedPort[];
  /** `granted`, `refused` (Azure said no), or `unknown` when neither source tells. */
  readonly result: 'granted' | 'refused' | 'unknown';
  readonly justification: string;
  readonly runUrl: string | null;
  readonly policyId: string;
  /** The Activity Log's id of the call; null when the log has no entry for it. */
  readonly correlationId: string | null;
  /** Where it was found. */
  readonly found: 'both' | 'activityLog' | 'policy';
}

export interface AuditedPort {
  readonly port: number;
  /** Empty: the address that the call came from, which nothing tells. */
  readonly sources: readonly string[];
  /** Until when it was asked for. */
  readonly endsAt: string;
  /** From the request to that end, in whole seconds. Zero for a refused call that names no time. */
  readonly durationSeconds: number;
  /** When it was over; null while it is live, and where nothing tells. */
  readonly endedAt: string | null;
  /** From the request to when it was over. */
  readonly openSeconds: number | null;
  /**
   * `live`, `ended` (by its time), `closed` (early, by a request for a near end), `superseded` (by a newer request), or
   * Azure's own word; of a call that no policy lists its result.
   */
  readonly state: string;
}
