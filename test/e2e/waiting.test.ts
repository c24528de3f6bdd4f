import assert from 'node:assert/strict';
import {
  assertFailed,
  assertNames,
  assertSucceeded,
  endpointsOf,
  onFirst,
  usePackagedTask,
} from '../support/packagedTask';

const SUBNET_GROUP = 'default-subnet-nsg';
const NIC_GROUP = 'web-01-nic-nsg';

describe('waiting', () => {
  const task = usePackagedTask();

  it('ends when the rules of both NSGs allow the source, and not before', async () => {
    const step = await task.prepare({ settings: { ruleDelayMs: 500, initiatingMs: 200 } });
    const run = await step.run({ waitTimeout: '20s' });
    assertSucceeded(run);
    const [initiate] = step.azure.callsTo('initiate');
    const last = step.azure.callsTo('nsg').at(-1);
    assert.ok(initiate && last && last.atMs - initiate.atMs >= 500);
    assert.equal(endpointsOf(run)[0]?.status, 'open');
  });

  it('continues while a new request has the status Initiating, as every request has at first', async () => {
    const step = await task.prepare();
    assertSucceeded(await step.run({ waitFor: 'request' }));
    assert.ok(step.azure.callsTo('policy.get').length > 0, 'The answer to the request said Initiated.');
  });

  it("is skipped, or depends on Azure's request status only, if configured", async () => {
    const settings = { ruleDelayMs: Infinity, initiatingMs: 200 };
    const [nothing, request, never] = await Promise.all([
      task.prepare({ settings: { ...settings, initiatingMs: Infinity } }),
      task.prepare({ settings }),
      task.prepare({ settings: { ...settings, initiatingMs: Infinity } }),
    ]);
    const runs = await Promise.all([
      nothing.run({ waitFor: 'nothing' }),
      request.run({ waitFor: 'request' }),
      never.run({ waitFor: 'request', waitTimeout: '2s' }),
    ]);
    assertSucceeded(runs[0]);
    assertSucceeded(runs[1]);
    assertFailed(runs[2], 'JIT701', 'Initiating');
    assert.deepEqual(nothing.azure.callsTo('policy.get'), []);
    assert.ok(request.azure.callsTo('policy.get').length > 0);
    for (const step of [nothing, request]) assert.deepEqual(step.azure.callsTo('nsg', 'subnet'), []);
    assert.notEqual(endpointsOf(runs[0])[0]?.status, 'open');
    assert.equal(runs[0].outputs['host'], '20.50.1.10');
  });

  it('fails in time if the rule does not appear, and names what blocks the source', async () => {
    const [late, locked, wiped] = await Promise.all([
      task.prepare({ settings: { ruleDelayMs: Infinity } }),
      task.prepare({ settings: { ruleBlockedByLock: true } }),
      task.prepare({ settings: { ruleTargets: 'nic' } }),
    ]);
    onFirst(wiped, 'nsg', () => {
      wiped.vm.nicNsg?.wipeJitRules();
    });
    const inputs = { waitTimeout: '2s' };
    const runs = await Promise.all([late.run(inputs), locked.run(inputs), wiped.run(inputs)]);
    for (const run of runs) assertFailed(run, 'JIT701', 'web-01', '22', '20.61.99.7');
    for (const run of runs.slice(0, 2)) {
      assertNames(run.message, '4096', SUBNET_GROUP, 'subnet', NIC_GROUP, 'NIC');
    }
    assertNames(runs[2].message, '65500', 'DenyAllInBound');
    assert.equal(runs[0].outputs['host'], '20.50.1.10');
    assertNames(runs[0].summaries.join(), 'web-01', 'JIT701');
  });

  it('names another rule that comes first, with its priority, its NSG, and its place', async () => {
    const rule = { access: 'Deny', destinationPorts: ['20-25'] } as const;
    const [nic, subnet, tag] = await Promise.all([
      task.prepare({
        vm: { nicNsg: { name: 'nsg-web', rules: [{ ...rule, name: 'stop-it', priority: 90 }] } },
      }),
      task.prepare({
        vm: { subnetNsg: { name: 'nsg-net', rules: [{ ...rule, name: 'no-ssh', priority: 95 }] } },
      }),
      task.prepare({
        vm: {
          nicNsg: {
            name: 'nsg-tag',
            rules: [{ ...rule, name: 'no-cloud', priority: 99, sources: ['AzureCloud'] }],
          },
        },
      }),
    ]);
    const inputs = { waitTimeout: '2s' };
    const runs = await Promise.all([nic.run(inputs), subnet.run(inputs), tag.run(inputs)]);
    assertFailed(runs[0], 'JIT702', 'stop-it', '90', 'nsg-web', 'NIC');
    assertFailed(runs[1], 'JIT702', 'no-ssh', '95', 'nsg-net', 'subnet');
    assertFailed(runs[2], 'JIT702', 'no-cloud', '99', 'nsg-tag', 'NIC');
    assert.equal(nic.azure.callsTo('initiate').length, 1);
  });

  it('names the run that superseded the request', async () => {
    const step = await task.prepare({ settings: { ruleDelayMs: Infinity, supersession: 'vm+port' } });
    const url = 'https://dev.azure.com/contoso/Other/_build/results?buildId=99';
    onFirst(step, 'policy.get', () => {
      step.policy.requestByOther({
        vm: step.vm,
        port: 22,
        sources: ['20.77.0.9'],
        durationMs: 4 * 3_600_000,
        requestor: 'cleo@contoso.com',
        justification: `Other / nightly 7, ${url}`,
      });
    });
    const run = await step.run({ waitTimeout: '30s' });
    assertFailed(run, 'JIT703', 'web-01', '22', 'cleo@contoso.com', '20.77.0.9', url);
    assert.equal(step.azure.callsTo('initiate').length, 1);
  });

  it("reads the network's own addresses if a rule or the source depends on them", async () => {
    const rule = {
      name: 'no-neighbours',
      priority: 95,
      access: 'Deny',
      sources: ['VirtualNetwork'],
    } as const;
    const [inside, outside] = await Promise.all([
      task.prepare({ vm: { nicNsg: { rules: [rule] } } }),
      task.prepare({ vm: { nicNsg: { rules: [rule] } } }),
    ]);
    const inputs = { waitTimeout: '2s' };
    const runs = await Promise.all([inside.run({ ...inputs, sourceIp: '10.0.9.9' }), outside.run(inputs)]);
    assertFailed(runs[0], 'JIT702', 'no-neighbours', '95', NIC_GROUP);
    assertSucceeded(runs[1]);
    for (const { azure } of [inside, outside]) assert.equal(azure.callsTo('vnet').length, 1);
  });

  it('ends in time if Azure stops responding about the rules', async () => {
    const step = await task.prepare();
    step.azure.faults.always('nsg', 'hang');
    const run = await step.run({ waitTimeout: '2s' });
    assertFailed(run, 'JIT701', 'web-01');
    assert.equal(run.outputs['host'], '20.50.1.10');
  });

  it('relies on the rules if Azure stops responding about the request', async () => {
    const step = await task.prepare({ settings: { ruleDelayMs: 900 } });
    step.azure.faults.always('policy.get', 'hang');
    assertSucceeded(await step.run({ waitTimeout: '4s' }));
  });

  it('continues despite failures of Azure', async () => {
    const step = await task.prepare({ settings: { ruleDelayMs: 300 } });
    step.azure.faults.next('nsg', [
      { status: 503, retryAfterMs: 1 },
      'reset',
      { status: 429, retryAfterMs: 1 },
    ]);
    step.azure.faults.next('policy.get', { status: 500, retryAfterMs: 1 });
    assertSucceeded(await step.run());
    assert.equal(step.azure.callsTo('initiate').length, 1);
  });
});
