import { CONFIGURE, OPEN, REPORT, type Assumption } from '../assumption';

/** What is taken for true of policies, of the logs, and of Azure as a whole. */
export const POLICIES: readonly Assumption[] = [
  {
    id: 'policy-paths',
    says: 'Policies lie in a resource group and a region, under any name, and name their VMs.',
    marks: ['spec', 'doc'],
    where: [
      'shared/azure/read/policy.ts#POLICY',
      `${OPEN}/azure/jitGateway.ts#createJitGateway`,
      `${OPEN}/plan/plan.ts#planVm`,
      'shared/azure/read/odd.ts#readEach',
    ],
    ifFalse: 'What makes no sense in a policy is left out, and what depends on it is unknown.',
  },
  {
    id: 'subscription-list',
    says: 'The list of a subscription may leave policies out that the list of their group has.',
    marks: ['reported'],
    source: 'azure-powershell#23074',
    where: [`${OPEN}/azure/jitGateway.ts#createJitGateway`, `${REPORT}/azure/inventory.ts#createInventory`],
    ifFalse: 'Nothing: the groups’ lists are read. The report would do without some calls.',
    switches: ['subscriptionListOmits'],
  },
  {
    id: 'whole-writes',
    says: 'Writing a policy replaces its list of VMs, whatever was in it; `appendMode` adds to it.',
    marks: ['doc', 'recorded'],
    where: [
      `${CONFIGURE}/plan/policyChange.ts#changePolicy`,
      `${CONFIGURE}/azure/policyWriter.ts#createPolicyWriter`,
    ],
    ifFalse: 'What is written is read back, and what got lost is named.',
  },
  {
    id: 'policy-writes',
    says: 'Active requests survive a write of their policy. A policy that is being written is not written again: 409.',
    marks: ['inferred'],
    where: [
      `${CONFIGURE}/plan/policyChange.ts#disturbedRequests`,
      `${CONFIGURE}/write/writePolicy.ts#writePolicy`,
      `${CONFIGURE}/write/readPolicy.ts#settle`,
    ],
    ifFalse:
      'Requests that a write ends are named in a warning. The step waits until a policy is written, whatever Azure does.',
    switches: ['putEndsRequests', 'refusesWhileUpdating'],
  },
  {
    id: 'gone-vms',
    says: 'Nothing is known of a write with a VM that does not exist.',
    marks: ['inferred'],
    where: [`${CONFIGURE}/write/goneVms.ts#findGoneVms`],
    ifFalse: 'VMs that are gone are looked for before, and left out with a warning.',
    switches: ['goneVms'],
    notTried: 'A VM would have to be deleted.',
  },
  {
    id: 'one-place',
    says: 'All VMs of a policy lie in its subscription, group and region.',
    marks: ['reported'],
    where: [`${CONFIGURE}/find/targets.ts#findTargets`],
    ifFalse: 'VMs of other places get policies of their own, which is also right.',
    notTried: 'It takes a second VM.',
  },
  {
    id: 'policy-limits',
    says: 'A port is allowed for five minutes to a day. The names of a policy and a VM have 56 characters together.',
    marks: ['spec', 'doc'],
    where: [
      `${CONFIGURE}/plan/portRules.ts#SHORTEST_MS`,
      `${CONFIGURE}/plan/portRules.ts#LONGEST_MS`,
      `${CONFIGURE}/find/targets.ts#LONGEST_NAMES`,
    ],
    ifFalse:
      'A policy that Azure would take is refused with JIT101, or one that it refuses is sent and fails with its words.',
  },
  {
    id: 'activity-log',
    says: 'The Activity Log has an entry for each request within minutes, with a justification under a name in any case.',
    marks: ['reported', 'inferred'],
    where: [
      `${REPORT}/azure/activityLog.ts#listCalls`,
      `${REPORT}/azure/loggedCall.ts#readLoggedCall`,
      `${REPORT}/judge/audit.ts#joinCalls`,
    ],
    ifFalse: 'The report shows the requests of the policies without who made them and why, and says so.',
    switches: ['activityLogCarries'],
  },
  {
    id: 'vm-queries',
    says: 'Resource Graph finds the VMs that the identity may read, lags behind by minutes, and says in the details of a refusal what it does not understand.',
    marks: ['doc', 'reported'],
    source: 'azure-powershell#13762, aztfexport#485',
    where: ['shared/azure/findVms.ts#createFindVms', 'shared/azure/resourceGraph.ts#askGraph'],
    ifFalse:
      'A query that Azure does not understand fails with its own words alone. A VM that is named and gone is JIT406; one that is missing is not opened.',
    notTried: 'It changes nothing, and a run says what it finds.',
  },
  {
    id: 'calls-at-once',
    says: 'Azure takes eight calls at once from one identity, and says 429 where it does not.',
    marks: ['doc', 'inferred'],
    where: ['shared/azure/congestion.ts#congestionPolicy'],
    ifFalse:
      'Fewer calls go out at once after each 429, down to one, and a call that is refused waits as Azure asks.',
    notTried: 'It would take the calls of other people’s runs.',
  },
  {
    id: 'assessments',
    says: 'Resource Graph has Defender’s verdict on each VM under a fixed id.',
    marks: ['doc'],
    where: [`${REPORT}/azure/assessments.ts#listAssessments`],
    ifFalse: 'The report has no verdict of Defender’s.',
  },
  {
    id: 'errors',
    says: 'Errors have a code and a message. Few codes explain a refusal.',
    marks: ['spec', 'reported'],
    where: [
      'shared/azure/azureErrors.ts#azureErrorOf',
      'shared/azure/azureErrors.ts#bareErrorOf',
      'shared/azure/refusals.ts#refusalOf',
      'shared/azure/failures.ts#failureOf',
    ],
    ifFalse: 'A failure has a less exact code, and always Azure’s own words.',
    notTried: 'Locks, deny assignments and disabled subscriptions belong to administrators.',
  },
  {
    id: 'versions',
    says: 'A cloud that lacks an api-version refuses it by one of three codes, and its text lists those that it has.',
    marks: ['reported'],
    where: ['shared/azure/apiVersions.ts#apiVersionPolicy'],
    ifFalse: 'The call fails, with Azure’s own words.',
    notTried: 'The public cloud has all versions.',
  },
  {
    id: 'pages',
    says: 'Lists come in pages with `nextLink` on the same host, or with a token that is sent back.',
    marks: ['spec'],
    where: [
      'shared/azure/paging.ts#watchPages',
      'shared/azure/reader.ts#createReader',
      'shared/azure/arm.ts#originPolicy',
    ],
    ifFalse: 'A link to another host is not followed, and pages that lead in a circle end: JIT604.',
  },
  {
    id: 'own-rights',
    says: 'Azure lists what its caller may do at a scope.',
    marks: ['spec', 'doc'],
    where: ['shared/azure/rightsGateway.ts#createRightsGateway'],
    ifFalse: 'A dry run says that rights are not known.',
  },
  {
    id: 'signing-in',
    says: 'Microsoft Entra ID, Azure DevOps and the machine give tokens as their protocols say, and errors with a number.',
    marks: ['doc'],
    where: [
      'shared/azure/signIn.ts#createTokens',
      'shared/azure/signInFailures.ts#signInFailure',
      'shared/azure/oidc.ts#createOidcToken',
      'shared/azure/connection.ts#parseConnection',
      'shared/core/azureClouds.ts#KNOWN_CLOUDS',
    ],
    ifFalse: 'JIT202 or JIT203, with what was answered.',
  },
];
