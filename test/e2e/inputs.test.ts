import assert from 'node:assert/strict';
import { readTaskDefinition } from '../support/agent/taskDefinition';
import {
  assertFailed,
  assertNames,
  assertSucceeded,
  endpointsOf,
  usePackagedTask,
} from '../support/packagedTask';

/** An invalid value for every input that can be invalid by itself. */
const WRONG = {
  azureSubscription: '',
  vmResourceId: '/subscriptions/1/virtualMachines/x',
  vmQuery: 'true | union resources',
  subscriptions: 'Production',
  maxVms: '0',
  allowEmpty: 'perchance',
  onPartial: 'ask',
  ports: '70000',
  duration: '25h',
  sourceIp: 'fe80::1',
  justification: 'for $(Release.Reasom)',
  waitFor: 'luck',
  waitTimeout: '2h',
  dryRun: 'perhaps',
  closeAtJobEnd: 'maybe',
  shareActiveRequests: 'ja',
  policyName: 'a/b',
  ipEchoUrls: 'http://ip.example.com/',
  probeHost: 'web 01',
};
const NAMES = Object.keys(WRONG).filter((name) => name !== 'azureSubscription');
/** Its name in YAML or in task.json. */
const CONNECTION = /azureSubscription|connectedServiceName/;

describe('invalid inputs', () => {
  const task = usePackagedTask();

  it('are known here for every input that the task has', () => {
    const { inputs } = readTaskDefinition('tasks/JitOpenPorts/JitOpenPortsV1');
    const names = inputs.map(({ name, aliases = [] }) => [name, ...aliases]);
    assert.deepEqual(
      names.filter((own) => !own.some((name) => name in WRONG)),
      [],
    );
  });

  it('are all reported at once, before any call', async () => {
    const step = await task.prepare();
    const run = await step.run(WRONG);
    assertFailed(run, 'JIT101', CONNECTION, ...NAMES);
    assertNames(
      run.message,
      '70000',
      '25h',
      'fe80::1',
      '$(Release.Reasom)',
      'luck',
      '2h',
      'perhaps',
      'maybe',
      'a/b',
    );
    assert.deepEqual(step.azure.calls, []);
    assert.deepEqual(run.outputs, {});
    assert.equal(run.issues.filter(({ type }) => type === 'error').length, 1);
  });

  it('include every input with a variable that has no value', async () => {
    const step = await task.prepare();
    const all = Object.fromEntries(Object.keys(WRONG).map((name) => [name, `$(no.${name})`]));
    const [run, inside] = await Promise.all([
      step.run(all),
      step.run({ vmResourceId: step.vm.id.replace('web-01', '$(vmName)') }),
    ]);
    assertFailed(run, 'JIT101', CONNECTION, ...Object.keys(WRONG).map((name) => `$(no.${name})`));
    assertFailed(inside, 'JIT101', 'vmResourceId', '$(vmName)');
    assert.deepEqual(step.azure.calls, []);
  });

  it('are found in each input alone', async () => {
    const step = await task.prepare();
    const cases = [
      { vmResourceId: '' },
      { vmResourceId: 'web-01' },
      { ports: 'all,22' },
      { ports: 'telnet' },
      { duration: 'soon' },
      { sourceIp: '20.61.99.7/24' },
      { sourceIp: 'agent,20.61.99.7' },
      { sourceIp: 'AzureCloud' },
    ];
    for (let start = 0; start < cases.length; start += 4) {
      const some = cases.slice(start, start + 4);
      const runs = await Promise.all(some.map((inputs) => step.run(inputs)));
      runs.forEach((run, index) => {
        assertFailed(run, 'JIT101', ...Object.keys(some[index] ?? {}));
      });
    }
    assert.deepEqual(step.azure.calls, []);
  });
});

describe('valid inputs', () => {
  const task = usePackagedTask();

  it('are accepted by their aliases, in any case, and with the values of variables', async () => {
    const step = await task.prepare();
    const run = await step.run(
      {
        connectedServiceName: 'my-connection',
        vmResourceIds: `  ${step.vm.id.toUpperCase()} , ${step.vm.id}`,
        ports: '$(wanted)',
        duration: 'PT1H30M',
        waitFor: 'RULE',
        waitTimeout: '45s',
        dryRun: 'False',
      },
      { variables: { wanted: 'RDP' } },
    );
    assertSucceeded(run);
    assert.equal(run.outputs['port'], '3389');
    assert.equal(endpointsOf(run).length, 1);
    const end = Date.parse(run.outputs['expiresAtUtc'] ?? '') - step.azure.now();
    assert.ok(end > 85 * 60_000 && end <= 90 * 60_000, String(end));
  });
});
