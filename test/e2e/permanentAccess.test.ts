import assert from 'node:assert/strict';
import type { NewRule } from '../support/azure';
import {
  assertFailed,
  assertNames,
  assertSucceeded,
  assertWarns,
  usePackagedTask,
  warningsOf,
} from '../support/packagedTask';

const allow = (name: string, ...sources: readonly string[]): NewRule => ({
  name,
  priority: 1002,
  access: 'Allow',
  protocol: 'Tcp',
  sources,
  destinationPorts: ['22'],
});

describe('rules that allow the source without just-in-time access', () => {
  const task = usePackagedTask();

  it('cause a warning if they allow everyone, with name, priority, NSG, and its place', async () => {
    const steps = await Promise.all(
      ['Internet', '*', '0.0.0.0/0'].map((source) =>
        task.prepare({
          vm: { subnetNsg: false, nicNsg: { name: 'nsg-web', rules: [allow('by-hand', source)] } },
        }),
      ),
    );
    const runs = await Promise.all(steps.map((step) => step.run()));
    for (const run of runs) {
      assertSucceeded(run);
      assertWarns(run, 'by-hand', '1002', 'nsg-web', 'NIC');
    }
    for (const { azure } of steps) assert.equal(azure.callsTo('initiate').length, 1);
  });

  it('cause a log line without a warning if they allow only some addresses', async () => {
    const step = await task.prepare({
      vm: { subnetNsg: false, nicNsg: { name: 'nsg-web', rules: [allow('by-hand', '20.61.99.0/24')] } },
    });
    const run = await step.run();
    assertSucceeded(run);
    assert.deepEqual(warningsOf(run), []);
    const line = run.log.find((text) => text.includes('by-hand'));
    assertNames(line ?? '', '1002', 'nsg-web');
  });

  it('are not reported if one of the two NSGs blocks the source', async () => {
    const step = await task.prepare({ vm: { nicNsg: { rules: [allow('by-hand', 'Internet')] } } });
    const run = await step.run();
    assertSucceeded(run);
    assert.deepEqual(warningsOf(run), []);
    assert.ok(!run.log.join('\n').includes('by-hand'));
  });

  it("are not reported if the service's deny rule comes before them", async () => {
    const step = await task.prepare();
    const vm = step.azure.addVm({
      ...{ name: 'db-01', publicIp: '20.50.1.11', subnet: 'db' },
      nicNsg: { rules: [allow('by-hand', '*')] },
    });
    const rule = { number: 22, protocol: 'TCP', sources: '*', maxRequestAccessDuration: 'PT3H' };
    step.azure.addPolicy({ name: 'first', vms: [{ vm, ports: [rule] }], denyPriority: 1000 });
    const run = await step.run({ vmResourceId: vm.id });
    assertSucceeded(run);
    assert.deepEqual(warningsOf(run), []);
    assert.ok(!run.log.join('\n').includes('by-hand'));
  });

  it('do not include the rules of active requests of this run or another one', async () => {
    const [own, others] = await Promise.all([task.prepare(), task.prepare()]);
    const request = { vm: others.vm, port: 22, durationMs: 10 * 60_000 };
    others.policy.requestByOther({ ...request, sources: ['*'] });
    const runs = await Promise.all([own.run(), others.run()]);
    const again = await own.run();
    for (const run of [...runs, again]) {
      assertSucceeded(run);
      assert.deepEqual(warningsOf(run), []);
      assert.ok(!run.log.some((line) => line.includes('JITRule')), run.log.join('\n'));
    }
  });

  /** A rule that resembles the service's in its name only. */
  const named = (...sources: readonly string[]): NewRule => ({
    ...allow(`MicrosoftDefenderForCloud-JITRule--123456-${'0123456789ABCDEF'.repeat(2)}`, ...sources),
    priority: 110,
  });

  it("also cause a warning if the rule has the name of a request's rule but belongs to none", async () => {
    const step = await task.prepare({
      vm: { subnetNsg: false, nicNsg: { name: 'nsg-web', rules: [named('*')] } },
    });
    const dry = await step.run({ dryRun: 'true' });
    assertSucceeded(dry);
    const run = await step.run();
    assertSucceeded(run);
    for (const each of [dry, run]) {
      assertWarns(
        each,
        '110',
        'nsg-web',
        'with no end time',
        'no active request',
        'Every address on the internet',
      );
    }
  });

  it('include the rules of a request that is over, or that was for less than the rule allows', async () => {
    const step = await task.prepare({
      vm: { subnetNsg: false, nicNsg: { name: 'nsg-web', rules: [named('20.61.0.0/16')] } },
    });
    const request = { vm: step.vm, port: 22, sources: ['20.61.0.0/16'], durationMs: 10 * 60_000 };
    step.policy.addPastRequest({ ...request, agoMs: 20 * 60_000 });
    step.policy.requestByOther({ ...request, sources: ['20.61.0.0/24'] });
    const run = await step.run();
    assertSucceeded(run);
    assert.ok(run.log.some((line) => line.includes('110') && line.includes('with no end time')));
  });

  it('do not include those of a request under another policy of the group', async () => {
    const step = await task.prepare({
      vm: { subnetNsg: false, nicNsg: { name: 'nsg-web', rules: [named('20.61.0.0/16')] } },
      settings: { denyPriority: 4000 },
    });
    const ports = [{ number: 22, protocol: 'TCP', sources: '*', maxRequestAccessDuration: 'PT1H' }];
    const other = step.azure.addPolicy({ name: 'other', vms: [{ vm: step.vm, ports }] });
    const request = { vm: step.vm, port: 22, sources: ['20.61.0.0/16'], durationMs: 10 * 60_000 };
    other.requestByOther(request);
    const run = await step.run({ policyName: 'jit-web' });
    assertSucceeded(run);
    assert.ok(!run.log.some((line) => line.includes('with no end time')), run.log.join('\n'));
  });

  it('are still reported if a deny rule has a name of the service', async () => {
    const deny = { ...named('*'), access: 'Deny', priority: 100 } as const;
    const step = await task.prepare({ vm: { subnetNsg: false, nicNsg: { name: 'nsg-web', rules: [deny] } } });
    assertFailed(await step.run({ waitTimeout: '3s' }), 'JIT702', '100', 'nsg-web');
    assertFailed(await step.run({ dryRun: 'true' }), 'JIT702', '100');
  });
});
