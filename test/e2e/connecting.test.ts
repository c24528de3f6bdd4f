import assert from 'node:assert/strict';
import type { NewVm } from '../support/azure';
import {
  assertFailed,
  assertNames,
  assertSucceeded,
  assertWarns,
  usePackagedTask,
  type PackagedStep,
} from '../support/packagedTask';
import { itWithSilence } from '../support/silence';
import { startTcp } from '../support/azure';
import { anyPort } from '../support/scenario';

const warningsOf = ({ issues }: Awaited<ReturnType<PackagedStep['run']>>) =>
  issues.filter(({ type }) => type === 'warning').map(({ message }) => message);

/** The public address is on the second network interface. */
const front: NonNullable<NewVm['nics']> = [
  { name: 'back', primary: true, nsg: true, addresses: [{ privateIp: '10.0.1.8', primary: true }] },
  {
    name: 'front',
    primary: false,
    addresses: [{ privateIp: '10.0.1.7', primary: true, publicIp: '20.50.1.12' }],
  },
];

describe('a step that sets where to connect', () => {
  const task = usePackagedTask();

  it('warns of a stopped VM, using the call that reads it, and succeeds', async () => {
    const step = await task.prepare({ vm: { powerState: 'deallocated' } });
    const run = await step.run();
    assertSucceeded(run);
    assertNames(warningsOf(run).join('\n'), 'web-01 is stopped (deallocated)');
    assert.equal(warningsOf(run).length, 1);
    assert.equal(run.outputs['host'], '20.50.1.10');
    assert.deepEqual(
      step.azure.callsTo('vm').map(({ query }) => query['$expand']),
      ['instanceView'],
    );
    const dry = await step.run({ dryRun: 'true' });
    assertSucceeded(dry);
    assertWarns(dry, 'web-01 is stopped (deallocated)');
    assertNames(dry.summaries.join(), 'web-01 is stopped (deallocated)');
  });

  it('names the network interface that has the public address', async () => {
    const step = await task.prepare({ vm: { nics: front } });
    for (const inputs of [{}, { dryRun: 'true' }]) {
      const run = await step.run(inputs);
      assertSucceeded(run);
      assertWarns(run, '10.0.1.8', '20.50.1.12', 'network interface front', 'Azure Firewall', 'probeHost');
      assert.equal(warningsOf(run).length, 1);
    }
    assert.equal(step.azure.callsTo('nic').length, 4, 'two network interfaces in each run');
  });

  it('logs nothing, and reads nothing more, for a private source', async () => {
    const step = await task.prepare({ vm: { nics: front } });
    const run = await step.run({ sourceIp: '10.0.0.77' });
    assertSucceeded(run);
    assert.deepEqual(warningsOf(run), []);
    assert.equal(step.azure.callsTo('nic').length, 1);
  });

  it('needs no right besides those of the role, and succeeds without them', async () => {
    const [narrow, blind] = await Promise.all([
      task.prepare({ vm: { powerState: 'stopped' }, settings: { instanceView: 'ownRight' } }),
      task.prepare({ vm: { nics: front } }),
    ]);
    narrow.principal.forbid('Microsoft.Compute/virtualMachines/instanceView/read');
    blind.principal.forbid('Microsoft.Network/publicIPAddresses/read');
    const [first, second] = await Promise.all([narrow.run(), blind.run()]);
    assertSucceeded(first);
    assert.deepEqual(warningsOf(first), [], 'nothing is known, and nothing is claimed');
    assertSucceeded(second);
    assertWarns(second, 'network interface front', 'Microsoft.Network/publicIPAddresses/read');
  });

  itWithSilence('starts with the stopped VM if nothing answers', async () => {
    const target = await startTcp({ behaviour: 'silent' });
    try {
      const step = await task.prepare({
        vm: { powerState: 'stopped' },
        ports: [anyPort(target.port)],
      });
      const run = await step.run({
        ports: String(target.port),
        waitFor: 'connection',
        waitTimeout: '1s',
        probeHost: '127.0.0.1',
      });
      assertFailed(run, 'JIT704', 'web-01 was stopped when this step started');
    } finally {
      await target.close();
    }
  });
});
