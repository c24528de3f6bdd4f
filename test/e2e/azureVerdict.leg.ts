import assert from 'node:assert/strict';
import type { NewRule, NewWatcher, Settings } from '../support/azure';
import {
  assertFailed,
  assertNames,
  assertSucceeded,
  assertWarns,
  closeAfter,
  endpointsOf,
  usePackagedTask,
  warningsOf,
} from '../support/packagedTask';
import { itWithSilence } from '../support/silence';

const VERIFY = 'Microsoft.Network/networkWatchers/ipFlowVerify/action';
const RESULT = 'Microsoft.Network/locations/operationResults/read';
const ACTIONS = ['Microsoft.Network/networkWatchers/read', VERIFY, RESULT];
const QUICK = { ports: '22', waitTimeout: '4s' };
/** A deny rule before the service's allow rule, with a tag that the task cannot resolve. */
const TAG: NewRule = {
  ...{ name: 'no-cloud', priority: 90, access: 'Deny' },
  ...{ sources: ['AzureCloud'], destinationPorts: ['22'] },
};
/** An allow rule with the same tag. */
const CLOUD: NewRule = { ...TAG, name: 'cloud', access: 'Allow', priority: 300 };
/** The tag contains the agent's address, or it does not. */
const WITH_AGENT: NewWatcher = { tags: { azurecloud: ['20.0.0.0/8'] } };
const WITHOUT_AGENT: NewWatcher = { tags: { azurecloud: ['40.0.0.0/8'] } };

describe('the result of IP flow verify where the rules alone do not decide', () => {
  const task = usePackagedTask();

  async function behind(rule: NewRule, watcher?: NewWatcher, settings: Partial<Settings> = {}) {
    const vm = { subnetNsg: false, nicNsg: { name: 'nsg-web', rules: [rule] } };
    const step = await task.prepare({ vm, settings });
    if (watcher) step.azure.addWatcher(watcher);
    return step;
  }

  it('opens a port behind a tag that cannot be resolved, and is logged', async () => {
    const step = await behind(TAG, WITHOUT_AGENT);
    const run = await step.run(QUICK);
    assertSucceeded(run);
    assert.deepEqual(
      endpointsOf(run).map(({ status }) => status),
      ['open'],
    );
    assert.deepEqual(warningsOf(run), []);
    assertNames(run.log.join('\n'), 'IP flow verify of Network Watcher', 'is allowed by the rule UserRule_');
    assert.equal(step.azure.callsTo('watchers.list').length, 1);
    assert.equal(step.azure.callsTo('ipFlowVerify').length, 1);
  });

  it('opens a port for a member of an application security group', async () => {
    const step = await task.prepare({ vm: { subnetNsg: false }, settings: { ruleDelayMs: Infinity } });
    const { azure, vm } = step;
    azure.addWatcher();
    azure.addVm({ name: 'runner', privateIp: '10.0.0.77', applicationSecurityGroups: ['asg-ops'] });
    const group = `/subscriptions/${vm.subscriptionId}/resourceGroups/rg-app/providers/Microsoft.Network/applicationSecurityGroups/asg-ops`;
    vm.nicNsg?.addRule({ ...CLOUD, name: 'ops', sources: [], sourceGroupIds: [group] });
    const run = await step.run({ ...QUICK, sourceIp: '10.0.0.77' });
    assertSucceeded(run);
    assertNames(run.log.join('\n'), '10.0.0.77 is allowed by the rule UserRule_ops');
    assertFailed(await step.run({ ...QUICK, sourceIp: '10.0.0.78' }), 'JIT701', '10.0.0.78 is denied');
  });

  it('opens a port for a network that might be in VirtualNetwork because of a gateway', async () => {
    const step = await task.prepare({ vm: { subnetNsg: false } });
    const { azure, vm } = step;
    azure.addWatcher();
    azure.addGateway(vm);
    vm.nicNsg?.addRule({ ...TAG, name: 'no-vnet', sources: ['VirtualNetwork'] });
    const run = await step.run({ ...QUICK, sourceIp: '192.168.7.7' });
    assertSucceeded(run);
    assertNames(run.log.join('\n'), '192.168.7.7 is allowed');
  });

  it('fails the step with JIT702 if it is a denial, with the rule that Azure names', async () => {
    const step = await behind(TAG, WITH_AGENT);
    const run = await step.run(QUICK);
    assertFailed(run, 'JIT702', 'no-cloud (priority 90)', 'is denied by the rule UserRule_no-cloud');
  });

  it('is read from the URL in the response until it is available, even if the rule is', async () => {
    const step = await behind(TAG, WITHOUT_AGENT, { verdictMs: 1500 });
    const run = await step.run({ ...QUICK, waitTimeout: '20s' });
    assertSucceeded(run);
    assertNames(run.log.join('\n'), 'is allowed by the rule UserRule_');
    assert.equal(step.azure.callsTo('ipFlowVerify').length, 1);
    assert.equal(step.azure.callsTo('flowResult').at(-1)?.status, 200);
  });

  it('counts as a denial even if the rules that were read allow the source, and both are reported', async () => {
    const step = await behind(TAG, WITHOUT_AGENT, { verdicts: 'Deny' });
    step.vm.nicNsg?.addRule({ ...CLOUD, name: 'ours', priority: 80, sources: ['20.61.1.1'] });
    const run = await step.run({ ...QUICK, sourceIp: '20.50.1.7,20.61.1.1' });
    assertFailed(run, 'JIT702', 'although the rules that were read allow it', 'UserRule_elsewhere');
  });

  for (const [without, arrange] of [
    ...ACTIONS.map((action) => [`the right ${action}`, action] as const),
    ['a network watcher', undefined],
    ['one watcher among two', 'two'],
    ['a watcher in the subscription of the VM', 'far'],
    ['an answer that makes sense', 'odd'],
  ] as const) {
    it(`causes no failure of its own and no warning without ${without}: the run is as before`, async () => {
      const watchers: readonly NewWatcher[] =
        arrange === undefined
          ? []
          : arrange === 'two'
            ? [{}, { name: 'second' }]
            : [{ ...(arrange === 'far' && { subscriptionId: '99999999-2222-4333-8444-555555555555' }) }];
      const step = await behind(TAG, undefined, { verdictMs: 1 });
      for (const watcher of watchers) step.azure.addWatcher({ ...WITHOUT_AGENT, ...watcher });
      if (arrange?.startsWith('Microsoft.')) step.principal.forbid(arrange);
      if (arrange === 'odd')
        step.azure.faults.always('ipFlowVerify', {
          ...{ status: 200, body: '{"access":"Perhaps"}' },
          headers: { 'content-type': 'application/json' },
        });
      const run = await step.run({ ...QUICK, waitTimeout: '6s' });
      assertFailed(run, 'JIT702', 'no-cloud');
      assert.doesNotMatch(run.message, /IP flow verify/);
      assert.deepEqual(warningsOf(run), []);
      if (arrange?.startsWith('Microsoft.')) assertNames(run.log.join('\n'), arrange);
    });
  }

  it('is named by a dry run with the required rights, but only if it would be used', async () => {
    const [granted, refused, plain] = await Promise.all([
      behind(TAG, WITHOUT_AGENT),
      behind(TAG, WITHOUT_AGENT),
      task.prepare(),
    ]);
    refused.principal.forbid(VERIFY);
    const [has, lacks, needs] = await Promise.all(
      [granted, refused, plain].map((step) => step.run({ ports: '22', dryRun: 'true' })),
    );
    assert.ok(has && lacks && needs);
    assertSucceeded(has);
    assertNames(
      has.summaries.join(),
      'The real run uses IP flow verify',
      'networkWatchers/read on /subscriptions/',
    );
    assertFailed(lacks, 'JIT702', 'no-cloud');
    assertSucceeded(needs);
    assertWarns(lacks, VERIFY, 'no role grants it', 'neither as open nor as closed');
    assert.doesNotMatch(needs.summaries.join(), /networkWatchers/);
    for (const { azure } of [granted, refused, plain])
      assert.deepEqual(azure.callsTo('ipFlowVerify'), [], 'it is asked only in a real run');
  });

  itWithSilence('that never arrives delays no step beyond its time limit', async () => {
    const step = await behind(TAG, WITHOUT_AGENT);
    step.azure.faults.always('ipFlowVerify', 'hang');
    const run = await step.run({ ...QUICK, waitTimeout: '5s' });
    assertFailed(run, 'JIT702', 'no-cloud');
    assert.ok(step.azure.callsTo('nsg').length > 1, 'the rules are read meanwhile');
  });

  it('leads to a port that the rules leave undecided being reported as closed after the job, with the rule that Azure names', async () => {
    const step = await behind(CLOUD, WITHOUT_AGENT);
    const run = await step.run({ ports: '22', closeAtJobEnd: 'true' });
    assertSucceeded(run);
    const after = await closeAfter(step, run);
    assert.deepEqual(after.issues, []);
    assertNames(after.log.join('\n'), 'Closed: web-01, port 22', 'is denied by the rule UserRule_');
  });

  it('prevents reporting a port as closed after the job if it is missing or allows the source', async () => {
    const [allows, none] = await Promise.all([behind(CLOUD, WITH_AGENT), behind(CLOUD)]);
    for (const step of [allows, none]) {
      const run = await step.run({ ports: '22', closeAtJobEnd: 'true' });
      assertSucceeded(run);
      const after = await closeAfter(step, run);
      assertWarns(after, 'Still open', 'cloud (priority 300)');
      if (step === allows) assertWarns(after, 'is allowed by the rule UserRule_cloud');
    }
  });

  it('cannot do harm through foreign names', async () => {
    const step = await behind(TAG, WITHOUT_AGENT);
    step.azure.faults.always('ipFlowVerify', {
      ...{ status: 200, headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({ access: 'Deny', ruleName: '##vso[task.setvariable variable=x]y\n##[error]z' }),
    });
    const run = await step.run(QUICK);
    assertFailed(run, 'JIT702', 'is denied');
    assert.equal(run.outputs['x'], undefined);
  });
});
