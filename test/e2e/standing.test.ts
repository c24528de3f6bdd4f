import assert from 'node:assert/strict';
import type { NewRule } from '../support/azure';
import {
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

describe('rules that let the source in without just-in-time access', () => {
  const task = usePackagedTask();

  it('are a warning when they let everybody in, with name, priority, group and place', async () => {
    const stages = await Promise.all(
      ['Internet', '*', '0.0.0.0/0'].map((source) =>
        task.stage({
          vm: { subnetNsg: false, nicNsg: { name: 'nsg-web', rules: [allow('by-hand', source)] } },
        }),
      ),
    );
    const runs = await Promise.all(stages.map((stage) => stage.run()));
    for (const run of runs) {
      assertSucceeded(run);
      assertWarns(run, 'by-hand', '1002', 'nsg-web', 'NIC');
    }
    for (const { azure } of stages) assert.equal(azure.callsTo('initiate').length, 1);
  });

  it('are a plain line when they let only some in', async () => {
    const stage = await task.stage({
      vm: { subnetNsg: false, nicNsg: { name: 'nsg-web', rules: [allow('by-hand', '20.61.99.0/24')] } },
    });
    const run = await stage.run();
    assertSucceeded(run);
    assert.deepEqual(warningsOf(run), []);
    const line = run.log.find((text) => text.includes('by-hand'));
    assertNames(line ?? '', '1002', 'nsg-web');
  });

  it('are not there when one of the two groups stops the source', async () => {
    const stage = await task.stage({ vm: { nicNsg: { rules: [allow('by-hand', 'Internet')] } } });
    const run = await stage.run();
    assertSucceeded(run);
    assert.deepEqual(warningsOf(run), []);
    assert.ok(!run.log.join('\n').includes('by-hand'));
  });

  it("are not there when the service's deny rule comes before them", async () => {
    const stage = await task.stage();
    const vm = stage.azure.addVm({ name: 'db-01', nicNsg: { rules: [allow('by-hand', '*')] }, subnet: 'db' });
    const rule = { number: 22, protocol: 'TCP', sources: '*', maxRequestAccessDuration: 'PT3H' };
    stage.azure.addPolicy({ name: 'first', vms: [{ vm, ports: [rule] }], denyPriority: 1000 });
    const run = await stage.run({ vmResourceId: vm.id });
    assertSucceeded(run);
    assert.deepEqual(warningsOf(run), []);
    assert.ok(!run.log.join('\n').includes('by-hand'));
  });

  it('are not the rules of live requests, of this run or of another', async () => {
    const [own, others] = await Promise.all([task.stage(), task.stage()]);
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
});
