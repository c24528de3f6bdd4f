import assert from 'node:assert/strict';
import { anyPort } from '../support/scenario';
import {
  assertFailed,
  assertNames,
  assertSucceeded,
  endpointsOf,
  onFirst,
  requestsOf,
  usePackagedTask,
} from '../support/packagedTask';

const OTHER_SUBSCRIPTION = '99999999-2222-4333-8444-555555555555';

describe('a step for several VMs', () => {
  const task = usePackagedTask();

  it('sends one request for each policy, with all its VMs, across groups, regions, and subscriptions', async () => {
    const step = await task.prepare();
    const { azure, vm } = step;
    const twin = azure.addVm({ name: 'web-02', publicIp: '20.50.1.11' });
    const far = azure.addVm({ name: 'far-01', resourceGroup: 'rg-far', location: 'northeurope' });
    const foreign = azure.addVm({ name: 'alien-01', subscriptionId: OTHER_SUBSCRIPTION });
    azure.addPolicy({ name: 'twins', vms: [{ vm: twin, ports: [anyPort(22)] }] });
    azure.addPolicy({ name: 'north', vms: [{ vm: far, ports: [anyPort(22)] }] });
    azure.addPolicy({ name: 'default', vms: [{ vm: foreign, ports: [anyPort(22)] }] });
    azure.addPolicy({
      name: 'pair',
      vms: ['pair-01', 'pair-02'].map((name) => ({ vm: azure.addVm({ name }), ports: [anyPort(22)] })),
    });
    const short = ['rg-app/pair-01', 'rg-app/pair-02'];
    const run = await step.run({
      vmResourceId: `${vm.id}\n${twin.id},${far.id}\n${foreign.id}\n${short.join()}`,
    });
    assertSucceeded(run);
    const requested = azure.callsTo('initiate').map(({ path }) => path.split('/').at(-2));
    assert.deepEqual(requested.toSorted(), ['default', 'jit-web', 'north', 'pair', 'twins']);
    const pair = requestsOf(step).find(({ virtualMachines }) => virtualMachines.length > 1);
    assert.deepEqual(
      pair?.virtualMachines.map(({ id }) => id.split('/').at(-1)),
      ['pair-01', 'pair-02'],
    );
    assert.equal(azure.callsTo('policies.list').length, 4, 'three groups, of which one has two pages');
    assert.equal(azure.callsTo('token').length, 1);
    assert.deepEqual(
      endpointsOf(run).map(({ vmName, status }) => `${vmName} ${status}`),
      ['web-01', 'web-02', 'far-01', 'alien-01', 'pair-01', 'pair-02'].map((name) => `${name} open`),
    );
    assert.equal(run.outputs['host'], '20.50.1.10');
    assertNames(run.summaries.join(), 'web-02', 'far-01', 'alien-01', 'pair-01', 'pair-02');
  });

  it('fails if one VM stays closed, and still reports what is open', async () => {
    const step = await task.prepare();
    const { azure, vm } = step;
    const rule = { name: 'stop-ssh', priority: 90, access: 'Deny', destinationPorts: ['22'] } as const;
    const shut = azure.addVm({ name: 'shut-01', nicNsg: { name: 'nsg-shut', rules: [rule] } });
    azure.addPolicy({ name: 'shut', vms: [{ vm: shut, ports: [anyPort(22)] }] });
    const run = await step.run({ vmResourceId: `${vm.id}\n${shut.id}`, waitTimeout: '2s' });
    assertFailed(run, 'JIT702', 'stop-ssh', '90', 'nsg-shut', 'shut-01', 'NIC');
    assert.equal(run.outputs['host'], '20.50.1.10');
    assert.equal(run.outputs['port'], '22');
    assert.equal(run.outputs['sourceAddresses'], '20.61.99.7');
    const status = new Map(endpointsOf(run).map((endpoint) => [endpoint.vmName, endpoint.status]));
    assert.equal(status.get('web-01'), 'open');
    assert.notEqual(status.get('shut-01'), 'open');
    const [summary = ''] = run.summaries;
    const rowOf = (name: string) => summary.split('\n').find((line) => line.startsWith(`| ${name} |`)) ?? '';
    assertNames(rowOf('web-01'), '22', '20.61.99.7', 'open');
    assertNames(rowOf('shut-01'), '22', '20.61.99.7', 'JIT702');
  });

  it('keeps what one policy granted if another refuses the request', async () => {
    const step = await task.prepare();
    const { azure, vm } = step;
    const foreign = azure.addVm({ name: 'alien-01', subscriptionId: OTHER_SUBSCRIPTION });
    azure.addPolicy({ name: 'default', vms: [{ vm: foreign, ports: [anyPort(22)] }] });
    azure.planTwoOff(OTHER_SUBSCRIPTION);
    const run = await step.run({ vmResourceId: `${foreign.id}\n${vm.id}` });
    assertFailed(run, 'JIT302', OTHER_SUBSCRIPTION);
    assert.deepEqual(
      endpointsOf(run).map(({ vmName, status }) => [vmName, status]),
      [['web-01', 'open']],
    );
    assert.equal(run.outputs['host'], '20.50.1.10');
    assertNames(run.summaries.join(), 'web-01');
  });

  it('requests access for no VM if the policy of one does not allow it', async () => {
    const step = await task.prepare();
    const { azure, vm } = step;
    const strict = azure.addVm({ name: 'strict-01' });
    const rule = { ...anyPort(22), maxRequestAccessDuration: 'PT30M' };
    azure.addPolicy({ name: 'strict', vms: [{ vm: strict, ports: [rule] }] });
    const run = await step.run({ vmResourceId: `${vm.id}\n${strict.id}` });
    assertFailed(run, 'JIT403', 'strict-01', /30 ?min/);
    assert.deepEqual(azure.callsTo('initiate'), []);
  });

  it('signs in again only once if Azure refuses the token of many calls at the same time', async () => {
    const step = await task.prepare();
    const { azure } = step;
    const vms = Array.from({ length: 8 }, (_none, at) => azure.addVm({ name: `twin-${String(at)}` }));
    azure.addPolicy({ name: 'twins', vms: vms.map((vm) => ({ vm, ports: [anyPort(22)] })) });
    onFirst(step, 'nic', () => {
      azure.revokeTokens();
    });
    assertSucceeded(await step.run({ vmResourceId: vms.map(({ id }) => id).join() }));
    assert.ok(azure.callsTo('nic').length >= vms.length);
    assert.equal(azure.callsTo('token').length, 2);
  });
});
