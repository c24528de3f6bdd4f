import { OPEN, REPORT, type Assumption } from '../assumption';

/** What is taken for true of requests for access. */
export const REQUESTS: readonly Assumption[] = [
  {
    id: 'request-answer',
    says: 'A request is answered with 202 and a body that says what was granted. Nothing has to be followed.',
    marks: ['recorded', 'spec'],
    where: [`${OPEN}/azure/initiate.ts#createInitiate`, 'shared/azure/read/requests.ts#toAccessRequest'],
    ifFalse:
      'An answer of success in another form counts as lost: the step looks the request up in the policy, and fails with JIT604 when it is not there.',
  },
  {
    id: 'lost-answers',
    says: 'A request that Azure has carried out is listed by its policy within five seconds.',
    marks: ['inferred'],
    where: [`${OPEN}/azure/initiate.ts#FIND_PAUSES_MS`, 'shared/core/requests.ts#findRequestFor'],
    ifFalse: 'After a lost answer the same request is sent again, which opens nothing wider or longer.',
  },
  {
    id: 'not-carried-out',
    says: 'A request that is answered with 409 or 429 was not carried out.',
    marks: ['inferred'],
    where: ['shared/azure/retry.ts#NOT_CARRIED_OUT'],
    ifFalse: 'The same request is sent again, which opens nothing wider or longer.',
    notTried: 'Nobody can bring about throttling or a conflict on purpose.',
  },
  {
    id: 'contained-sources',
    says: 'Where a policy allows a CIDR, an address inside it may be refused, and so may the same address with `/32`.',
    marks: ['reported'],
    source: 'azure-docs#53026',
    where: [
      'shared/core/sources.ts#spelledAs',
      'shared/core/sources.ts#requestedAs',
      `${OPEN}/azure/initiate.ts#createInitiate`,
    ],
    ifFalse:
      'The address is requested in any case, in the policy’s own spelling where there is one. When Azure refuses it, JIT405 names `sourceIp: policy`.',
    switches: ['verbatimSources', 'hostPrefixIsAddress'],
  },
  {
    id: 'outside-policy',
    says: 'A request outside of its policy is refused with 400. The code is not known.',
    marks: ['reported'],
    where: [`${OPEN}/azure/initiate.ts#createInitiate`],
    ifFalse:
      'Another status is reported by what it means elsewhere, with Azure’s own words: JIT301 or JIT302 for 403.',
    switches: ['outsidePolicyStatus', 'outsidePolicyCode'],
  },
  {
    id: 'ends',
    says: 'A port has an end, `endTimeUtc`, or a duration, and not both. An end may be near, and must not be over.',
    marks: ['reported'],
    source: 'azure-rest-api-specs#43491',
    where: [`${OPEN}/azure/initiate.ts#createInitiate`, `${OPEN}/plan/plan.ts#latestEnd`],
    ifFalse:
      'Requests send an end alone. A near end that is refused leaves the port to the next way of closing.',
    switches: ['acceptsDuration', 'bothEnds', 'pastEnds', 'refusesShortEnds'],
  },
  {
    id: 'service-clock',
    says: 'The `Date` of an answer is the time of the service that judges ends, to a few seconds.',
    marks: ['recorded'],
    where: ['shared/azure/arm.ts#createAzureClock', `${OPEN}/plan/plan.ts#MAXIMUM_MARGIN_MS`],
    ifFalse: 'A request for the longest time that a policy allows may be refused with JIT405.',
  },
  {
    id: 'same-start',
    says: 'The entry of a request in its policy has the start of its answer, to all digits, and the end to a second.',
    marks: ['recorded'],
    where: ['shared/core/requests.ts#findOwnPort', 'shared/core/requests.ts#SAME_END_MS'],
    ifFalse:
      'The step does not find its own request again: it waits for the rules alone, and closing says that it is not listed.',
  },
  {
    id: 'statuses',
    says: 'A request is `Initiating`, then `Initiated`, then `Revoked`. Entries stay for weeks, in no order.',
    marks: ['recorded', 'spec'],
    where: [
      'shared/core/requests.ts#isActive',
      'shared/core/requests.ts#newestFirst',
      'shared/azure/read/requests.ts#readRequests',
    ],
    ifFalse: 'Another status never counts as active. With `waitFor: request` the step ends with JIT701.',
  },
  {
    id: 'spelling',
    says: 'Ids, and the words of a status, may come in another case than they were sent or are published in.',
    marks: ['reported'],
    where: [
      'shared/core/resourceIds.ts#sameId',
      'shared/core/requests.ts#isReplaced',
      'shared/azure/read/requests.ts#STATUSES',
    ],
    ifFalse: 'Nothing: both are compared without case.',
    switches: ['changesIdCase', 'lowerCaseStatus'],
  },
  {
    id: 'seen-address',
    says: 'A request that names no source opens the port for the address that Azure sees the call come from, and its answer names it.',
    marks: ['spec', 'recorded'],
    where: [`${OPEN}/open/requestAccess.ts#requestAccess`, 'shared/azure/read/requests.ts#toSources'],
    ifFalse:
      'What is granted is compared with what was requested; a difference is a warning with what is really open.',
  },
  {
    id: 'many-sources',
    says: 'A port may have a list of sources, `allowedSourceAddressPrefixes`, which the published definitions lack.',
    marks: ['reported'],
    source: 'azure-rest-api-specs#32158',
    where: [`${OPEN}/azure/initiate.ts#toBody`, 'shared/azure/read/requests.ts#toSources'],
    ifFalse:
      'When Azure takes no notice of the list it opens for the caller’s address, and a warning names what is open. A refusal is JIT405.',
    switches: ['acceptsPrefixLists', 'mostSources'],
  },
  {
    id: 'supersession',
    says: 'A newer request may end older ones: for the same VM and port, or for the same VM, port and sources.',
    marks: ['inferred', 'spec'],
    source: 'the reason `NewerRequestInitiated`',
    where: [
      'shared/core/requests.ts#isReplaced',
      `${OPEN}/plan/sharing.ts#heldByOthers`,
      `${OPEN}/open/waitForAccess.ts#waitForAccess`,
    ],
    ifFalse:
      'Nothing rests on either key. A request that is replaced is JIT703, or is made again for all with `shareActiveRequests`.',
    switches: ['supersession'],
  },
  {
    id: 'near-end',
    says: 'A newer request for the same sources with an end that is a few seconds ahead closes the port at that end.',
    marks: ['inferred'],
    where: [`${OPEN}/close/ending.ts#NEAR_END_MS`, `${OPEN}/close/closeRules.ts#closeByRules`],
    ifFalse:
      'The rules are read back. Where they still allow the sources, the allow rule is deleted; where that fails too, a warning names what stays open.',
    switches: ['honoursEarlyEnd'],
  },
  {
    id: 'requestors',
    says: 'The requestor is empty for a service principal, and a user name for a person.',
    marks: ['recorded', 'inferred'],
    where: [`${REPORT}/judge/audit.ts#requestorOf`],
    ifFalse: 'The report takes the caller from the Activity Log, and says where it has it from.',
  },
  {
    id: 'outside-plan',
    says: 'A subscription without Defender for Servers Plan 2 is refused with 403; a machine outside of the plan by the words "not onboarded to Defender".',
    marks: ['reported', 'doc'],
    where: ['shared/azure/failures.ts#failureOf', 'shared/azure/refusals.ts#NOT_ONBOARDED'],
    ifFalse: 'The failure has another code, JIT301 or JIT405, and Azure’s own words.',
  },
  {
    id: 'needed-rights',
    says: 'A request needs its own right and the one to read the VM. For some VMs Microsoft’s script adds the right to write it.',
    marks: ['doc', 'reported'],
    where: [`${OPEN}/dryRun/neededRights.ts#neededRights`, 'shared/azure/refusals.ts#lastRight'],
    ifFalse: 'Azure names the action that is missing, and JIT301 passes it on.',
    switches: ['initiateNeedsVmWrite'],
  },
];
