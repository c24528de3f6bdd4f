import assert from 'node:assert/strict';
import {
  assertFailed,
  assertNames,
  assertSucceeded,
  usePackagedTask,
  warningsOf,
} from '../support/packagedTask';
import { REFUSED_ANSWERS, refuseAll } from '../support/refusedCalls';

const NEVER = /Plan 2|proxy|sign-in page|nexpected response/;

describe('a permanent refusal by Azure, for JitOpenPorts,', () => {
  const task = usePackagedTask();

  for (const kind of ['policies.list', 'initiate'] as const) {
    it(`ends the step immediately, with the cause and nothing open, at ${kind}`, async () => {
      await Promise.all(
        REFUSED_ANSWERS.map(async (answer) => {
          const step = await task.prepare();
          refuseAll(step, kind, answer);
          const run = await step.run();
          assertFailed(run, answer.code);
          if (answer.code !== 'JIT302') assert.doesNotMatch(run.message, NEVER, answer.name);
          assert.doesNotMatch(run.message, /may be open|stays open/, answer.name);
          assert.deepEqual(step.policy.liveGrants(), []);
          assert.equal(step.azure.callsTo(kind).length, answer.tries, answer.name);
        }),
      );
    });
  }

  it('leaves what could not be read unknown, with a warning that gives the reason', async () => {
    await Promise.all(
      REFUSED_ANSWERS.filter(({ isOfReads }) => isOfReads).map(async (answer) => {
        const step = await task.prepare();
        refuseAll(step, 'nic', answer);
        const run = await step.run();
        assertSucceeded(run);
        const [warning = '', ...more] = warningsOf(run);
        assert.deepEqual(more, [], answer.name);
        assertNames(warning, /cannot be read/, answer.says);
        assert.doesNotMatch(warning, NEVER, answer.name);
      }),
    );
  });
});

describe('a permanent refusal by Azure, for JitConfigurePolicy,', () => {
  const task = usePackagedTask('Node20_1', 'tasks/JitConfigurePolicy/JitConfigurePolicyV1');

  for (const kind of ['policies.list', 'vm', 'policy.put'] as const) {
    it(`ends the step with the cause and nothing changed, at ${kind}`, async () => {
      await Promise.all(
        REFUSED_ANSWERS.filter(({ isOfJit, name }) =>
          // If another writer was faster, the change is merged again. Other tests cover this.
          kind === 'policy.put' ? !name.startsWith('412') : kind !== 'vm' || !isOfJit,
        ).map(async (answer) => {
          const step = await task.prepare();
          const vm = step.azure.addVm({ name: 'new-01', resourceGroup: 'rg-new' });
          refuseAll(step, kind, answer);
          const run = await step.run({ vmResourceId: vm.id });
          assertFailed(run, answer.code, answer.says);
          if (answer.code !== 'JIT302') assert.doesNotMatch(run.message, NEVER, answer.name);
          assert.doesNotMatch(run.message, /might have changed|run changed/, answer.name);
          assert.equal(run.outputs['changed'] ?? 'false', 'false');
        }),
      );
    });
  }

  it('is not assumed if a deletion returns a page, and neither is another writer', async () => {
    const faults = ['html', 'notJson'] as const;
    await Promise.all(
      faults.map(async (fault) => {
        const step = await task.prepare();
        step.azure.faults.always('policy.delete', fault);
        const run = await step.run({ vmResourceId: step.vm.id, action: 'remove' });
        assertFailed(run, 'JIT604', 'might have changed', 'jit-web');
        assert.equal(step.azure.callsTo('policy.delete').length, 1);
      }),
    );
  });

  it('is not followed by a wait if Azure requests a pause that is longer than the remaining time', async () => {
    const step = await task.prepare();
    step.azure.faults.always('policy.put', { status: 503, retryAfterSeconds: 3600 });
    const run = await step.run({ portRules: '443' });
    assertFailed(run, 'JIT601', '3600 s', 'might have changed');
    assert.equal(step.azure.callsTo('policy.put').length, 1);
  });
});
