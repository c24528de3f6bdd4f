import assert from 'node:assert/strict';
import { parsePrefixes } from '../../tasks/shared/core/prefixes';
import { toOpened } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/state';
import { AGENT, START } from '../support/fakes/fakeContext';
import { close, noted } from './closing';
import { aWorkflow, HOUR, MINUTE, type Workflow } from './workflow';

const OTHER = '20.70.1.1';
const SHARE = { shareActiveRequests: 'true', closeAtJobEnd: 'true', duration: '3h' };
const KEYS = ['none', 'vm+port', 'vm+port+source'] as const;

const byOther = ({ policy, vm }: Workflow, sources: readonly string[], durationMs: number): void => {
  policy.requestByOther({ vm, port: 22, sources, durationMs, justification: 'buildId=7' });
};
const active = ({ policy }: Workflow) =>
  policy.liveGrants().map(({ sources, endsAt }) => ({ sources: [...sources].sort(), endsAt }));
const rulesFor = ({ vm }: Workflow) =>
  (vm.nicNsg?.jitAllowRules() ?? []).flatMap(({ sources = [] }) => sources);
/** Without supersession, the policy does not show the earlier end that a rule has got. */
function assertOver(workflow: Workflow): void {
  assert.deepEqual(rulesFor(workflow), []);
  if (workflow.azure.settings.supersession !== 'none') assert.deepEqual(active(workflow), []);
}
const pass = ({ context: context }: Workflow, ms: number) => context.clock.sleep(ms, context.signal);

describe('closing while another run holds a range that covers this source', () => {
  for (const supersession of KEYS) {
    for (const range of ['*', '0.0.0.0/0', '20.50.0.0/16', '20.50.1.0/24']) {
      it(`ends its own request, and names the end of ${range} (${supersession})`, async () => {
        const workflow = aWorkflow({ settings: { supersession } });
        byOther(workflow, [range], 5 * MINUTE);
        assert.deepEqual((await workflow.run(SHARE)).codes, []);
        assert.deepEqual(
          noted(workflow).map(({ sources }) => sources),
          [parsePrefixes([AGENT])],
          'the range is not taken over',
        );
        assert.ok(workflow.context.texts('warning').some((text) => text.includes('buildId=7')));
        const [outcome] = await close(workflow);
        if (supersession === 'vm+port') {
          assert.equal(outcome?.kind, 'closed', 'the range was cut off, as the step had said');
        } else {
          assert.equal(outcome?.kind, 'open');
          assert.equal(outcome.until, START + 5 * MINUTE);
          assert.deepEqual(outcome.sources, parsePrefixes([AGENT]));
          assert.deepEqual(rulesFor(workflow), [range], 'the other run keeps its rule, and ours is gone');
        }
        await pass(workflow, 6 * MINUTE);
        assertOver(workflow);
      });
    }
  }

  it('does the same when the range supersedes its own request during the wait', async () => {
    const workflow = aWorkflow({ settings: { supersession: 'vm+port', ruleDelayMs: 10_000 } });
    workflow.context.clock.at(3000, () => {
      byOther(workflow, ['*'], 5 * MINUTE);
    });
    const { codes, endpoints } = await workflow.run(SHARE);
    assert.deepEqual(codes, []);
    assert.equal(endpoints[0]?.status, 'open');
    assert.deepEqual(
      active(workflow).map(({ sources }) => sources),
      [[AGENT]],
    );
    assert.ok(workflow.context.texts('warning').some((text) => text.includes('buildId=7')));
    const [again] = noted(workflow);
    assert.ok(again && again.endsAt <= START + 3 * HOUR, 'no longer than it was wanted at first');
  });

  it('has nothing to end when the step reused a range that lasts long enough', async () => {
    const workflow = aWorkflow();
    byOther(workflow, ['20.50.0.0/16'], 3 * HOUR);
    await workflow.run(SHARE);
    assert.equal(workflow.count('initiate'), 0);
  });
});

/** If the policy still shows the step's own request, nothing shows that its end was brought forward. */
const endNamed = (workflow: Workflow, supersession: string): number | undefined =>
  supersession === 'none' ? noted(workflow)[0]?.endsAt : START + 90 * MINUTE;

describe('closing while another run holds this address', () => {
  for (const supersession of KEYS) {
    it(`ends its own request when the other run's request has more addresses (${supersession})`, async () => {
      const workflow = aWorkflow({ settings: { supersession } });
      byOther(workflow, [AGENT, OTHER], 90 * MINUTE);
      await workflow.run(SHARE);
      const [outcome] = await close(workflow);
      assert.equal(outcome?.kind, 'open');
      assert.equal(outcome.until, endNamed(workflow, supersession));
      assert.deepEqual(outcome.sources, parsePrefixes([AGENT]));
      await pass(workflow, MINUTE);
      assert.ok(rulesFor(workflow).includes(AGENT), 'the other run still gets in');
      await pass(workflow, 90 * MINUTE);
      assertOver(workflow);
    });

    it(`ends its own request at the end of the other run's request when both have the same sources (${supersession})`, async () => {
      const workflow = aWorkflow({ settings: { supersession } });
      byOther(workflow, [AGENT], 90 * MINUTE);
      await workflow.run(SHARE);
      const [outcome] = await close(workflow);
      assert.equal(outcome?.kind, 'open');
      assert.equal(outcome.until, endNamed(workflow, supersession));
      assert.match(outcome.why, /this step's own request for other runs, from 20\.50\.1\.7 until/);
      assert.doesNotMatch(outcome.why, /Closing after the job/, 'no other run has requested this');
      await pass(workflow, MINUTE);
      assert.ok(rulesFor(workflow).includes(AGENT), 'the other run still gets in');
      await pass(workflow, 90 * MINUTE);
      assertOver(workflow);
    });
  }

  it('requests again what its own end has cut off', async () => {
    const workflow = aWorkflow({ settings: { supersession: 'none' } });
    byOther(workflow, [OTHER], 90 * MINUTE);
    await workflow.run({ closeAtJobEnd: 'true' });
    workflow.azure.settings.supersession = 'vm+port';
    const [outcome] = await close(workflow);
    assert.equal(outcome?.kind, 'closed');
    assert.deepEqual(active(workflow), [{ sources: [OTHER], endsAt: START + 90 * MINUTE }]);
    assert.deepEqual(outcome.kept, { sources: parsePrefixes([OTHER]), endsAt: START + 90 * MINUTE });
  });
});

describe('closing for several runs with several ends', () => {
  it('keeps single addresses until the latest end, and no range beyond its own end', async () => {
    const workflow = aWorkflow({ settings: { supersession: 'vm+port' } });
    byOther(workflow, [OTHER, '20.80.0.0/16', '20.70.1.2'], 2 * HOUR);
    await workflow.run({ ...SHARE, duration: '30m' });
    assert.deepEqual(active(workflow), [
      { sources: [AGENT, OTHER, '20.70.1.2', '20.80.0.0/16'].sort(), endsAt: START + 2 * HOUR },
    ]);
    await close(workflow);
    assert.deepEqual(active(workflow), [
      { sources: [OTHER, '20.70.1.2', '20.80.0.0/16'].sort(), endsAt: START + 2 * HOUR },
    ]);
  });

  it('does not open again what its owner has closed', async () => {
    const workflow = aWorkflow({ settings: { supersession: 'vm+port+source' } });
    byOther(workflow, [OTHER], 2 * HOUR);
    await workflow.run(SHARE);
    byOther(workflow, [OTHER], 8000);
    await pass(workflow, MINUTE);
    await close(workflow);
    await pass(workflow, MINUTE);
    assert.deepEqual(active(workflow), []);
  });
});

describe('closing from a forged state', () => {
  it('requests nothing for others that the policy does not show', async () => {
    const workflow = aWorkflow({ settings: { supersession: 'vm+port' } });
    await workflow.run(SHARE);
    const forged = noted(workflow).map((entry) => ({
      ...entry,
      own: parsePrefixes([AGENT]),
      others: { sources: parsePrefixes(['*', '20.99.0.0/16', OTHER]), endsAt: START + 3 * HOUR },
    }));
    await close(workflow, forged);
    const requested = workflow.policy.requests().map((request) => JSON.stringify(request));
    assert.ok(!requested.some((text) => /"\*"|20\.99|20\.70/.test(text)), requested.join());
    assert.deepEqual(active(workflow), []);
  });

  it('deletes no rule of a request that is not in the policy', async () => {
    const workflow = aWorkflow({ settings: { honoursEarlyEnd: false, supersession: 'none' } });
    byOther(workflow, [OTHER], HOUR);
    await pass(workflow, 5000);
    const [own] = toOpened([], workflow.ledger);
    assert.equal(own, undefined);
    await workflow.run({ ...SHARE, shareActiveRequests: 'false' });
    const forged = noted(workflow).map((entry) => ({
      ...entry,
      sources: parsePrefixes([OTHER]),
      startedAt: new Date(START + 1).toISOString(),
    }));
    await close(workflow, forged);
    assert.equal(workflow.count('rule.delete'), 0);
  });
});

describe('a rule that existed before', () => {
  const leftover = (workflow: Workflow, sources = [AGENT]) => {
    const rule = {
      ...{ name: 'MicrosoftDefenderForCloud-JITRule-77-0123456789ABCDEF0123456789ABCDEF', priority: 110 },
      ...{
        access: 'Allow' as const,
        sources,
        destinations: [workflow.vm.privateIp],
        destinationPorts: ['22'],
      },
    };
    workflow.vm.nicNsg?.addRule(rule);
    workflow.vm.subnetNsg?.addRule(rule);
    return rule.name;
  };

  for (const honoursEarlyEnd of [true, false]) {
    it(`is not deleted as the step's own rule, and has no end (early end ${honoursEarlyEnd ? 'honored' : 'ignored'})`, async () => {
      const workflow = aWorkflow({ settings: { honoursEarlyEnd, supersession: 'vm+port' } });
      const name = leftover(workflow);
      await workflow.run({ ...SHARE, shareActiveRequests: 'false' });
      const [outcome] = await close(workflow);
      assert.equal(outcome?.kind, 'open');
      assert.equal(outcome.until, undefined);
      if (honoursEarlyEnd) assert.ok(outcome.why.includes(name));
      for (const group of [workflow.vm.nicNsg, workflow.vm.subnetNsg])
        assert.ok(group?.rules().some((rule) => rule.name === name));
    });
  }

  it('is permanent access, whatever its name, if its source is any address', async () => {
    const workflow = aWorkflow();
    const name = leftover(workflow, ['*']);
    await workflow.run({ ...SHARE, shareActiveRequests: 'false' });
    const [outcome] = await close(workflow);
    assert.equal(outcome?.kind, 'open');
    assert.equal(outcome.until, undefined);
    assert.ok(outcome.why.includes(name));
  });
});
