import assert from 'node:assert/strict';
import {
  assertFailed,
  requestedPorts,
  assertSucceeded,
  usePackagedTask,
  type PackagedStep,
} from '../support/packagedTask';
import type { ConnectionKind } from '../support/scenario';

const HOUR = 3_600_000;

describe("an agent whose clock differs from Azure's", () => {
  const task = usePackagedTask();

  const skewed = (hours: number, kind: ConnectionKind = 'key'): Promise<PackagedStep> =>
    task.prepare({ kind, settings: { clockSkewMs: hours * HOUR } });

  it("calculates the end from Azure's clock, so that the maximum is accepted", async () => {
    const steps = await Promise.all([skewed(-2), skewed(2)]);
    const runs = await Promise.all(steps.map((step) => step.run({ duration: 'max' })));
    runs.forEach(assertSucceeded);
    steps.forEach((step, index) => {
      const [requested] = requestedPorts(step);
      const left = Date.parse(requested?.endTimeUtc ?? '') - step.azure.now();
      assert.ok(left > 2.9 * HOUR && left <= 3 * HOUR, String(left / HOUR));
      assert.equal(runs[index]?.outputs['expiresAtUtc'], requested?.endTimeUtc);
    });
  });

  it('reuses an active request, but no request that is over', async () => {
    const steps = await Promise.all([skewed(-2), skewed(2)]);
    await Promise.all(steps.map((step) => step.run()));
    (await Promise.all(steps.map((step) => step.run()))).forEach(assertSucceeded);
    for (const step of steps) {
      assert.equal(requestedPorts(step).length, 1);
      step.azure.advance(HOUR);
    }
    (await Promise.all(steps.map((step) => step.run()))).forEach(assertSucceeded);
    for (const step of steps) assert.equal(requestedPorts(step).length, 2);
  });

  it('signs in once with a managed identity', async () => {
    const steps = await Promise.all([
      skewed(-2, 'system-assigned identity'),
      skewed(2, 'user-assigned identity'),
    ]);
    (await Promise.all(steps.map((step) => step.run()))).forEach(assertSucceeded);
    for (const { azure } of steps) assert.equal(azure.callsTo('imds').length, 1);
  });

  it('is JIT604 when Azure shows a time that no clock has, and nothing is requested', async () => {
    const step = await task.prepare();
    const { vm, policy } = step;
    const ports = [
      {
        number: 22,
        protocol: '*',
        allowedSourceAddressPrefix: '*',
        maxRequestAccessDuration: 'PT3H',
      },
    ];
    const properties = { virtualMachines: [{ id: vm.id, ports }], requests: [] };
    const date = 'Fri, 12 Sep 275760 23:43:20 GMT';
    step.azure.faults.always(({ service }) => service === 'arm', { status: 403, headers: { date } });
    step.azure.faults.next('policies.list', {
      status: 200,
      headers: { date, 'content-type': 'application/json' },
      body: JSON.stringify({
        value: [{ id: policy.id, name: 'jit-web', location: 'westeurope', properties }],
      }),
    });
    assertFailed(await step.run({ sourceIp: '20.61.99.7', waitFor: 'nothing' }), 'JIT604', 'Date');
    assert.equal(requestedPorts(step).length, 0);
  });
});
