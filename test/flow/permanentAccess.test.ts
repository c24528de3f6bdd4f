import assert from 'node:assert/strict';
import type { NewRule } from '../support/azure';
import { aWorkflow, HOUR, type Workflow } from './workflow';

/** Without an NSG on the subnet, so that the rules of the network interface decide. */
const aNic = (rule?: NewRule, settings = {}): Workflow => {
  const workflow = aWorkflow({ vm: { subnetNsg: false }, settings: { ruleDelayMs: Infinity, ...settings } });
  if (rule) workflow.vm.nicNsg?.addRule(rule);
  return workflow;
};

const allow = (sources: readonly string[]): NewRule => ({
  name: 'ops-ssh',
  priority: 1002,
  access: 'Allow',
  protocol: 'Tcp',
  sources,
  destinationPorts: ['22'],
});

describe('permanent access through rules', () => {
  it('is logged for this agent with the rule, without a warning', async () => {
    const { run, context: context } = aNic(allow(['20.50.0.0/16']));
    const { codes, endpoints } = await run();
    assert.deepEqual(codes, []);
    assert.equal(endpoints[0]?.status, 'open');
    assert.ok(context.texts('line').some((text) => text.includes('ops-ssh') && text.includes('1002')));
    assert.deepEqual(context.texts('warning'), []);
  });

  for (const sources of [['*'], ['Internet'], ['0.0.0.0/0'], ['0.0.0.0/1', '128.0.0.0/1']]) {
    it(`causes a warning if the rule allows everyone: ${sources.join()}`, async () => {
      const { run, context: context } = aNic(allow(sources));
      assert.deepEqual((await run()).codes, []);
      assert.ok(context.texts('warning').some((text) => text.includes('ops-ssh') && text.includes('1002')));
    });
  }

  for (const [kind, sources] of [
    ['line', ['20.50.0.0/16']],
    ['warning', ['*']],
  ] as const) {
    it(`is also named with the rule when no connection gets an answer, in a ${kind}`, async () => {
      const { run, context: context } = aNic(allow(sources));
      context.ports.answers = ['silent'];
      assert.deepEqual((await run({ waitFor: 'connection', waitTimeout: '20s' })).codes, ['JIT704']);
      const naming = context.texts(kind).filter((text) => text.includes('ops-ssh') && text.includes('1002'));
      assert.equal(naming.length, 1);
    });
  }

  it('is not reported if only the grant allows the source', async () => {
    const { run, context: context } = aNic(undefined, { ruleDelayMs: 1000 });
    assert.deepEqual((await run()).codes, []);
    assert.ok(!context.texts('line').some((text) => text.includes('without just-in-time')));
    assert.deepEqual(context.texts('warning'), []);
  });

  it('is not confused with an active grant of any run', async () => {
    const { run, context: context, policy, vm } = aNic(undefined, { ruleDelayMs: 0, supersession: 'none' });
    policy.requestByOther({ vm, port: 22, sources: ['*'], durationMs: HOUR / 2 });
    assert.deepEqual((await run()).codes, []);
    assert.deepEqual(context.texts('warning'), []);
    assert.ok(!context.texts('line').some((text) => text.includes('without just-in-time')));
  });

  it('is not reported for a rule that an earlier rule overrides', async () => {
    const { run, context: context, vm } = aNic(allow(['*']), { ruleDelayMs: 1000 });
    vm.nicNsg?.addRule({ name: 'closed', priority: 900, access: 'Deny', destinationPorts: ['22'] });
    assert.deepEqual((await run()).codes, []);
    assert.deepEqual(context.texts('warning'), []);
  });

  it('causes a warning if everyone has it over IPv6, even if the port does not open in time', async () => {
    const workflow = aWorkflow({
      vm: { subnetNsg: false, ipv6: 'fd00:10::4' },
      settings: { ruleDelayMs: Infinity },
    });
    workflow.vm.nicNsg?.addRule(allow(['::/0']));
    assert.deepEqual((await workflow.run({ waitTimeout: '20s' })).codes, ['JIT701']);
    const warnings = workflow.context.texts('warning').filter((text) => text.includes('IPv6'));
    assert.deepEqual([warnings.length, warnings[0]?.includes('ops-ssh')], [1, true]);
  });

  it('is also reported in a dry run, which does everything except the request', async () => {
    const { run, context: context, count } = aNic(allow(['*']));
    assert.deepEqual((await run({ dryRun: 'true' })).codes, []);
    assert.equal(count('initiate'), 0);
    assert.ok(context.texts('warning').some((text) => text.includes('ops-ssh')));
  });
});
