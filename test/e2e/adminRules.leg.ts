import assert from 'node:assert/strict';
import type { NewAdminRule } from '../support/azure';
import {
  assertFailed,
  assertSucceeded,
  assertWarns,
  closeAfter,
  usePackagedTask,
  warningsOf,
  type PackagedStep,
} from '../support/packagedTask';
import { REPORT_TASK, reportOf } from '../support/reportRun';

const ACTION = 'Microsoft.Network/virtualNetworks/listNetworkManagerEffectiveSecurityAdminRules/action';
const QUICK = { ports: '22', waitTimeout: '3s' };
/** Microsoft's own example: ports that must not be reachable from the internet. */
const NO_SSH: NewAdminRule = {
  ...{ name: 'no-ssh', priority: 10, access: 'Deny', protocol: 'Tcp' },
  ...{ sources: ['Internet'], destinationPorts: ['22', '3389'] },
};
const ALWAYS_SSH: NewAdminRule = { ...NO_SSH, name: 'always-ssh', access: 'AlwaysAllow' };

describe('security admin rules of Azure Virtual Network Manager', () => {
  const task = usePackagedTask();

  async function stepWith(...rules: readonly NewAdminRule[]): Promise<PackagedStep> {
    const step = await task.prepare();
    for (const rule of rules) step.azure.addAdminRule(step.vm, rule);
    return step;
  }

  it('block what the NSGs allow: the step and the dry run fail and name the rule', async () => {
    const step = await stepWith({ ...NO_SSH, access: 'Allow', priority: 20 }, NO_SSH);
    const names = ['JIT702', 'no-ssh', 'priority 10', 'collection baseline', 'configuration corp'] as const;
    assertFailed(await step.run({ ...QUICK, dryRun: 'true' }), ...names);
    assertFailed(await step.run(QUICK), ...names);
  });

  it('are found on the last of many pages', async () => {
    const step = await stepWith();
    for (let at = 0; at < 20; at++)
      step.azure.addAdminRule(step.vm, {
        ...NO_SSH,
        name: `other-${String(at)}`,
        destinationPorts: ['1433'],
      });
    step.azure.addAdminRule(step.vm, NO_SSH);
    assertFailed(await step.run(QUICK), 'JIT702', 'no-ssh');
    const calls = step.azure.callsTo('adminRules');
    assert.equal(calls.length, 7);
    assert.deepEqual(calls[0]?.body, {});
    assert.ok(
      calls.every(({ method, query }) => method === 'POST' && Object.keys(query).join() === 'api-version'),
    );
  });

  it('bypass the NSGs, which is permanent access, in the step and after the job', async () => {
    const step = await stepWith(ALWAYS_SSH);
    const run = await step.run({ ports: '22', closeAtJobEnd: 'true' });
    assertSucceeded(run);
    assertWarns(run, 'always-ssh', 'with no end time');
    const after = await closeAfter(step, run);
    assertWarns(after, 'Still open', 'with no end time', 'always-ssh', 'baseline');
    assert.deepEqual(step.azure.callsTo('rule.delete'), []);
  });

  it('close a port that an NSG would leave open', async () => {
    const step = await stepWith();
    const run = await step.run({ ports: '22', closeAtJobEnd: 'true' });
    assertSucceeded(run);
    step.vm.nicNsg?.addRule({ name: 'ops', priority: 90, access: 'Allow', destinationPorts: ['22'] });
    step.vm.subnetNsg?.addRule({ name: 'ops', priority: 90, access: 'Allow', destinationPorts: ['22'] });
    step.azure.addAdminRule(step.vm, { ...NO_SSH, protocol: 'Any' });
    const after = await closeAfter(step, run);
    assert.deepEqual(after.issues, []);
    assert.ok(after.log.some((line) => line.includes('Closed: web-01, port 22')));
  });

  it('cause no failure and no warning without the right to read them, which a dry run names', async () => {
    const step = await stepWith(NO_SSH);
    step.principal.forbid(ACTION);
    const run = await step.run({ ports: '22' });
    assertSucceeded(run);
    assert.deepEqual(warningsOf(run), []);
    assert.ok(run.log.some((line) => line.includes(ACTION)));
    const dry = await step.run({ ports: '22', dryRun: 'true' });
    assertSucceeded(dry);
    assertWarns(dry, ACTION, 'may block what the network security groups allow');
  });

  it('are read in a cloud with older versions, and ignored if the cloud does not support them', async () => {
    for (const [status, code] of [
      [404, 'InvalidResourceType'],
      [404, 'NotFound'],
      [400, 'NoRegisteredProviderFound'],
      [400, 'BadRequest'],
    ] as const) {
      const step = await stepWith(NO_SSH);
      step.azure.faults.always(({ kind }) => kind === 'adminRules', {
        status,
        body: JSON.stringify({ error: { code, message: 'It is not here.' } }),
      });
      assertSucceeded(await step.run({ ports: '22' }));
    }
    const old = await stepWith(NO_SSH);
    old.azure.settings.olderVersions = 'InvalidResourceType';
    assertFailed(await old.run(QUICK), 'JIT702', 'no-ssh');
  });

  it('cannot do harm through foreign names', async () => {
    const name = '##vso[task.setvariable variable=x]y';
    const step = await stepWith({ ...NO_SSH, name, configuration: `${name}\n` });
    const run = await step.run(QUICK);
    assertFailed(run, 'JIT702');
    assert.equal(run.outputs['x'], undefined);
  });
});

describe('a report on networks with security admin rules', () => {
  const task = usePackagedTask('Node20_1', REPORT_TASK);

  it('fails because of rules that always allow, considers rules that deny, and fails if they cannot be read', async () => {
    const [always, denied, unread] = await Promise.all([task.prepare(), task.prepare(), task.prepare()]);
    const failOn = { failOn: 'openToInternet' };
    always.azure.addAdminRule(always.vm, ALWAYS_SSH);
    const open = await always.run(failOn);
    assertFailed(open, 'JIT422', 'web-01', '22');
    const { schemaVersion, standingPorts } = reportOf(open);
    assert.equal(schemaVersion, '2.1');
    assert.deepEqual(standingPorts[0]?.rules, [
      { name: 'always-ssh', priority: 10, group: 'corp/baseline', attachedTo: 'vnet' },
    ]);

    const everybody = { name: 'ssh', priority: 90, access: 'Allow', destinationPorts: ['22'] } as const;
    for (const nsg of [denied.vm.nicNsg, denied.vm.subnetNsg]) nsg?.addRule(everybody);
    denied.azure.addAdminRule(denied.vm, NO_SSH);
    assertSucceeded(await denied.run(failOn));

    unread.principal.forbid(ACTION);
    const gap = await unread.run(failOn);
    assertFailed(gap, 'JIT301', ACTION);
    assert.deepEqual(
      reportOf(gap).gaps.map(({ part, action, scope }) => [part, action, scope.toLowerCase()]),
      [['network', ACTION, unread.vm.vnetId.toLowerCase()]],
    );
  });

  it('repeats the call after a temporary failure, because the call only reads', async () => {
    const step = await task.prepare();
    step.azure.faults.next(({ kind }) => kind === 'adminRules', { status: 503 });
    const run = await step.run();
    assertSucceeded(run);
    assert.deepEqual(reportOf(run).gaps, []);
    assert.equal(step.azure.callsTo('adminRules').length, 2);
  });
});
