import type { VersionRefusal } from './arm/routes';
import { currentSwitches } from './findings';

/** Which older request for the same thing a newer one replaces. The real key is unknown. */
export type Supersession = 'none' | 'vm+port' | 'vm+port+source';

/** Behaviour that differs between places, times and assumptions. All of it may be changed while tests run. */
export interface Settings {
  /** From a request to its allow rule. `Infinity`: the rule never comes. */
  ruleDelayMs: number;
  /** From a request's end (or its replacement) to the removal of its rule. */
  ruleRemovalMs: number;
  /** From `Initiating`, as which every request begins, to `Initiated`. `Infinity`: the status never changes. */
  initiatingMs: number;
  /** From a policy's PUT to `provisioningState: Succeeded`. */
  updatingMs: number;
  /** A policy that is `Updating` is neither written nor deleted: 409. Unknown. */
  refusesWhileUpdating: boolean;
  /** What becomes of a PUT with a VM that does not exist: 400, or without it, or as it is, or it ends as `Failed`. Unknown. */
  goneVms: 'refused' | 'dropped' | 'kept' | 'fails';
  /** What a PUT comes to when it is no longer `Updating`. */
  provisioningEnds: 'Succeeded' | 'Failed';
  /** Policies, or permissions, on one page of a list. */
  pageSize: number;
  /** Entries on one page of VMs, network resources, assessments and the Activity Log. */
  listPageSize: number;
  /** Fresh entries of the Activity Log stay hidden so long; in reality for minutes. */
  activityLogDelayMs: number;
  /** By how much the log's times of a call are before the service's own: ARM hears of a call first. */
  activityLogAheadMs: number;
  /** What the Activity Log keeps of a request for access. Unknown: Microsoft only says that it has a justification. */
  activityLogCarries: 'nothing' | 'justification' | 'requestBody';
  supersession: Supersession;
  /** Whether a newer request with a nearer end shortens an older one for the same VM, port and sources. */
  honoursEarlyEnd: boolean;
  /** An address inside an allowed CIDR is refused: only the policy's own text is accepted. */
  verbatimSources: boolean;
  /** `1.2.3.4` and `1.2.3.4/32` are the same source. */
  hostPrefixIsAddress: boolean;
  /** How a request outside of the policy is refused. */
  outsidePolicyStatus: number;
  outsidePolicyCode: string;
  /** A request whose end is over: refused, or accepted and over at once. */
  pastEnds: 'refused' | 'accepted';
  /** A request that would end within five minutes, the least that a policy may allow, is refused. */
  refusesShortEnds: boolean;
  /** Whether `duration`, which the specification lacks, is read. When not it is ignored, as an unknown property is. */
  acceptsDuration: boolean;
  /** What becomes of a request with both an end and a duration: refused, or one of them counts. */
  bothEnds: 'refused' | 'endTimeUtc' | 'duration';
  /** How many source addresses one port of a request may have. */
  mostSources: number;
  /** Writing a policy ends its active requests, and their rules. */
  putEndsRequests: boolean;
  /** An allow rule of an active request that somebody deletes is written again, as late as a new one. */
  deletedRuleReturns: boolean;
  /** Where the just-in-time rules are written. A place without a security group is left out. */
  ruleTargets: 'nic' | 'subnet' | 'both';
  /** Where the service looks first for a free priority of its deny rule: 1000 where it must beat a rule that is there. */
  denyPriority: number;
  /** A lock on the security groups: rules are neither written nor deleted, though requests are accepted. */
  ruleBlockedByLock: boolean;
  /** Rules with `…Prefix` and `…Range`, with `…Prefixes` and `…Ranges`, or by turns. */
  ruleFields: 'singular' | 'plural' | 'alternating';
  /** How long deleting a rule takes; the answer is 202 with an operation to follow. */
  ruleDeletionMs: number;
  /** `Retry-After` of that operation, in seconds. */
  operationRetryAfterSeconds: number;
  /** Azure's clock minus the real one: the `Date` header, all times and all checks follow it. */
  clockSkewMs: number;
  /** The address that Azure sees calls come from; the source of a request that names none. */
  seenAddress: string;
  /** Whether `allowedSourceAddressPrefixes` is read. When not it is ignored, as an unknown property is. */
  acceptsPrefixLists: boolean;
  /** Ids in just-in-time answers come in another case than they were created in. */
  changesIdCase: boolean;
  /** The status of requests, and its reason, come in lower case. */
  lowerCaseStatus: boolean;
  /** The list for a whole subscription leaves policies out without a word. */
  subscriptionListOmits: boolean;
  /** Entra's and IMDS' tokens live this long, in seconds. */
  tokenLifeSeconds: number;
  /** The resource that tokens are for: `{armAudience}/.default` is the only scope that Entra grants. */
  armAudience: string;
  /** A client assertion works once (RFC 7523 leaves it to the server). */
  refusesUsedAssertions: boolean;
  /** Whether the machine has a managed identity endpoint that knows an identity. */
  hasManagedIdentity: boolean;
  /** The cloud has older api-versions only, and refuses others by this code. */
  olderVersions: VersionRefusal | undefined;
  /**
   * What reading a VM with its instance view takes: the right to read the VM, or one of its own as well, which some may
   * have made it need. `unavailable`: it is refused for another reason.
   */
  instanceView: 'readRight' | 'ownRight' | 'unavailable';
  /** How long a verdict of IP flow verify takes; 0: it is in the answer, and else at the place that the answer names. */
  verdictMs: number;
  /** What IP flow verify says: what becomes of the packet by the rules, or this, whatever the rules are. */
  verdicts: 'byRules' | 'Allow' | 'Deny';
  /**
   * Answers hold something that a test made senseless, so that they are not compared with the published definitions. Set
   * by whatever makes it so.
   */
  oddAnswers: boolean;
  /** A request also needs `Microsoft.Compute/virtualMachines/write` on its VMs, as some do. */
  initiateNeedsVmWrite: boolean;
}

/**
 * What tests get that do not choose: the switches of the findings file, and quick circumstances. The findings' times are
 * none of these: a test that waits for them would be slow.
 */
export const defaultSettings = (): Settings => ({
  ...currentSwitches(),
  ruleDelayMs: 300,
  ruleRemovalMs: 0,
  initiatingMs: 500,
  updatingMs: 150,
  provisioningEnds: 'Succeeded',
  pageSize: 2,
  listPageSize: 3,
  activityLogDelayMs: 0,
  activityLogAheadMs: 0,
  denyPriority: 4096,
  ruleBlockedByLock: false,
  ruleFields: 'alternating',
  ruleDeletionMs: 0,
  operationRetryAfterSeconds: 1,
  clockSkewMs: 0,
  seenAddress: '20.61.99.7',
  tokenLifeSeconds: 3599,
  armAudience: 'https://management.core.windows.net/',
  refusesUsedAssertions: true,
  hasManagedIdentity: true,
  olderVersions: undefined,
  instanceView: 'readRight',
  verdictMs: 0,
  verdicts: 'byRules',
  oddAnswers: false,
});
