import assert from 'node:assert/strict';
import { notSharing } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/opening';
import { AGENT, START } from '../support/fakes/fakeWorld';
import { close } from './closing';
import { anyPort, aStory, HOUR, MINUTE, type Story } from './story';

const OTHER = '20.70.1.1';
const SHARE = { shareActiveRequests: 'true' };
const byOther = ({ policy, vm }: Story, source = OTHER, durationMs = 2 * HOUR): void => {
  const why = 'https://dev.azure.com/contoso/app/_build/results?buildId=7';
  policy.requestByOther({ vm, port: 22, sources: [source], durationMs, justification: why });
};
const live = ({ policy }: Story) =>
  policy.liveGrants().map(({ sources, endsAt }) => ({ sources: [...sources].sort(), endsAt }));

describe('other runs at the same port', () => {
  it('are named with source, end and the URL of their run', async () => {
    const story = aStory();
    byOther(story);
    await story.run();
    const line = story.world.texts('line').find((text) => text.includes(OTHER)) ?? '';
    assert.match(line, /buildId=7/);
    assert.match(line, /2026-11-21 11:00:00/);
  });

  it('keep their source, and the longer end, when the port is shared', async () => {
    const story = aStory({ settings: { supersession: 'vm+port' } });
    byOther(story);
    const { codes } = await story.run(SHARE);
    assert.deepEqual(codes, []);
    const [grant] = live(story);
    assert.deepEqual(grant?.sources, [AGENT, OTHER].sort());
    assert.equal(grant.endsAt, START + 2 * HOUR);
  });

  it('are cut off without sharing, where a newer request takes the place of an older one', async () => {
    const story = aStory({ settings: { supersession: 'vm+port' } });
    byOther(story);
    await story.run();
    assert.deepEqual(
      live(story).map(({ sources }) => sources),
      [[AGENT]],
    );
  });

  it('are left out, and named, when the policy does not allow their source any more', async () => {
    const ports = [anyPort(22, { sources: ['20.50.0.0/16'] })];
    const story = aStory({ ports, settings: { supersession: 'vm+port', verbatimSources: false } });
    byOther(story);
    await story.run(SHARE);
    assert.deepEqual(
      live(story).map(({ sources }) => sources),
      [[AGENT]],
    );
    assert.ok(story.world.texts('warning').some((text) => text.includes(OTHER)));
  });

  it('never stretch the end beyond what the policy allows', async () => {
    const ports = [anyPort(22, { maxRequestAccessDuration: 'PT1H' })];
    const story = aStory({ ports, settings: { supersession: 'vm+port' } });
    byOther(story, OTHER, 3 * HOUR);
    await story.run({ ...SHARE, duration: '30m' });
    assert.ok(live(story).every(({ endsAt }) => endsAt <= START + HOUR));
  });

  it('are waited for no longer than this run needs: a block of theirs is not its own', async () => {
    const story = aStory({ settings: { supersession: 'vm+port' } });
    story.vm.nicNsg?.addRule({
      name: 'no-other',
      priority: 90,
      access: 'Deny',
      sources: [OTHER],
      destinationPorts: ['22'],
    });
    byOther(story);
    assert.deepEqual((await story.run(SHARE)).codes, []);
  });
});

describe('sharing with the address that Azure sees', () => {
  const AZURE = { ...SHARE, sourceIp: 'azure' };
  const warned = ({ world: context }: Story) => context.texts('warning').includes(notSharing());

  it('has no effect, and a warning says so', async () => {
    const story = aStory({ settings: { supersession: 'vm+port' } });
    byOther(story);
    assert.deepEqual((await story.run(AZURE)).codes, []);
    assert.ok(warned(story));
    assert.deepEqual(
      live(story).map(({ sources }) => sources),
      [[story.azure.settings.seenAddress]],
    );
  });

  it('is worth no warning when nobody else holds the port', async () => {
    const story = aStory();
    await story.run(AZURE);
    assert.ok(!warned(story));
  });

  it('is worth no warning when it was not asked for', async () => {
    const story = aStory();
    byOther(story);
    await story.run({ sourceIp: 'azure' });
    assert.ok(!warned(story));
  });
});

describe('a run that is superseded while it waits', () => {
  const settings = { supersession: 'vm+port' as const, ruleDelayMs: 10_000 };

  it('fails with JIT703 at once, and names the newer request', async () => {
    const story = aStory({ settings });
    story.world.clock.at(3000, () => {
      byOther(story);
    });
    const { opened, codes } = await story.run();
    assert.deepEqual(codes, ['JIT703']);
    assert.match(opened?.failures[0]?.seen ?? '', /20\.70\.1\.1.*buildId=7/);
    assert.ok(story.world.clock.now() < 15_000, 'it did not wait to the end');
    assert.deepEqual(story.ledger.open, []);
  });

  it('asks again for both when it shares', async () => {
    const story = aStory({ settings });
    story.world.clock.at(3000, () => {
      byOther(story);
    });
    const { codes, endpoints } = await story.run(SHARE);
    assert.deepEqual(codes, []);
    assert.equal(endpoints[0]?.status, 'open');
    assert.deepEqual(
      live(story).map(({ sources }) => sources),
      [[AGENT, OTHER].sort()],
    );
    assert.equal(story.ledger.open.length, 1);
  });

  it('keeps the sources of others that it had taken over before', async () => {
    const story = aStory({ settings });
    byOther(story, '20.70.1.2');
    story.world.clock.at(3000, () => {
      byOther(story);
    });
    await story.run({ ...SHARE, duration: '3h' });
    assert.deepEqual(live(story)[0]?.sources, [AGENT, OTHER, '20.70.1.2'].sort());
    await close(story);
    const [grant] = live(story);
    assert.deepEqual(grant?.sources, [OTHER, '20.70.1.2'].sort());
    assert.equal(
      grant.endsAt,
      START + 2 * HOUR + 3000,
      'their own end, and not the one of the superseded request',
    );
  });

  it('keeps them also when a request for any address, which it leaves out, comes after them', async () => {
    const story = aStory({ settings });
    byOther(story, '20.70.1.2');
    story.world.clock.at(3000, () => {
      byOther(story, '*', 5 * MINUTE);
    });
    assert.deepEqual((await story.run({ ...SHARE, duration: '3h' })).codes, []);
    assert.deepEqual(live(story)[0]?.sources, [AGENT, '20.70.1.2'].sort());
    await close(story);
    assert.deepEqual(live(story), [{ sources: ['20.70.1.2'], endsAt: START + 2 * HOUR }]);
  });

  it('asks again for no longer than it waits, though Azure is silent', async () => {
    const story = aStory({ settings });
    story.world.clock.at(3000, () => {
      byOther(story);
      story.azure.next('initiate', 'hang');
    });
    const { codes } = await story.run({ ...SHARE, waitTimeout: '20s' });
    assert.deepEqual(codes, ['JIT603']);
    assert.equal(story.count('initiate'), 2);
    assert.equal(story.world.clock.now(), 20_000);
    assert.deepEqual(
      story.ledger.perhaps.map(({ requested: asked }) => asked.sources),
      [[AGENT, OTHER]],
    );
  });

  it('asks for nothing when the newer request lets it in as well', async () => {
    const story = aStory({ settings });
    story.world.clock.at(3000, () => {
      const sources = [OTHER, AGENT];
      story.policy.requestByOther({ vm: story.vm, port: 22, sources, durationMs: 2 * HOUR });
    });
    const { codes } = await story.run(SHARE);
    assert.deepEqual(codes, []);
    assert.equal(story.count('initiate'), 1);
    const [fate] = await close(story);
    assert.equal(fate, undefined, 'what another run asked for is not this one to close');
  });
});

describe('closing a shared port', () => {
  for (const supersession of ['vm+port', 'vm+port+source'] as const) {
    it(`shuts this run out and keeps the other in until its own end (${supersession})`, async () => {
      const story = aStory({ settings: { supersession } });
      byOther(story, OTHER, 90 * MINUTE);
      await story.run(SHARE);
      const fates = await close(story);
      assert.deepEqual(
        fates.map(({ kind }) => kind),
        ['closed'],
      );
      await story.world.clock.sleep(MINUTE, story.world.signal);
      const grants = live(story);
      assert.ok(grants.every(({ sources }) => !sources.includes(AGENT)));
      assert.ok(grants.some(({ sources }) => sources.includes(OTHER)));
      assert.ok(grants.every(({ endsAt }) => endsAt <= START + 90 * MINUTE));
      assert.ok(story.vm.nicNsg?.jitAllowRules().length, 'the other is let in');
    });
  }

  it('leaves it open, and says so, while another run holds this source as well', async () => {
    const story = aStory({ settings: { supersession: 'vm+port' } });
    await story.run(SHARE);
    const sources = [OTHER, AGENT];
    story.policy.requestByOther({ vm: story.vm, port: 22, sources, durationMs: 2 * HOUR });
    const [fate] = await close(story);
    assert.equal(fate?.kind, 'open');
    assert.match(fate.why, /20\.70\.1\.1/);
    assert.equal(live(story).length, 1);
  });
});
