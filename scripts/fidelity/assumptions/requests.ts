import { OPEN, REPORT, type Assumption } from '../assumption';

/** The assumptions about requests for access. */
export const REQUESTS: readonly Assumption[] = [
  {
    id: 'request-answer',
    says: 'Azure responds to a request with 202 and a body that contains the grant. No further call is required.',
    marks: ['recorded', 'spec'],
    where: [`${OPEN}/azure/initiate.ts#createInitiate`, 'shared/azure/read/requests.ts#toAccessRequest'],
    ifFalse:
      'A successful response in another form counts as lost: the step looks up the request in the policy, and fails with JIT604 if the policy does not list it.',
  },
  {
    id: 'lost-answers',
    says: 'A policy lists a request within five seconds after Azure has accepted it.',
    marks: ['inferred'],
    where: [`${OPEN}/azure/initiate.ts#FIND_PAUSES_MS`, 'shared/core/requests.ts#findRequestFor'],
    ifFalse:
      'After a lost response, the task sends the same request again, which opens nothing wider or longer.',
  },
  {
    id: 'not-carried-out',
    says: 'Azure does not carry out a request that it refuses with 409 or 429.',
    marks: ['inferred'],
    where: ['shared/azure/retry.ts#NOT_CARRIED_OUT'],
    ifFalse: 'The task sends the same request again, which opens nothing wider or longer.',
    notTried: 'Throttling or a conflict cannot be caused on purpose.',
  },
  {
    id: 'contained-sources',
    says: 'Where a policy allows a CIDR range, Azure might refuse an address inside it, and also the same address with `/32`.',
    marks: ['reported'],
    source: 'azure-docs#53026',
    where: [
      'shared/core/sources.ts#spelledAs',
      'shared/core/sources.ts#requestedAs',
      `${OPEN}/azure/initiate.ts#createInitiate`,
    ],
    ifFalse:
      'The task always requests the address, in the spelling of the policy if it has one. If Azure refuses it, JIT405 names `sourceIp: policy`.',
    switches: ['verbatimSources', 'hostPrefixIsAddress'],
  },
  {
    id: 'outside-policy',
    says: 'Azure refuses a request outside its policy with 400. The error code is unknown.',
    marks: ['reported'],
    where: [`${OPEN}/azure/initiate.ts#createInitiate`],
    ifFalse:
      'The task reports another status with its usual meaning and Azure’s own message: JIT301 or JIT302 for 403.',
    switches: ['outsidePolicyStatus', 'outsidePolicyCode'],
  },
  {
    id: 'ends',
    says: 'A port has either an end, `endTimeUtc`, or a duration, but not both. An end can be near, but must not be in the past.',
    marks: ['reported'],
    source: 'azure-rest-api-specs#43491',
    where: [`${OPEN}/azure/initiate.ts#createInitiate`, `${OPEN}/plan/plannedPort.ts#latestEnd`],
    ifFalse:
      'Requests contain only an end. If Azure refuses a near end, the task closes the port in the next way.',
    switches: ['acceptsDuration', 'bothEnds', 'pastEnds', 'refusesShortEnds'],
  },
  {
    id: 'service-clock',
    says: 'The `Date` header of a response is the time of the service that checks ends, within a few seconds.',
    marks: ['recorded'],
    where: ['shared/azure/arm.ts#createAzureClock', `${OPEN}/plan/plannedPort.ts#MAXIMUM_MARGIN_MS`],
    ifFalse: 'A request for the longest time that a policy allows might fail with JIT405.',
  },
  {
    id: 'same-start',
    says: 'The entry of a request in its policy has the same start as the response, in all digits, and the same end within a second.',
    marks: ['recorded'],
    where: ['shared/core/requests.ts#findOwnPort', 'shared/core/requests.ts#SAME_END_MS'],
    ifFalse:
      'The step does not find its own request again: it waits only for the rules, and closing reports that the request is not listed.',
  },
  {
    id: 'statuses',
    says: 'A request is `Initiating`, then `Initiated`, then `Revoked`. Entries stay for weeks, in no particular order.',
    marks: ['recorded', 'spec'],
    where: [
      'shared/core/requests.ts#isActive',
      'shared/core/requests.ts#newestFirst',
      'shared/azure/read/requests.ts#readRequests',
    ],
    ifFalse: 'Another status never counts as active. With `waitFor: request`, the step fails with JIT701.',
  },
  {
    id: 'spelling',
    says: 'IDs and status values might be returned in another case than they were sent or are published in.',
    marks: ['reported'],
    where: [
      'shared/core/resourceIds.ts#sameId',
      'shared/core/requests.ts#isReplaced',
      'shared/azure/read/requests.ts#STATUSES',
    ],
    ifFalse: 'No effect: the task ignores case in both.',
    switches: ['changesIdCase', 'lowerCaseStatus'],
  },
  {
    id: 'seen-address',
    says: 'A request without a source opens the port for the address from which Azure receives the call, and the response names this address.',
    marks: ['spec', 'recorded'],
    where: [`${OPEN}/open/requestAccess.ts#requestAccess`, 'shared/azure/read/requests.ts#toSources'],
    ifFalse:
      'The task compares the grant with the request; a warning names the actual sources, port, and end if they differ.',
  },
  {
    id: 'many-sources',
    says: 'A port can have a list of sources, `allowedSourceAddressPrefixes`, which the published definitions lack.',
    marks: ['reported'],
    source: 'azure-rest-api-specs#32158',
    where: [`${OPEN}/azure/initiate.ts#toBody`, 'shared/azure/read/requests.ts#toSources'],
    ifFalse:
      'If Azure ignores the list, it opens the port for the caller’s address, and a warning names what is open. A refusal is JIT405.',
    switches: ['acceptsPrefixLists', 'mostSources'],
  },
  {
    id: 'supersession',
    says: 'A newer request might end older ones: for the same VM and port, or for the same VM, port, and sources.',
    marks: ['inferred', 'spec'],
    source: 'the reason `NewerRequestInitiated`',
    where: [
      'shared/core/requests.ts#isReplaced',
      `${OPEN}/plan/sharing.ts#heldByOthers`,
      `${OPEN}/open/waitForAccess.ts#waitForAccess`,
    ],
    ifFalse:
      'The task depends on neither key. A replaced request is JIT703, or with `shareActiveRequests` a new request for all sources.',
    switches: ['supersession'],
  },
  {
    id: 'near-end',
    says: 'A newer request for the same sources that ends in a few seconds closes the port at that end.',
    marks: ['inferred'],
    where: [`${OPEN}/close/ending.ts#NEAR_END_MS`, `${OPEN}/close/closeRules.ts#closeByRules`],
    ifFalse:
      'The task reads the rules back. If they still allow the sources, it deletes the allow rule. If that also fails, a warning names what stays open.',
    switches: ['honoursEarlyEnd'],
  },
  {
    id: 'requestors',
    says: 'The requestor is empty for a service principal, and the user name for a person.',
    marks: ['recorded', 'inferred'],
    where: [`${REPORT}/judge/audit.ts#requestorOf`],
    ifFalse: 'The report takes the caller from the Activity Log, and names this source.',
  },
  {
    id: 'outside-plan',
    says: 'For a subscription without Defender for Servers Plan 2, Azure returns 403; for a machine outside the plan, a message that contains "not onboarded to Defender".',
    marks: ['reported', 'doc'],
    where: ['shared/azure/failures.ts#failureOf', 'shared/azure/refusals.ts#NOT_ONBOARDED'],
    ifFalse: 'The failure has another code, JIT301 or JIT405, and Azure’s own message.',
  },
  {
    id: 'needed-rights',
    says: 'A request requires its own permission and the permission to read the VM. For some VMs, Microsoft’s script adds the permission to write the VM.',
    marks: ['doc', 'reported'],
    where: [`${OPEN}/dryRun/neededRights.ts#neededRights`, 'shared/azure/refusals.ts#lastRight'],
    ifFalse: 'Azure names the missing action, and JIT301 shows it.',
    switches: ['initiateNeedsVmWrite'],
  },
];
