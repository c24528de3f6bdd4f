import assert from 'node:assert/strict';
import type { OddEntry } from '../../tasks/shared/core/policy';
import { parseVmId } from '../../tasks/shared/core/resourceIds';
import { aWorkflow } from './workflow';

/** Runs a step where the policy also has entries that cannot be interpreted: this many for its port, and one other. */
async function withOddEntries(count: number) {
  const workflow = aWorkflow();
  const { jit } = workflow.context;
  const odd = Array.from({ length: count }, (_none, at): OddEntry => ({
    ...{ part: 'request', vmKey: parseVmId(workflow.vm.id)?.key, port: 22, mayLastUntil: Infinity },
    problem: `the field ${String(at)}`,
  }));
  const other: OddEntry = { part: 'vm', vmKey: undefined, port: 9, problem: 'no id', mayLastUntil: 0 };
  Object.assign(workflow.context, {
    jit: {
      ...jit,
      listPolicies: async (...call: Parameters<typeof jit.listPolicies>) =>
        (await jit.listPolicies(...call)).map((policy) => ({ ...policy, odd: [...odd, other] })),
    },
  });
  assert.deepEqual((await workflow.run()).codes, []);
  return workflow.context;
}

describe('entries of a policy that cannot be interpreted', () => {
  it('are warnings if they might be about this run, ten at most, and otherwise one line', async () => {
    for (const [count, warnings] of [
      [1, 1],
      [10, 10],
      [25, 10],
    ] as const) {
      const context = await withOddEntries(count);
      assert.equal(context.texts('warning').length, warnings);
      const ignored = context.texts('line').filter((text) => text.includes('are ignored'));
      assert.equal(ignored.length, 1);
      assert.match(ignored[0] ?? '', /port 9\.$/);
      assert.doesNotMatch(ignored[0] ?? '', /web-01/, 'an entry for this run is not ignored');
    }
  });

  it('are all in the log', async () => {
    const context = await withOddEntries(25);
    assert.match(context.texts('warning').at(-1) ?? '', /^16 more entries/);
    const texts = [...context.texts('warning'), ...context.texts('line')].join('\n');
    for (let at = 0; at < 25; at++) assert.match(texts, new RegExp(`: the field ${String(at)}\\.`));
  });
});
