import assert from 'node:assert/strict';
import { assertFailed, assertNames, assertSucceeded, usePackagedTask } from '../support/packagedTask';

describe('a dry run', () => {
  const task = usePackagedTask();

  it('asks for nothing, and says what would be asked', async () => {
    const stage = await task.stage();
    const run = await stage.run({ dryRun: 'true', ports: '22,3389', duration: '30m' });
    assertSucceeded(run);
    assert.deepEqual(stage.azure.callsTo('initiate'), []);
    assert.deepEqual(stage.policy.liveGrants(), []);
    assert.deepEqual(run.outputs, {});
    const hour = new Date(stage.azure.now() + 30 * 60_000).toISOString().slice(0, 13).replace('T', ' ');
    for (const port of ['22', '3389']) {
      const line = run.log.find(
        (text) => text.includes(`web-01 port ${port}`) && text.includes('20.61.99.7'),
      );
      assertNames(line ?? '', hour);
    }
    assert.equal(run.progress.at(-1)?.percent, 100);
  });

  it('says which live request would be used again', async () => {
    const stage = await task.stage();
    assertSucceeded(await stage.run());
    const run = await stage.run({ dryRun: 'true' });
    assertSucceeded(run);
    assert.equal(stage.azure.callsTo('initiate').length, 1);
    assert.ok(run.log.some((line) => line.includes('web-01 port 22') && line.includes('20.61.99.7')));
  });

  it('fails where the real run would fail for want of the right to ask', async () => {
    const stage = await task.stage();
    const action = 'Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action';
    stage.principal.forbid(action);
    const [dry, real] = await Promise.all([stage.run({ dryRun: 'true' }), stage.run()]);
    assertFailed(real, 'JIT301', action);
    assertFailed(dry, 'JIT301', action);
  });
});
