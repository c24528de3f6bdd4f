/** A part of the pure core, or of the code directly based on it, with the tests that reach it. */
export interface MutatedPart {
  readonly name: string;
  /** Files relative to the repository. */
  readonly files: readonly string[];
  /** Test files below `test/`. Those that detect mutants fastest come first. */
  readonly tests: readonly string[];
}

const OPEN = 'tasks/JitOpenPorts/JitOpenPortsV1/src';
const CONFIGURE = 'tasks/JitConfigurePolicy/JitConfigurePolicyV1/src';

const below = (folder: string, names: readonly string[]): readonly string[] =>
  names.map((name) => `${folder}/${name}.ts`);
const tests = (folder: string, names: readonly string[]): readonly string[] =>
  names.map((name) => `test/${folder}/${name}.test.ts`);

/** The parts in the order in which they run. */
export const MUTATED_PARTS: readonly MutatedPart[] = [
  {
    name: 'rules',
    files: below('tasks/shared/core/nsg', [
      ...['adminWalk', 'evaluate', 'family', 'grants', 'judge', 'match', 'rules', 'tags', 'walk'],
    ]),
    tests: [
      ...tests('unit/core', ['nsg', 'nsgMatch', 'nsgRules', 'nsgGrants', 'nsgVnet', 'nsgIpv6']),
      ...tests('unit/core', ['nsgPermanent', 'nsgOverIpv6', 'nsgProperties']),
      ...tests('unit/core', ['nsgAdminRules']),
      ...tests('flow', ['permanentAccess', 'waiting', 'adminRules']),
    ],
  },
  {
    name: 'policy-change',
    files: below(`${CONFIGURE}/plan`, [
      ...['disturbedRequests', 'policyChange', 'policyPorts', 'policyReadings', 'portRules', 'wantedVm'],
    ]),
    tests: [
      ...tests('unit/core', [
        'policyChange',
        'disturbedRequests',
        'policyPorts',
        'policyReadings',
        'portRules',
      ]),
      ...tests('flow', ['configurePorts', 'configurePolicy', 'policyReadings', 'configureTrouble']),
    ],
  },
  {
    name: 'planning',
    files: below(`${OPEN}/plan`, [
      ...['plan', 'checkPort', 'plannedPort', 'sharing', 'explain', 'ownRequests', 'oddPlans', 'needsVnet'],
      ...['overIpv6', 'flowVerdict'],
    ]),
    tests: [
      ...tests('unit/core', [
        'plan',
        'sharing',
        'explain',
        'oddPlans',
        'ownRequests',
        'nsgVnet',
        'nsgOverIpv6',
        'nsgAdminRules',
        'flowVerdict',
      ]),
      ...tests('flow', [
        'planning',
        'reuse',
        'sharing',
        'granted',
        'openPorts',
        'permanentAccess',
        'waiting',
      ]),
      ...tests('flow', [
        'closing',
        'closingOthers',
        'closingDoubts',
        'adminRules',
        'azureVerdict',
        'azureVerdictDryRun',
      ]),
    ],
  },
  {
    name: 'closing',
    files: [
      ...below(`${OPEN}/close`, ['closeRules', 'closing', 'endRequests', 'ending', 'explainLeft']),
      ...below(`${OPEN}/close`, [
        'findAdmitting',
        'nearEnds',
        'readPolicyToEnd',
        'ruleOwners',
        'rulesBefore',
        'waitForRules',
      ]),
      ...below(`${OPEN}/plan`, ['ownRule']),
    ],
    tests: [
      ...tests('flow', [
        'closing',
        'closingOthers',
        'closingDoubts',
        'gone',
        'sharing',
        'cancelling',
        'adminRules',
        'azureVerdict',
      ]),
      ...tests('flow', [
        'closingWays',
        'closingDeletions',
        'closingShared',
        'closingReadings',
        'closingBugs',
        'closingTrouble',
        'closingProtocols',
        'sharingProperties',
      ]),
    ],
  },
];
