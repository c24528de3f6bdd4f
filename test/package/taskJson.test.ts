import assert from 'node:assert/strict';
import path from 'node:path';
import { MODES, ACTIONS } from '../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/plan/inputs';
import { readTaskDefinition } from '../support/agent/taskDefinition';

const TASK = path.resolve(__dirname, '../../tasks/JitOpenPorts/JitOpenPortsV1');

/**
 * The contract with users' pipelines. A change here breaks them, and requires a new major version. Types are as the
 * editors show them. `vmResourceId` still accepts several lines (docs/decisions/0010-pickers.md).
 */
const CONTRACT: readonly (readonly [
  name: string,
  alias: string | undefined,
  type: string,
  defaultValue: string,
])[] = [
  ['connectedServiceName', 'azureSubscription', 'connectedService:AzureRM', ''],
  ['vmResourceId', 'vmResourceIds', 'pickList', ''],
  ['vmQuery', undefined, 'multiLine', ''],
  ['subscriptions', undefined, 'multiLine', ''],
  ['maxVms', undefined, 'string', '50'],
  ['allowEmpty', undefined, 'boolean', 'false'],
  ['ports', undefined, 'string', '22'],
  ['duration', undefined, 'string', '1h'],
  ['sourceIp', undefined, 'string', 'agent'],
  ['justification', undefined, 'string', ''],
  ['closeAtJobEnd', undefined, 'boolean', 'false'],
  ['shareActiveRequests', undefined, 'boolean', 'false'],
  ['onPartial', undefined, 'pickList', 'fail'],
  ['waitFor', undefined, 'pickList', 'rule'],
  ['waitTimeout', undefined, 'string', '5m'],
  ['dryRun', undefined, 'boolean', 'false'],
  ['policyName', undefined, 'string', ''],
  ['ipEchoUrls', undefined, 'multiLine', ''],
  ['probeHost', undefined, 'string', ''],
];
/** One of the two ways to name the VMs is required too, which no form can express. */
const REQUIRED = ['connectedServiceName'];
const OUTPUTS = [
  'sourceAddresses',
  'expiresAtUtc',
  'host',
  'port',
  'endpoints',
  'endpointsPath',
  'inventoryPath',
];

describe('task.json of JitOpenPorts@1', () => {
  const task = readTaskDefinition(TASK);

  it('has the name and the ID by which pipelines find it', () => {
    assert.equal(`${task.name}@${task.version.Major}`, 'JitOpenPorts@1');
    assert.equal(task.id, 'c2abf624-16f5-433c-8a7b-66caf5b9681c');
  });

  it('has the inputs of the contract, with their aliases, types, and defaults', () => {
    assert.deepEqual(
      task.inputs.map(({ name, aliases = [], type, defaultValue }) => [name, aliases[0], type, defaultValue]),
      CONTRACT,
    );
    assert.ok(task.inputs.every(({ aliases = [] }) => aliases.length <= 1));
  });

  it('requires exactly the inputs without a default', () => {
    assert.deepEqual(
      task.inputs.filter((input) => input.required === true).map((input) => input.name),
      REQUIRED,
    );
  });

  it('offers the four values of waitFor, and variables', () => {
    const waitFor = task.inputs.find((input) => input.name === 'waitFor');
    assert.deepEqual(Object.keys(waitFor?.options ?? {}), ['nothing', 'request', 'rule', 'connection']);
    assert.equal(waitFor?.properties?.['EditableOptions'], 'True');
  });

  it('excludes Azure Machine Learning connections from the list', () => {
    const [connection] = task.inputs;
    assert.equal(connection?.properties?.['EndpointFilterRule'], 'ScopeLevel != AzureMLWorkspace');
  });

  it('explains every input with an example, and assigns it to an existing group', () => {
    const groups = task.groups?.map((group) => group.name) ?? [];
    for (const { name, helpMarkDown = '', groupName } of task.inputs) {
      assert.match(helpMarkDown, /Example: `.+`/, name);
      assert.ok(groupName === undefined || groups.includes(groupName), name);
    }
  });

  it('declares the outputs of the contract, and can set no others', () => {
    assert.deepEqual(
      task.outputVariables?.map((output) => output.name),
      OUTPUTS,
    );
    assert.deepEqual(task.restrictions?.settableVariables?.allowed, OUTPUTS);
    assert.ok(task.outputVariables.every((output) => output.description.length > 20));
  });

  it('does not restrict commands, because that would forbid the summary', () => {
    assert.deepEqual(Object.keys(task.restrictions ?? {}), ['settableVariables']);
  });

  it('runs with both approved handlers, in the step and in the post-job step', () => {
    for (const handlers of [task.execution, task.postjobexecution]) {
      if (handlers === undefined) continue;
      assert.deepEqual(Object.keys(handlers), ['Node20_1', 'Node24']);
      assert.deepEqual(handlers.Node20_1, handlers.Node24);
    }
    assert.equal(task.minimumAgentVersion, '3.232.1');
  });

  it('conforms to the rules of the editor', () => {
    assert.ok(task.friendlyName.length <= 40);
    assert.match(task.instanceNameFormat, /\$\(ports\)/);
    assert.deepEqual(task.visibility, ['Build', 'Release']);
    assert.deepEqual(task.runsOn, ['Agent', 'DeploymentGroup']);
    assert.equal(task.category, 'Deploy');
  });
});

const POLICY_TASK = path.resolve(__dirname, '../../tasks/JitConfigurePolicy/JitConfigurePolicyV1');
const POLICY_CONTRACT: typeof CONTRACT = [
  ['connectedServiceName', 'azureSubscription', 'connectedService:AzureRM', ''],
  ['vmResourceId', 'vmResourceIds', 'pickList', ''],
  ['vmQuery', undefined, 'multiLine', ''],
  ['subscriptions', undefined, 'multiLine', ''],
  ['allowEmpty', undefined, 'boolean', 'false'],
  ['action', undefined, 'pickList', 'ensure'],
  ['portRules', undefined, 'multiLine', ''],
  ['mode', undefined, 'pickList', 'merge'],
  ['policyName', undefined, 'string', ''],
  ['maxVms', undefined, 'string', '50'],
  ['dryRun', undefined, 'boolean', 'false'],
  ['waitTimeout', undefined, 'string', '5m'],
];

describe('task.json of JitConfigurePolicy@1', () => {
  const task = readTaskDefinition(POLICY_TASK);

  it('has the name and the ID by which pipelines find it', () => {
    assert.equal(`${task.name}@${task.version.Major}`, 'JitConfigurePolicy@1');
    assert.equal(task.id, '5b0f5a39-0a5c-4c5e-9c1e-6f1b7a3f2d84');
    assert.notEqual(task.id, readTaskDefinition(TASK).id);
  });

  it('has the inputs of the contract, with their aliases, types, and defaults', () => {
    assert.deepEqual(
      task.inputs.map(({ name, aliases = [], type, defaultValue }) => [name, aliases[0], type, defaultValue]),
      POLICY_CONTRACT,
    );
    const required = task.inputs.filter((input) => input.required === true).map(({ name }) => name);
    assert.deepEqual(required, REQUIRED);
  });

  it('offers the values that its inputs accept, and variables', () => {
    const lists = task.inputs.filter(({ options }) => options !== undefined);
    assert.deepEqual(
      lists.map(({ options }) => Object.keys(options ?? {})),
      [ACTIONS, MODES],
    );
    for (const { properties } of lists) assert.equal(properties?.['EditableOptions'], 'True');
    assert.equal(task.inputs[0]?.properties?.['EndpointFilterRule'], 'ScopeLevel != AzureMLWorkspace');
  });

  it('explains every input with an example, and assigns it to an existing group', () => {
    const groups = task.groups?.map((group) => group.name) ?? [];
    for (const { name, helpMarkDown = '', groupName } of task.inputs) {
      assert.match(helpMarkDown, /Example: `.+`/, name);
      assert.ok(groupName === undefined || groups.includes(groupName), name);
    }
  });

  it('declares its outputs, runs with both handlers, and conforms to the rules of the editor', () => {
    const outputs = ['policyIds', 'changed', 'diff', 'diffPath'];
    assert.deepEqual(
      task.outputVariables?.map((output) => output.name),
      outputs,
    );
    assert.deepEqual(task.restrictions?.settableVariables?.allowed, outputs);
    assert.deepEqual(Object.keys(task.execution), ['Node20_1', 'Node24']);
    assert.deepEqual(task.execution.Node20_1, task.execution.Node24);
    assert.equal(task.minimumAgentVersion, '3.232.1');
    assert.ok(task.friendlyName.length <= 40);
    assert.match(task.instanceNameFormat, /\$\(action\)/);
    assert.deepEqual(
      [task.visibility, task.runsOn],
      [
        ['Build', 'Release'],
        ['Agent', 'DeploymentGroup'],
      ],
    );
  });
});

describe('inputs with several lines', () => {
  // Source: Microsoft's schema of task.json (tasks.schema.json in azure-pipelines-task-lib).
  for (const name of ['JitOpenPorts', 'JitConfigurePolicy', 'JitReport'])
    it(`of ${name} are resizable, as a boolean, with their rows as text`, () => {
      const { inputs } = readTaskDefinition(path.resolve(__dirname, `../../tasks/${name}/${name}V1`));
      const multiLine = inputs.filter(({ type }) => type === 'multiLine');
      assert.ok(multiLine.length >= 2);
      for (const { name: input, properties } of multiLine) {
        assert.equal(properties?.['resizable'], true, input);
        assert.match(String(properties['rows']), /^\d+$/, input);
        assert.equal(typeof properties['rows'], 'string', input);
      }
    });
});
