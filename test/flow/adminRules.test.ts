import assert from 'node:assert/strict';
import { notFound, notReached, serverError, throttled } from '../../tasks/shared/messages/failures';
import { refusedByAzure, versionRefused } from '../../tasks/shared/messages/refusals';
import { NO_SSH, ALWAYS_SSH, withRules } from './withRules';
import { anyPort, aWorkflow } from './workflow';

const ACTION = 'Microsoft.Network/virtualNetworks/listNetworkManagerEffectiveSecurityAdminRules/action';
describe('security admin rules in front of a VM', () => {
  it('fail a waiting step with JIT702, which fully identifies the rule', async () => {
    const { run } = withRules(NO_SSH);
    const { codes, opened } = await run({ ports: '22', waitTimeout: '20s' });
    assert.deepEqual(codes, ['JIT702']);
    const { seen = '', remedy = '' } = opened?.failures[0] ?? {};
    for (const part of ['no-ssh', 'priority 10', 'baseline', 'corp', 'Virtual Network Manager'])
      assert.ok(seen.includes(part), part);
    assert.ok(!remedy.includes('waitTimeout'));
  });

  it('fail the dry run with the same code, because no request changes them', async () => {
    const { run, count } = withRules(NO_SSH);
    const { codes, thrown } = await run({ ports: '22', dryRun: 'true' });
    assert.deepEqual(codes, ['JIT702']);
    assert.ok(thrown?.seen.includes('no-ssh'));
    assert.equal(count('adminRules'), 1);
  });

  it('also fail it if another network manager, even one of the same name, might pass the traffic on first', async () => {
    const managerGroup = '/subscriptions/88888888-2222-4333-8444-555555555555/resourceGroups/rg-avnm';
    const { run } = withRules(NO_SSH, { ...NO_SSH, managerGroup, priority: 5, access: 'Allow' });
    const { codes, opened } = await run({ ports: '22', waitTimeout: '20s' });
    assert.deepEqual(codes, ['JIT702']);
    assert.ok(opened?.failures[0]?.seen.includes('no-ssh'));
  });

  it('fail no step if they cover another port, cover another source, or pass the traffic on', async () => {
    for (const rule of [
      { ...NO_SSH, destinationPorts: ['3389'] },
      { ...NO_SSH, sources: ['203.0.113.0/24'] },
      { ...NO_SSH, access: 'Allow' },
      { ...NO_SSH, direction: 'Outbound' },
    ] as const) {
      const { run } = withRules(rule, { ...NO_SSH, priority: 20, sources: ['10.9.0.0/16'] });
      assert.deepEqual((await run({ ports: '22' })).codes, [], JSON.stringify(rule));
    }
  });

  it('are permanent access if they always allow it, with a warning if they allow everyone', async () => {
    const { run, context } = withRules(ALWAYS_SSH);
    assert.deepEqual((await run({ ports: '22' })).codes, []);
    const [warning = ''] = context.texts('warning');
    for (const part of ['always-ssh', 'baseline', 'with no end']) assert.ok(warning.includes(part), part);
  });

  it('are found on later pages, among thousands, and read once for all VMs of a network and all rounds', async () => {
    const workflow = aWorkflow({ settings: { ruleDelayMs: 20_000 } });
    const { azure, vm, run } = workflow;
    const other = azure.addVm({ name: 'web-02', subnetNsg: true });
    azure.addPolicy({ name: 'jit-2', vms: [{ vm: other, ports: [anyPort(22)] }] });
    for (let at = 1; at <= 2000; at++)
      azure.addAdminRule(vm, {
        ...NO_SSH,
        name: `r-${String(at)}`,
        priority: at,
        destinationPorts: ['1433'],
      });
    azure.addAdminRule(vm, { ...NO_SSH, priority: 4000 });
    const vmResourceId = `${vm.id}\n${other.id}`;
    const { codes } = await run({ vmResourceId, ports: '22', waitTimeout: '60s' });
    assert.deepEqual(codes, ['JIT702', 'JIT702']);
    assert.equal(workflow.count('adminRules'), 1);
    assert.ok(workflow.count('nsg') > 4);
  });

  it('are not read if nothing reads the rules', async () => {
    for (const waitFor of ['request', 'nothing']) {
      const { run, count } = withRules(NO_SSH);
      assert.deepEqual((await run({ waitFor })).codes, []);
      assert.equal(count('adminRules'), 0, waitFor);
    }
  });

  it('count as not open if they cannot be resolved, such as a service tag or an invalid rule', async () => {
    for (const rule of [
      { ...NO_SSH, sources: ['AzureCloud'] },
      { ...NO_SSH, properties: { access: 'Perhaps' } },
      { ...NO_SSH, properties: { sources: 'nobody' } },
    ]) {
      const { run } = withRules(rule);
      const { codes, opened } = await run({ ports: '22', waitTimeout: '20s' });
      assert.deepEqual(codes, ['JIT702'], JSON.stringify(rule));
      assert.ok(opened?.failures[0]?.seen.includes('no-ssh'));
    }
  });
});

describe('security admin rules that cannot be read', () => {
  it('fail no step, and are reported in a line, not in a warning', async () => {
    const { run, azure, context } = withRules(NO_SSH);
    azure.principal.forbid(ACTION);
    assert.deepEqual((await run({ ports: '22' })).codes, []);
    assert.deepEqual(context.texts('warning'), []);
    assert.equal(context.texts('line').filter((text) => text.includes(ACTION)).length, 1);
  });

  for (const [name, failure] of [
    ['the network is not found', notFound('virtual network', 'x')],
    ['the cloud does not have them', versionRefused('x', 'y')],
    ['Azure refuses the call', refusedByAzure('x', 'y')],
  ] as const) {
    it(`fail no step when ${name}`, async () => {
      const { run, azure, count } = withRules(NO_SSH);
      azure.always('adminRules', failure);
      assert.deepEqual((await run({ ports: '22' })).codes, []);
      assert.equal(count('adminRules'), 1);
    });
  }

  it('are read again in the next round after a temporary failure', async () => {
    const { run, azure, count } = withRules(NO_SSH);
    azure.next('adminRules', serverError('x', 503, 'y'));
    assert.deepEqual((await run({ ports: '22', waitTimeout: '20s' })).codes, ['JIT702']);
    assert.equal(count('adminRules'), 2);
  });

  it('fail no step because of a persistent failure, after some rounds', async () => {
    const { run, azure, count, context } = withRules(NO_SSH);
    azure.always('adminRules', serverError('x', 503, 'y'));
    assert.deepEqual((await run({ ports: '22' })).codes, []);
    assert.equal(count('adminRules'), 3);
    assert.equal(context.texts('line').filter((text) => text.includes('security admin rules')).length, 1);
  });

  it('fail no step because of throttling or a call that hangs, which is tried once', async () => {
    for (const fault of [throttled('x', 'y'), 'hang'] as const) {
      const { run, azure, count, context } = withRules(NO_SSH);
      azure.always('adminRules', fault);
      assert.deepEqual((await run({ ports: '22', waitTimeout: '12s' })).codes, []);
      assert.equal(count('adminRules'), 1);
      assert.equal(context.texts('line').filter((text) => text.includes('security admin rules')).length, 1);
    }
  });

  it('do not decide a short wait either, whatever prevents reading them', async () => {
    for (const waitTimeout of ['1s', '5s']) {
      for (const fault of [
        'hang',
        serverError('x', 500, 'y'),
        notReached('x', 'y'),
        throttled('x', 'y'),
      ] as const) {
        const workflow = aWorkflow({ settings: { ruleDelayMs: 0, initiatingMs: 0 } });
        workflow.azure.always('adminRules', fault);
        const { codes } = await workflow.run({ ports: '22', waitTimeout });
        assert.deepEqual(codes, [], `${waitTimeout} ${String(fault)}`);
        const { context } = workflow;
        assert.equal(context.texts('line').filter((text) => text.includes('security admin rules')).length, 1);
      }
    }
  });

  it('are named as a possibility by JIT704 only', async () => {
    for (const isForbidden of [true, false]) {
      const { run, azure, context } = aWorkflow();
      context.ports.answers = ['silent'];
      if (isForbidden) azure.principal.forbid(ACTION);
      const { codes, opened } = await run({ ports: '22', waitFor: 'connection', waitTimeout: '20s' });
      assert.deepEqual(codes, ['JIT704']);
      assert.equal(opened?.failures[0]?.remedy.includes('Virtual Network Manager'), isForbidden);
    }
  });

  it('are named by the dry run, with the right and the effect of its absence', async () => {
    const { run, azure } = withRules(NO_SSH);
    const find = async () =>
      (await run({ ports: '22', dryRun: 'true', waitFor: 'connection' })).checks.filter(({ text }) =>
        text.includes(ACTION),
      );
    assert.deepEqual(
      (await find()).map(({ mark }) => mark),
      ['ok'],
    );
    azure.principal.forbid(ACTION);
    const [line, ...more] = await find();
    assert.deepEqual([line?.mark, more], ['missing', []]);
    assert.ok(line?.text.includes('may block what the network security groups allow'));
    assert.deepEqual((await run({ ports: '22', dryRun: 'true' })).codes, []);
  });
});
