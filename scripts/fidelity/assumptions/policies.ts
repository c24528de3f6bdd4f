import { CONFIGURE, OPEN, REPORT, type Assumption } from '../assumption';

/** The assumptions about policies, logs, and Azure in general. */
export const POLICIES: readonly Assumption[] = [
  {
    id: 'policy-paths',
    says: 'A policy belongs to a resource group and a region, has any name, and lists its VMs.',
    marks: ['spec', 'doc'],
    where: [
      'shared/azure/read/policy.ts#POLICY',
      `${OPEN}/azure/jitGateway.ts#createJitGateway`,
      `${OPEN}/plan/plan.ts#planVm`,
      'shared/azure/read/odd.ts#readEach',
    ],
    ifFalse:
      'The task ignores entries of a policy that it cannot read, and whatever depends on them is unknown.',
  },
  {
    id: 'subscription-list',
    says: 'The list of a subscription might omit policies that the list of their resource group contains.',
    marks: ['reported'],
    source: 'azure-powershell#23074',
    where: [`${OPEN}/azure/jitGateway.ts#createJitGateway`, `${REPORT}/azure/inventory.ts#createInventory`],
    ifFalse: 'No effect: the task reads the lists of the resource groups. The report could omit some calls.',
    switches: ['subscriptionListOmits'],
  },
  {
    id: 'whole-writes',
    says: 'Writing a policy replaces its list of VMs; with `appendMode`, it adds to the list.',
    marks: ['doc', 'recorded'],
    where: [
      `${CONFIGURE}/plan/policyChange.ts#changePolicy`,
      `${CONFIGURE}/azure/policyWriter.ts#createPolicyWriter`,
    ],
    ifFalse: 'The task reads the policy back after writing, and names what is missing.',
  },
  {
    id: 'policy-writes',
    says: 'Active requests survive a write of their policy. Azure refuses a write while another write of the policy is in progress: 409.',
    marks: ['inferred'],
    where: [
      `${CONFIGURE}/plan/disturbedRequests.ts#disturbedRequests`,
      `${CONFIGURE}/write/writePolicy.ts#writePolicy`,
      `${CONFIGURE}/write/readPolicy.ts#settle`,
    ],
    ifFalse:
      'A warning names requests that a write ends. The step always waits until the write of a policy is complete.',
    switches: ['putEndsRequests', 'refusesWhileUpdating'],
  },
  {
    id: 'gone-vms',
    says: 'The effect of a write with a VM that does not exist is unknown.',
    marks: ['inferred'],
    where: [`${CONFIGURE}/write/goneVms.ts#findGoneVms`],
    ifFalse:
      'The task checks before the write which VMs no longer exist, and leaves them out with a warning.',
    switches: ['goneVms'],
    notTried: 'A VM would have to be deleted.',
  },
  {
    id: 'one-place',
    says: 'All VMs of a policy are in its subscription, resource group, and region.',
    marks: ['reported'],
    where: [`${CONFIGURE}/find/targets.ts#findTargets`],
    ifFalse: 'VMs in other places get their own policies, which is also correct.',
    notTried: 'It requires a second VM.',
  },
  {
    id: 'policy-limits',
    says: 'A policy allows a port for five minutes to one day. The names of a policy and a VM have at most 56 characters together.',
    marks: ['spec', 'doc'],
    where: [
      `${CONFIGURE}/plan/portRules.ts#SHORTEST_MS`,
      `${CONFIGURE}/plan/portRules.ts#LONGEST_MS`,
      `${CONFIGURE}/find/targets.ts#LONGEST_NAMES`,
    ],
    ifFalse:
      'The task refuses a policy with JIT101 that Azure would accept, or sends one that Azure refuses, and fails with Azure’s message.',
  },
  {
    id: 'activity-log',
    says: 'The Activity Log has an entry for each request within minutes, with a justification in a field whose name can have any case.',
    marks: ['reported', 'inferred'],
    where: [
      `${REPORT}/azure/activityLog.ts#listCalls`,
      `${REPORT}/azure/loggedCall.ts#readLoggedCall`,
      `${REPORT}/judge/audit.ts#joinCalls`,
    ],
    ifFalse:
      'The report shows the requests of the policies without their requestors and reasons, and says so.',
    switches: ['activityLogCarries'],
  },
  {
    id: 'vm-queries',
    says: 'Resource Graph finds the VMs that the identity is allowed to read, has a delay of minutes, and names the part of a query that it cannot parse in the details of the error.',
    marks: ['doc', 'reported'],
    source: 'azure-powershell#13762, aztfexport#485',
    where: ['shared/azure/findVms.ts#createFindVms', 'shared/azure/resourceGraph.ts#queryGraph'],
    ifFalse:
      'A query that Azure cannot parse fails with Azure’s message only. A VM in the result that no longer exists is JIT406; a VM that is missing in the result is not opened.',
    notTried: 'It changes nothing, and a run logs what it finds.',
  },
  {
    id: 'calls-at-once',
    says: 'Azure accepts eight concurrent calls from one identity, and otherwise returns 429.',
    marks: ['doc', 'inferred'],
    where: ['shared/azure/congestion.ts#congestionPolicy'],
    ifFalse:
      'The task sends fewer concurrent calls after each 429, down to one, and a refused call waits as long as Azure requires.',
    notTried: 'It would use up the calls of other people’s runs.',
  },
  {
    id: 'assessments',
    says: 'Resource Graph contains the assessment of Defender for Cloud for each VM under a fixed ID.',
    marks: ['doc'],
    where: [`${REPORT}/azure/assessments.ts#listAssessments`],
    ifFalse: 'The report has no assessments of Defender for Cloud.',
  },
  {
    id: 'errors',
    says: 'Errors have a code and a message. Only a few codes explain a refusal.',
    marks: ['spec', 'reported'],
    where: [
      'shared/azure/azureErrors.ts#azureErrorOf',
      'shared/azure/azureErrors.ts#bareErrorOf',
      'shared/azure/refusals.ts#refusalOf',
      'shared/azure/failures.ts#failureOf',
    ],
    ifFalse: 'A failure has a less specific code, and always Azure’s own message.',
    notTried: 'Locks, deny assignments, and disabled subscriptions belong to administrators.',
  },
  {
    id: 'versions',
    says: 'A cloud that lacks an api-version refuses it with one of three codes, and lists the supported versions in the message.',
    marks: ['reported'],
    where: ['shared/azure/apiVersions.ts#apiVersionPolicy'],
    ifFalse: 'The call fails with Azure’s own message.',
    notTried: 'The public cloud has all versions.',
  },
  {
    id: 'pages',
    says: 'Lists have pages, linked by `nextLink` on the same host, or by a token that the next call sends back.',
    marks: ['spec'],
    where: [
      'shared/azure/paging.ts#watchPages',
      'shared/azure/reader.ts#createReader',
      'shared/azure/arm.ts#originPolicy',
    ],
    ifFalse: 'The task follows no link to another host, and stops when page links form a loop: JIT604.',
  },
  {
    id: 'answer-sizes',
    says: 'No response has more than 64 MiB, or more than 100 nested lists and objects.',
    marks: ['inferred'],
    where: ['shared/azure/readBody.ts#readBody', 'shared/azure/parseJson.ts#parseJson'],
    ifFalse: 'The call fails with JIT604.',
    notTried: 'It needs a subscription whose lists are that large.',
  },
  {
    id: 'own-rights',
    says: 'Azure lists the permissions of the caller at a scope.',
    marks: ['spec', 'doc'],
    where: ['shared/azure/rightsGateway.ts#createRightsGateway'],
    ifFalse: 'A dry run reports the permissions as unknown.',
  },
  {
    id: 'signing-in',
    says: 'Microsoft Entra ID, Azure DevOps, and the machine provide tokens according to their protocols, and errors with a number.',
    marks: ['doc'],
    where: [
      'shared/azure/signIn.ts#createTokens',
      'shared/azure/signInFailures.ts#signInFailure',
      'shared/azure/oidc.ts#createOidcToken',
      'shared/azure/connection.ts#parseConnection',
      'shared/core/azureClouds.ts#KNOWN_CLOUDS',
    ],
    ifFalse: 'JIT202 or JIT203, with the response.',
  },
];
