import assert from 'node:assert/strict';
import type { Kind } from '../support/azure';
import { requestedPorts, assertSucceeded, endpointsOf, usePackagedTask } from '../support/packagedTask';

const MINUTE = 60_000;

describe('the calls to Azure', () => {
  const task = usePackagedTask();

  it('are sent once each if the rules exist immediately', async () => {
    const step = await task.prepare();
    assertSucceeded(await step.run());
    const count = (kind: Kind) => step.azure.callsTo(kind).length;
    const kinds: readonly Kind[] = [
      'token',
      'policies.list',
      'initiate',
      'vm',
      'nic',
      'subnet',
      'publicIp',
      'adminRules',
    ];
    assert.deepEqual(
      kinds.map((kind) => [kind, count(kind)]),
      kinds.map((kind) => [kind, 1]),
    );
    const groups = step.azure.callsTo('nsg').map(({ path }) => path.split('/').at(-1));
    assert.deepEqual(groups.toSorted(), ['default-subnet-nsg', 'web-01-nic-nsg']);
    assert.deepEqual(step.azure.callsTo('policy.get', 'vnet', 'permissions', 'operation'), []);
    assert.equal(count('echo'), 3);
  });

  it('list the policies of the resource group, because the list of a subscription is incomplete', async () => {
    const step = await task.prepare();
    assertSucceeded(await step.run());
    for (const { path } of step.azure.callsTo('policies.list'))
      assert.match(path, /\/resourceGroups\/rg-app\//i);
  });

  it('request nothing twice: a second run reuses the active request', async () => {
    const step = await task.prepare();
    const first = await step.run();
    const second = await step.run();
    assertSucceeded(first);
    assertSucceeded(second);
    assert.equal(step.azure.callsTo('initiate').length, 1);
    // Each run has its own files.
    const withoutFiles = ({ outputs }: typeof first) => ({
      ...outputs,
      endpointsPath: '',
      inventoryPath: '',
    });
    assert.deepEqual(withoutFiles(second), withoutFiles(first));
  });

  it('request access again for another source, another port, or if an active request ends too soon', async () => {
    const [source, port, early] = await Promise.all([task.prepare(), task.prepare(), task.prepare()]);
    early.policy.requestByOther({
      vm: early.vm,
      port: 22,
      sources: ['20.61.99.7'],
      durationMs: 50 * MINUTE,
    });
    await Promise.all([source.run({ sourceIp: '20.61.1.1' }), port.run({ ports: '22' })]);
    const runs = await Promise.all([
      source.run({ sourceIp: '20.61.1.2' }),
      port.run({ ports: '22,3389' }),
      early.run(),
    ]);
    runs.forEach(assertSucceeded);
    assert.deepEqual(
      requestedPorts(source).map(({ allowedSourceAddressPrefix }) => allowedSourceAddressPrefix),
      ['20.61.1.1', '20.61.1.2'],
    );
    assert.deepEqual(
      requestedPorts(port).map(({ number }) => number),
      [22, 3389],
    );
    assert.equal(requestedPorts(early).length, 1);
  });

  it("request nothing if another run's request covers the source and nine tenths of the time", async () => {
    const step = await task.prepare();
    const { policy, vm, azure } = step;
    policy.requestByOther({ vm, port: 22, sources: ['20.61.99.0/24'], durationMs: 55 * MINUTE });
    const [grant] = policy.liveGrants();
    const run = await step.run();
    assertSucceeded(run);
    assert.deepEqual(azure.callsTo('initiate'), []);
    assert.equal(run.outputs['sourceAddresses'], '20.61.99.0/24');
    assert.equal(run.outputs['expiresAtUtc'], new Date(grant?.endsAt ?? 0).toISOString());
    assert.equal(endpointsOf(run)[0]?.status, 'open');
  });
});
