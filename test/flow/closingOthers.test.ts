import assert from 'node:assert/strict';
import { toOpened } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/state';
import { AGENT, START } from '../support/fakes/fakeWorld';
import { close, noted } from './closing';
import { aStory, HOUR, MINUTE, type Story } from './story';

const OTHER = '20.70.1.1';
const SHARE = { shareActiveRequests: 'true', closeAtJobEnd: 'true', duration: '3h' };
const KEYS = ['none', 'vm+port', 'vm+port+source'] as const;

const byOther = ({ policy, vm }: Story, sources: readonly string[], durationMs: number): void => {
  policy.requestByOther({ vm, port: 22, sources, durationMs, justification: 'buildId=7' });
};
const live = ({ policy }: Story) =>
  policy.liveGrants().map(({ sources, endsAt }) => ({ sources: [...sources].sort(), endsAt }));
const rulesFor = ({ vm }: Story) => (vm.nicNsg?.jitAllowRules() ?? []).flatMap(({ sources = [] }) => sources);
/** Where nothing takes the place of anything, the policy says nothing of the earlier end that a rule has got. */
function assertOver(story: Story): void {
  assert.deepEqual(rulesFor(story), []);
  if (story.azure.settings.supersession !== 'none') assert.deepEqual(live(story), []);
}
const pass = ({ world: context }: Story, ms: number) => context.clock.sleep(ms, context.signal);

describe('closing while another run holds a range that covers this one', () => {
  for (const supersession of KEYS) {
    for (const range of ['*', '0.0.0.0/0', '20.50.0.0/16', '20.50.1.0/24']) {
      it(`ends its own request, and names the end of ${range} (${supersession})`, async () => {
        const story = aStory({ settings: { supersession } });
        byOther(story, [range], 5 * MINUTE);
        assert.deepEqual((await story.run(SHARE)).codes, []);
        assert.deepEqual(
          noted(story).map(({ sources }) => sources),
          [[AGENT]],
          'the range is not taken over',
        );
        assert.ok(story.world.texts('warning').some((text) => text.includes('buildId=7')));
        const [fate] = await close(story);
        if (supersession === 'vm+port') {
          assert.equal(fate?.kind, 'closed', 'the range was cut off, as the step had said');
        } else {
          assert.equal(fate?.kind, 'open');
          assert.equal(fate.until, START + 5 * MINUTE);
          assert.deepEqual(fate.sources, [AGENT]);
          assert.deepEqual(rulesFor(story), [range], 'the other run keeps its rule, and ours is gone');
        }
        await pass(story, 6 * MINUTE);
        assertOver(story);
      });
    }
  }

  it('does the same when the range takes the place of the own request during the wait', async () => {
    const story = aStory({ settings: { supersession: 'vm+port', ruleDelayMs: 10_000 } });
    story.world.clock.at(3000, () => {
      byOther(story, ['*'], 5 * MINUTE);
    });
    const { codes, endpoints } = await story.run(SHARE);
    assert.deepEqual(codes, []);
    assert.equal(endpoints[0]?.status, 'open');
    assert.deepEqual(
      live(story).map(({ sources }) => sources),
      [[AGENT]],
    );
    assert.ok(story.world.texts('warning').some((text) => text.includes('buildId=7')));
    const [again] = noted(story);
    assert.ok(again && again.endsAt <= START + 3 * HOUR, 'no longer than it was wanted at first');
  });

  it('uses theirs when it lasts as long as it is needed', async () => {
    const story = aStory();
    byOther(story, ['20.50.0.0/16'], 3 * HOUR);
    await story.run(SHARE);
    assert.equal(story.count('initiate'), 0);
  });
});

describe('closing while another run holds this address', () => {
  for (const supersession of KEYS) {
    it(`ends its own request when theirs has more addresses (${supersession})`, async () => {
      const story = aStory({ settings: { supersession } });
      byOther(story, [AGENT, OTHER], 90 * MINUTE);
      await story.run(SHARE);
      const [fate] = await close(story);
      assert.equal(fate?.kind, 'open');
      assert.equal(fate.until, START + 90 * MINUTE);
      assert.deepEqual(fate.sources, [AGENT]);
      await pass(story, MINUTE);
      assert.ok(rulesFor(story).includes(AGENT), 'the other run still gets in');
      await pass(story, 90 * MINUTE);
      assertOver(story);
    });

    it(`ends its own request at the end of theirs when theirs is for just the same (${supersession})`, async () => {
      const story = aStory({ settings: { supersession } });
      byOther(story, [AGENT], 90 * MINUTE);
      await story.run(SHARE);
      const [fate] = await close(story);
      assert.equal(fate?.kind, 'open');
      assert.equal(fate.until, START + 90 * MINUTE);
      assert.match(fate.why, /what this step has requested for other runs, from 20\.50\.1\.7 until/);
      assert.doesNotMatch(fate.why, /Closing after the job/, 'no other run has requested this');
      await pass(story, MINUTE);
      assert.ok(rulesFor(story).includes(AGENT), 'the other run still gets in');
      await pass(story, 90 * MINUTE);
      assertOver(story);
    });
  }

  it('requests again what its own end has cut off', async () => {
    const story = aStory({ settings: { supersession: 'none' } });
    byOther(story, [OTHER], 90 * MINUTE);
    await story.run({ closeAtJobEnd: 'true' });
    story.azure.settings.supersession = 'vm+port';
    const [fate] = await close(story);
    assert.equal(fate?.kind, 'closed');
    assert.deepEqual(live(story), [{ sources: [OTHER], endsAt: START + 90 * MINUTE }]);
    assert.deepEqual(fate.kept, { sources: [OTHER], endsAt: START + 90 * MINUTE });
  });
});

describe('closing for several runs with several ends', () => {
  it('keeps single addresses to the latest end, and no range beyond its own', async () => {
    const story = aStory({ settings: { supersession: 'vm+port' } });
    byOther(story, [OTHER, '20.80.0.0/16', '20.70.1.2'], 2 * HOUR);
    await story.run({ ...SHARE, duration: '30m' });
    assert.deepEqual(live(story), [
      { sources: [AGENT, OTHER, '20.70.1.2', '20.80.0.0/16'].sort(), endsAt: START + 2 * HOUR },
    ]);
    await close(story);
    assert.deepEqual(live(story), [
      { sources: [OTHER, '20.70.1.2', '20.80.0.0/16'].sort(), endsAt: START + 2 * HOUR },
    ]);
  });

  it('does not open again what its owner has closed', async () => {
    const story = aStory({ settings: { supersession: 'vm+port+source' } });
    byOther(story, [OTHER], 2 * HOUR);
    await story.run(SHARE);
    byOther(story, [OTHER], 8000);
    await pass(story, MINUTE);
    await close(story);
    await pass(story, MINUTE);
    assert.deepEqual(live(story), []);
  });
});

describe('closing by a state that was forged', () => {
  it('requests nothing for others that the policy does not show', async () => {
    const story = aStory({ settings: { supersession: 'vm+port' } });
    await story.run(SHARE);
    const forged = noted(story).map((entry) => ({
      ...entry,
      own: [AGENT],
      others: { sources: ['*', '20.99.0.0/16', OTHER], endsAt: START + 3 * HOUR },
    }));
    await close(story, forged);
    const asked = story.policy.requests().map((request) => JSON.stringify(request));
    assert.ok(!asked.some((text) => /"\*"|20\.99|20\.70/.test(text)), asked.join());
    assert.deepEqual(live(story), []);
  });

  it('deletes no rule of a request that is not in the policy', async () => {
    const story = aStory({ settings: { honoursEarlyEnd: false, supersession: 'none' } });
    byOther(story, [OTHER], HOUR);
    await pass(story, 5000);
    const [own] = toOpened([], story.ledger);
    assert.equal(own, undefined);
    await story.run({ ...SHARE, shareActiveRequests: 'false' });
    const forged = noted(story).map((entry) => ({
      ...entry,
      sources: [OTHER],
      startedAt: new Date(START + 1).toISOString(),
    }));
    await close(story, forged);
    assert.equal(story.count('rule.delete'), 0);
  });
});

describe('a rule that was there before', () => {
  const leftover = (story: Story, sources = [AGENT]) => {
    const rule = {
      ...{ name: 'MicrosoftDefenderForCloud-JITRule-77-0123456789ABCDEF0123456789ABCDEF', priority: 110 },
      ...{ access: 'Allow' as const, sources, destinations: [story.vm.privateIp], destinationPorts: ['22'] },
    };
    story.vm.nicNsg?.addRule(rule);
    story.vm.subnetNsg?.addRule(rule);
    return rule.name;
  };

  for (const honoursEarlyEnd of [true, false]) {
    it(`is not deleted as the own one, and has no end (early end ${honoursEarlyEnd ? 'honoured' : 'ignored'})`, async () => {
      const story = aStory({ settings: { honoursEarlyEnd, supersession: 'vm+port' } });
      const name = leftover(story);
      await story.run({ ...SHARE, shareActiveRequests: 'false' });
      const [fate] = await close(story);
      assert.equal(fate?.kind, 'open');
      assert.equal(fate.until, undefined);
      if (honoursEarlyEnd) assert.ok(fate.why.includes(name));
      assert.equal(story.count('rule.delete'), 0);
    });
  }

  it('with any address as its source is permanent access, whatever its name', async () => {
    const story = aStory();
    const name = leftover(story, ['*']);
    await story.run({ ...SHARE, shareActiveRequests: 'false' });
    const [fate] = await close(story);
    assert.equal(fate?.kind, 'open');
    assert.equal(fate.until, undefined);
    assert.ok(fate.why.includes(name));
  });
});
