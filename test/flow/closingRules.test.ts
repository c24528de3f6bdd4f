import assert from 'node:assert/strict';
import { AGENT } from '../support/fakes/fakeContext';
import { close, DELETE, noted, opened, STUBBORN } from './closing';
import { aWorkflow, HOUR, MINUTE, type Workflow } from './workflow';

const rulesLeft = ({ vm }: Workflow): number =>
  [vm.nicNsg, vm.subnetNsg].reduce((count, group) => count + (group?.jitAllowRules().length ?? 0), 0);
const kinds = async (workflow: Workflow, entries = noted(workflow)) =>
  (await close(workflow, entries)).map(({ kind }) => kind);
const pass = ({ context }: Workflow, ms: number) => context.clock.sleep(ms, context.signal);

describe('the rules of several requests of one step', () => {
  it('are deleted for each port if an earlier end is ignored', async () => {
    for (const ports of ['22,3389', 'all']) {
      const workflow = await opened({ settings: STUBBORN }, { ports });
      const count = noted(workflow).length;
      assert.ok(count > 1);
      assert.deepEqual(
        await kinds(workflow),
        noted(workflow).map(() => 'closed'),
        ports,
      );
      assert.equal(workflow.count('rule.delete'), 2 * count, 'each once, in two groups');
      assert.equal(rulesLeft(workflow), 0);
    }
  });

  it('are deleted for each attempt, and one request ends both', async () => {
    const workflow = await opened({ settings: STUBBORN });
    const first = noted(workflow);
    await pass(workflow, 10 * MINUTE);
    assert.deepEqual((await workflow.run({}, first)).codes, []);
    assert.deepEqual(await kinds(workflow), ['closed', 'closed']);
    assert.equal(rulesLeft(workflow), 0);
    assert.equal(workflow.count('initiate'), 3);
  });

  for (const ruleRemovalMs of [4000, 10_000, 20_000]) {
    it(`are deleted with the rule of the near end, which stays for ${String(ruleRemovalMs / 1000)} s`, async () => {
      const workflow = await opened({ settings: { ...STUBBORN, ruleRemovalMs } });
      assert.deepEqual(await kinds(workflow), ['closed']);
      assert.equal(rulesLeft(workflow), 0);
    });
  }
});

describe('a rule that outlasts its request', () => {
  for (const supersession of ['vm+port', 'vm+port+source', 'none'] as const) {
    for (const ruleRemovalMs of [12_000, 20_000, Infinity]) {
      it(`is deleted (${supersession}, after ${String(ruleRemovalMs / 1000)} s)`, async () => {
        const workflow = await opened({ settings: { supersession, ruleRemovalMs, ruleDelayMs: 3000 } });
        assert.deepEqual(await kinds(workflow), ['closed']);
        assert.equal(rulesLeft(workflow), 0);
      });
    }
  }

  it('is waited for if deleting it is forbidden', async () => {
    for (const supersession of ['vm+port', 'vm+port+source'] as const) {
      const late = { supersession, ruleRemovalMs: 20_000, ruleDelayMs: 3000 };
      const workflow = await opened({ settings: late });
      workflow.azure.principal.forbid(DELETE);
      assert.deepEqual(await kinds(workflow), ['closed']);
    }
  });

  it('is reported to stay, with the reason, if deleting it is forbidden', async () => {
    const workflow = await opened({
      settings: { supersession: 'vm+port', ruleRemovalMs: Infinity, ruleDelayMs: 3000 },
    });
    workflow.azure.principal.forbid(DELETE);
    const [outcome] = await close(workflow);
    assert.ok(outcome?.kind === 'open');
    assert.equal(outcome.until, undefined, 'nobody knows until when');
    assert.match(outcome.why, /has ended, but .*Azure removes the rule .*securityRules\/delete/);
  });

  it('is waited for and never deleted if it might have existed before the request', async () => {
    for (const [ruleRemovalMs, kind] of [
      [20_000, 'closed'],
      [Infinity, 'open'],
    ] as const) {
      // The rule exists when the step reads the rules for the first time.
      const workflow = await opened({ settings: { supersession: 'vm+port', ruleRemovalMs, ruleDelayMs: 0 } });
      assert.deepEqual(await kinds(workflow), [kind]);
      assert.equal(workflow.count('rule.delete'), 0);
    }
  });

  it('is also deleted when the request has just ended by itself', async () => {
    const workflow = await opened(
      { settings: { ruleRemovalMs: 12_000, ruleDelayMs: 3000 } },
      { duration: '5m' },
    );
    await pass(workflow, 5 * MINUTE);
    assert.deepEqual(await kinds(workflow), ['closed']);
    assert.equal(rulesLeft(workflow), 0);
  });

  it('is not deleted when the request ended more than two minutes ago, because it might belong to someone else', async () => {
    for (const [after, kind] of [
      [MINUTE, 'closed'],
      [3 * MINUTE, 'open'],
    ] as const) {
      const settings = { ruleRemovalMs: Infinity, ruleDelayMs: 3000 };
      const workflow = await opened({ settings }, { duration: '5m' });
      await pass(workflow, 5 * MINUTE + after);
      assert.deepEqual(await kinds(workflow), [kind]);
      assert.equal(workflow.count('rule.delete'), kind === 'open' ? 0 : 2);
    }
  });
});

describe('a request whose rule was never seen', () => {
  for (const ruleDelayMs of [12_000, 30_000]) {
    for (const waitFor of ['nothing', 'rule']) {
      it(`might still open the port after ${String(ruleDelayMs / 1000)} s (${waitFor})`, async () => {
        const workflow = aWorkflow({ settings: { ...STUBBORN, ruleDelayMs } });
        await workflow.run({ waitFor, waitTimeout: '2s' });
        const [outcome] = await close(workflow);
        assert.ok(outcome?.kind === 'open');
        assert.equal(outcome.until, noted(workflow)[0]?.endsAt);
        await pass(workflow, MINUTE);
        assert.ok(rulesLeft(workflow) > 0, 'the rule came after the job');
      });
    }
  }

  it('may still open it when a rule of somebody else, which allowed the source, is gone', async () => {
    const workflow = aWorkflow({ settings: { ...STUBBORN, ruleDelayMs: Infinity } });
    await workflow.run({ waitFor: 'nothing' });
    const rule = { name: 'by-hand', priority: 900, access: 'Allow', destinationPorts: ['22'] } as const;
    const groups = [workflow.vm.nicNsg, workflow.vm.subnetNsg];
    for (const group of groups) group?.addRule(rule);
    workflow.azure.next('policies.list', () => {
      for (const group of groups) group?.removeRule(rule.name);
    });
    const [outcome] = await close(workflow);
    assert.ok(outcome?.kind === 'open');
    assert.equal(outcome.until, noted(workflow)[0]?.endsAt);
  });

  it('is closed where the policy does not show it as active any more', async () => {
    const workflow = aWorkflow({ settings: { supersession: 'vm+port', ruleDelayMs: 30_000 } });
    await workflow.run({ waitFor: 'nothing' });
    assert.deepEqual(await kinds(workflow), ['closed']);
    await pass(workflow, MINUTE);
    assert.equal(rulesLeft(workflow), 0);
  });
});

describe('the reported end while another run holds the address', () => {
  for (const supersession of ['vm+port', 'vm+port+source', 'none'] as const) {
    it(`is not before the real one if an earlier end is ignored (${supersession})`, async () => {
      const workflow = aWorkflow({ settings: { supersession, honoursEarlyEnd: false } });
      workflow.policy.requestByOther({
        ...{ vm: workflow.vm, port: 22, sources: [AGENT, '20.9.9.9'] },
        durationMs: 90 * MINUTE,
      });
      await workflow.run({ shareActiveRequests: 'true', duration: '3h' });
      const [outcome] = await close(workflow);
      assert.ok(outcome?.kind === 'open');
      const holding = workflow.policy.liveGrants().filter(({ sources }) => sources.includes(AGENT));
      const real = Math.max(...holding.map(({ endsAt }) => endsAt));
      assert.ok(real > workflow.azure.now() + 2 * HOUR);
      assert.ok(outcome.until !== undefined && outcome.until >= real);
      assert.doesNotMatch(outcome.why, /ended its own requests/);
    });
  }
});
