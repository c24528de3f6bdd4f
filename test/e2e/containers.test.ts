import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { itInRoot } from '../support/agent/signals';
import type { StepOptions } from '../support/agent/job';
import {
  assertFailed,
  assertSucceeded,
  assertWarns,
  closeAfter,
  endpointsOf,
  usePackagedTask,
  type PackagedStep,
} from '../support/packagedTask';

/** A file of the agent's machine, in the path that the agent passes to every job. */
const CA_FILE = '/opt/agent/ca.pem';
const CLOSE = { closeAtJobEnd: 'true' };

/** A container whose image trusts the simulated Azure, unless `env` overrides that. */
const inContainer = ({ azure }: PackagedStep, more: Partial<StepOptions> = {}): Partial<StepOptions> => ({
  caFile: CA_FILE,
  container: { root: 'played' },
  env: { NODE_EXTRA_CA_CERTS: azure.caFile },
  ...more,
});

describe('a job in a container', () => {
  const task = usePackagedTask();

  for (const node of ['Node20_1', 'Node24'] as const) {
    it(`opens and closes with the image's ${node}, and warns without the agent's certificates`, async () => {
      const step = await task.prepare();
      const run = await step.run(CLOSE, inContainer(step, { container: { root: 'played', node } }));
      assertSucceeded(run);
      assertWarns(run, CA_FILE);
      assert.equal(endpointsOf(run)[0]?.status, 'open');
      await closeAfter(step, run);
      assert.deepEqual(step.vm.nicNsg?.jitAllowRules(), []);
    });
  }

  it("then continues with Node's own root certificates, and trusts nothing else", async () => {
    const step = await task.prepare();
    const run = await step.run({ sourceIp: '20.61.99.7' }, inContainer(step, { env: {} }));
    assertFailed(run, 'JIT603', 'certificate');
    assertWarns(run, CA_FILE);
    assert.deepEqual(step.azure.callsTo('token', 'initiate'), []);
  });

  it('is not informed of its cancellation, and the post-job step closes what it opened', async () => {
    const step = await task.prepare({ settings: { ruleDelayMs: Infinity } });
    const running = step.start({ ...CLOSE, waitTimeout: '1m' }, inContainer(step));
    await running.waitForLine(/^Waiting until/);
    running.cancel();
    const run = await running.finished;
    assert.deepEqual([run.result, run.completions], ['Canceled', 0]);
    assert.equal(step.policy.liveGrants().length, 1);
    await closeAfter(step, run);
    assert.deepEqual(step.policy.liveGrants(), []);
  });

  it('requests nothing more once its post-job step has begun, because no step would close it', async () => {
    const step = await task.prepare();
    const first = await step.run(CLOSE, inContainer(step));
    assertSucceeded(first);
    await closeAfter(step, first);
    step.azure.forget();
    // A step that could not be informed of its cancellation still runs when its post-job step has finished.
    const late = await step.retry(first);
    assertFailed(late, 'JIT801', 'post-job step');
    assert.deepEqual(step.azure.callsTo('initiate'), []);
    assert.deepEqual(step.policy.liveGrants(), []);
  });

  itInRoot('opens and closes in a container with only Node, as a user without an account', async () => {
    const step = await task.prepare();
    const { azure } = step;
    const run = await step.run(CLOSE, {
      caFile: CA_FILE,
      container: { root: 'own' },
      env: { NODE_EXTRA_CA_CERTS: '/etc/ca.pem' },
      prepare: ({ root }) => {
        copyFileSync(azure.caFile, path.join(root, 'etc', 'ca.pem'));
        return {};
      },
    });
    assertSucceeded(run);
    assertWarns(run, CA_FILE);
    assert.equal(run.summaries.length, 1);
    assert.match(run.outputs['endpointsPath'] ?? '', /^\/__w\//);
    await closeAfter(step, run);
    assert.deepEqual(step.vm.nicNsg?.jitAllowRules(), []);
  });
});
