import type { VersionRefusal } from './arm/routes';
import { currentSwitches } from './findings';

/** Which older requests a newer one supersedes. The real key is unknown. */
export type Supersession = 'none' | 'vm+port' | 'vm+port+source';

/** Behavior that differs between clouds, over time, and by assumption. Tests can change all of it at any time. */
export interface Settings {
  /** The time from a request to its allow rule. `Infinity`: the rule is never written. */
  ruleDelayMs: number;
  /** The time from the end of a request, or from its supersession, to the removal of its rule. */
  ruleRemovalMs: number;
  /**
   * The time from `Initiating`, the first status of every request, to `Initiated`. `Infinity`: the status never
   * changes.
   */
  initiatingMs: number;
  /** The time from the PUT of a policy to `provisioningState: Succeeded`. */
  updatingMs: number;
  /** Whether a policy that is `Updating` can be neither written nor deleted: 409. Unknown. */
  refusesWhileUpdating: boolean;
  /**
   * The outcome of a PUT with a VM that does not exist: 400, written without it, written as it is, or ended as
   * `Failed`. Unknown.
   */
  goneVms: 'refused' | 'dropped' | 'kept' | 'fails';
  /** The state after `Updating` of a policy that was written. */
  provisioningEnds: 'Succeeded' | 'Failed';
  /** The number of policies or permissions on one page of a list. */
  pageSize: number;
  /** The number of entries on one page of VMs, network resources, assessments, and the Activity Log. */
  listPageSize: number;
  /** How long new entries of the Activity Log are hidden, which in reality takes minutes. */
  activityLogDelayMs: number;
  /** How far the log's times of a call are before the service's own times, because ARM receives a call first. */
  activityLogAheadMs: number;
  /**
   * What the Activity Log keeps of a request for access. Unknown: Microsoft documents only that it has a justification.
   */
  activityLogCarries: 'nothing' | 'justification' | 'requestBody';
  supersession: Supersession;
  /** Whether a newer request with an earlier end shortens an older one for the same VM, port, and sources. */
  honoursEarlyEnd: boolean;
  /** Whether an address within an allowed CIDR is refused, so that only the policy's own text is accepted. */
  verbatimSources: boolean;
  /** Whether `1.2.3.4` and `1.2.3.4/32` are the same source. */
  hostPrefixIsAddress: boolean;
  /** The status for a request that the policy does not allow. */
  outsidePolicyStatus: number;
  outsidePolicyCode: string;
  /** Whether a request whose end is in the past is refused, or accepted and immediately over. */
  pastEnds: 'refused' | 'accepted';
  /** Whether a request is refused that would end within five minutes, the minimum that a policy can allow. */
  refusesShortEnds: boolean;
  /** Whether `duration`, which the specification lacks, is used. If not, it is ignored like an unknown property. */
  acceptsDuration: boolean;
  /** Whether a request with both an end and a duration is refused, or which of them counts. */
  bothEnds: 'refused' | 'endTimeUtc' | 'duration';
  /** The maximum number of source addresses for one port of a request. */
  mostSources: number;
  /** Whether writing a policy ends its active requests and their rules. */
  putEndsRequests: boolean;
  /** Whether a deleted allow rule of an active request is written again, after the same delay as a new one. */
  deletedRuleReturns: boolean;
  /** Where the just-in-time rules are written. A place without an NSG is skipped. */
  ruleTargets: 'nic' | 'subnet' | 'both';
  /**
   * The priority at which the service begins to search for a free one for its deny rule: 1000 if it must override an
   * existing rule.
   */
  denyPriority: number;
  /** Whether there is a lock on the NSGs: rules are neither written nor deleted, although requests are accepted. */
  ruleBlockedByLock: boolean;
  /** Whether rules have `…Prefix` and `…Range`, have `…Prefixes` and `…Ranges`, or alternate. */
  ruleFields: 'singular' | 'plural' | 'alternating';
  /** How long the deletion of a rule takes. The response is 202 with an operation to follow. */
  ruleDeletionMs: number;
  /** The `Retry-After` of that operation, in seconds. */
  operationRetryAfterSeconds: number;
  /** Azure's clock minus the real one. The `Date` header, all times, and all checks follow it. */
  clockSkewMs: number;
  /** The address that Azure sees calls come from, which is the source of a request that names none. */
  seenAddress: string;
  /** Whether `allowedSourceAddressPrefixes` is used. If not, it is ignored like an unknown property. */
  acceptsPrefixLists: boolean;
  /** Whether IDs in just-in-time responses have another case than they were created in. */
  changesIdCase: boolean;
  /** Whether the status of requests, and its reason, are in lower case. */
  lowerCaseStatus: boolean;
  /** Whether the list for a whole subscription silently omits policies. */
  subscriptionListOmits: boolean;
  /** How long tokens of Entra and IMDS are valid, in seconds. */
  tokenLifeSeconds: number;
  /** The resource that tokens are for. `{armAudience}/.default` is the only scope that Entra grants. */
  armAudience: string;
  /** Whether a client assertion can be used only once (RFC 7523 leaves this to the server). */
  refusesUsedAssertions: boolean;
  /** Whether the machine has a managed identity endpoint with an identity. */
  hasManagedIdentity: boolean;
  /** Set if the cloud supports older api-versions only, and refuses others with this code. */
  olderVersions: VersionRefusal | undefined;
  /**
   * What reading a VM with its instance view requires: the right to read the VM, or also a right of its own, which some
   * setups might require. `unavailable`: it is refused for another reason.
   */
  instanceView: 'readRight' | 'ownRight' | 'unavailable';
  /**
   * How long a result of IP flow verify takes. 0: it is in the response. Otherwise, it is at the URL in the response.
   */
  verdictMs: number;
  /** The result of IP flow verify: the decision of the rules, or this one regardless of the rules. */
  verdicts: 'byRules' | 'Allow' | 'Deny';
  /**
   * Whether a test made responses invalid, so that they are not compared with the published definitions. Set by
   * whatever changes them.
   */
  oddAnswers: boolean;
  /** Whether a request also requires `Microsoft.Compute/virtualMachines/write` on its VMs, as some do. */
  initiateNeedsVmWrite: boolean;
}

/**
 * Returns the settings of tests that choose none: the switches of the findings file, and short times. The times in the
 * findings are not used, because tests that wait for them would be slow.
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
