import assert from 'node:assert/strict';
import { START } from '../support/fakes/fakeContext';
import { close, hide, noted, onRules, opened } from './closing';
import { HOUR, MINUTE, type Workflow } from './workflow';

const active = ({ policy }: Workflow) => policy.liveGrants().map(({ port }) => port);
const pass = ({ context }: Workflow, ms: number) => context.clock.sleep(ms, context.signal);

describe('requests to end', () => {
  it('exclude those whose own end is just as near: one second of clock difference does not count', async () => {
    for (const [left, asks] of [
      [4000, 1],
      [8500, 1],
      [9000, 1],
      [9001, 2],
    ] as const) {
      const workflow = await opened();
      const end = noted(workflow)[0]?.endsAt ?? 0;
      await pass(workflow, end - left - workflow.azure.now());
      await close(workflow);
      assert.equal(workflow.count('initiate'), asks, String(left));
    }
  });

  it('exclude those that another request of the step has superseded', async () => {
    const workflow = await opened();
    const [entry] = noted(workflow);
    assert.ok(entry);
    const over = { ...entry, startedAt: new Date(START - MINUTE).toISOString(), over: true as const };
    assert.equal((await close(workflow, [over, entry])).length, 1);
    const before = workflow.azure.calls.length;
    assert.deepEqual(await close(workflow, [over]), []);
    assert.equal(workflow.azure.calls.length, before, 'there is nothing to be asked');
  });

  it('include those that only one of three reads of the policy shows', async () => {
    for (const [times, lists] of [
      [2, 0],
      [3, 1],
    ] as const) {
      const workflow = await opened();
      const [reads, asked] = [workflow.count('policy.get'), workflow.count('policies.list')];
      hide(workflow, () => true, times);
      workflow.azure.next('policies.list', () => {
        assert.equal(workflow.count('policy.get') - reads, 3);
      });
      assert.equal((await close(workflow))[0]?.kind, 'closed');
      assert.deepEqual([workflow.count('initiate'), workflow.count('policies.list') - asked], [2, lists]);
    }
  });

  it('exclude those that another request has superseded, even when a later read leaves that one out', async () => {
    const workflow = await opened({ settings: { supersession: 'vm+port' } });
    const { vm, policy } = workflow;
    policy.requestByOther({ vm, port: 22, sources: ['20.70.1.1'], durationMs: HOUR });
    onRules(workflow, () => {
      hide(workflow, () => true);
    });
    const [outcome] = await close(workflow);
    assert.equal(outcome?.kind, 'closed');
    assert.equal(workflow.count('initiate'), 1);
  });

  it('are searched for only until their end', async () => {
    const workflow = await opened();
    await pass(workflow, 4 * HOUR);
    hide(workflow, () => true);
    const [gets, lists] = [workflow.count('policy.get'), workflow.count('policies.list')];
    const [outcome] = await close(workflow);
    assert.equal(outcome?.kind, 'closed');
    assert.deepEqual([workflow.count('policy.get') - gets, workflow.count('policies.list') - lists], [2, 0]);
  });

  it('include both of two when one of them appears late, or in the list only', async () => {
    for (const times of [1, Infinity]) {
      const workflow = await opened({}, { ports: '22' });
      await pass(workflow, MINUTE);
      assert.deepEqual((await workflow.run({ ports: '3389' })).codes, []);
      const [, second] = noted(workflow);
      hide(workflow, ({ startedAt }) => startedAt === second?.startedAt, times);
      const lists = workflow.count('policies.list');
      const outcomes = await close(workflow);
      assert.deepEqual(
        outcomes.map(({ kind }) => kind),
        ['closed', 'closed'],
      );
      assert.deepEqual(active(workflow), []);
      assert.equal(workflow.count('policies.list') - lists, times === 1 ? 0 : 1);
    }
  });

  it('include those that the policy itself shows but the list does not', async () => {
    const workflow = await opened({}, { ports: '22' });
    await pass(workflow, MINUTE);
    assert.deepEqual((await workflow.run({ ports: '3389' })).codes, []);
    const [, second] = noted(workflow);
    hide(workflow, ({ startedAt }) => startedAt === second?.startedAt);
    const { jit } = workflow.context;
    const list = jit.listPolicies.bind(jit);
    Object.assign(jit, {
      listPolicies: async (...given: Parameters<typeof list>) =>
        (await list(...given)).map((policy) => ({ ...policy, requests: [] })),
    });
    await close(workflow);
    assert.deepEqual(active(workflow), [3389], 'the one that is shown is ended');
  });
});
