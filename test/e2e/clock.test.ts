import assert from 'node:assert/strict';
import { askedPorts, assertSucceeded, usePackagedTask, type Stage } from '../support/packagedTask';
import type { ConnectionKind } from '../support/scenario';

const HOUR = 3_600_000;

describe("an agent whose clock is not Azure's", () => {
  const task = usePackagedTask();

  const skewed = (hours: number, kind: ConnectionKind = 'key'): Promise<Stage> =>
    task.stage({ kind, settings: { clockSkewMs: hours * HOUR } });

  it("computes the end from Azure's clock, so that the maximum is accepted", async () => {
    const stages = await Promise.all([skewed(-2), skewed(2)]);
    const runs = await Promise.all(stages.map((stage) => stage.run({ duration: 'max' })));
    runs.forEach(assertSucceeded);
    stages.forEach((stage, index) => {
      const [asked] = askedPorts(stage);
      const left = Date.parse(asked?.endTimeUtc ?? '') - stage.azure.now();
      assert.ok(left > 2.9 * HOUR && left <= 3 * HOUR, String(left / HOUR));
      assert.equal(runs[index]?.outputs['expiresAtUtc'], asked?.endTimeUtc);
    });
  });

  it('uses a live request again, and no request that is over', async () => {
    const stages = await Promise.all([skewed(-2), skewed(2)]);
    await Promise.all(stages.map((stage) => stage.run()));
    (await Promise.all(stages.map((stage) => stage.run()))).forEach(assertSucceeded);
    for (const stage of stages) {
      assert.equal(askedPorts(stage).length, 1);
      stage.azure.advance(HOUR);
    }
    (await Promise.all(stages.map((stage) => stage.run()))).forEach(assertSucceeded);
    for (const stage of stages) assert.equal(askedPorts(stage).length, 2);
  });

  it('signs in once with a managed identity', async () => {
    const stages = await Promise.all([
      skewed(-2, 'system-assigned identity'),
      skewed(2, 'user-assigned identity'),
    ]);
    (await Promise.all(stages.map((stage) => stage.run()))).forEach(assertSucceeded);
    for (const { azure } of stages) assert.equal(azure.callsTo('imds').length, 1);
  });
});
