import assert from 'node:assert/strict';
import { requestedPorts, assertSucceeded, usePackagedTask, type PackagedStep } from '../support/packagedTask';
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
});
