import assert from 'node:assert/strict';
import { toOpened } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/state';
import { AGENT, START } from '../support/fakes/fakeWorld';
import { close } from './closing';
import { aStory, HOUR, type Story } from './story';

const OTHER = '20.70.1.1';
const DELETE = 'Microsoft.Network/networkSecurityGroups/securityRules/delete';
const INITIATE = 'Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action';

/** Notes a request as sent, with the answer still out. */
async function ask(story: Story, port: number, others?: { sources: string[]; endsAt: number }) {
  const [policy] = await story.azure.jit.listPolicies(story.vm.subscriptionId, 'rg-app', {
    signal: story.world.signal,
    remainingMs: () => HOUR,
  });
  const [entry] = policy?.vms ?? [];
  const rule = entry?.ports.find((one) => one.port === port);
  assert.ok(policy && entry && rule);
  const asked = { vm: entry.vm, port, sources: [AGENT], endsAt: START + HOUR };
  story.ledger.requesting(policy, [{ requested: asked, planned: { rule, own: [AGENT], others } }]);
}

/** Azure carries a request out, at a time of the clock; it ends when the noted one does. */
const carryOut = ({ world: context, policy, vm }: Story, port: number, atMs: number): void => {
  context.clock.at(atMs, () => {
    policy.requestByOther({ vm, port, sources: [AGENT], durationMs: HOUR - atMs });
  });
};

describe('closing while something is in doubt', () => {
  it('waits for a request that Azure carries out late, and closes it', async () => {
    const story = aStory();
    await ask(story, 22);
    carryOut(story, 22, 3000);
    const fates = await close(story);
    assert.deepEqual(
      fates.map(({ kind, opened }) => [kind, opened.startedAt !== undefined]),
      [['closed', true]],
    );
    assert.deepEqual(story.policy.liveGrants(), []);
  });

  it('does not say that a request never arrived while a rule lets its source in', async () => {
    const story = aStory();
    await ask(story, 22);
    story.vm.nicNsg?.addRule({ name: 'by-hand', priority: 300, access: 'Allow', sources: [AGENT] });
    story.vm.subnetNsg?.addRule({ name: 'by-hand', priority: 300, access: 'Allow', sources: [AGENT] });
    const [fate] = await close(story);
    assert.equal(fate?.kind, 'open');
    assert.equal(story.count('rule.delete'), 0);
  });

  it('does not say so either while a rule for some source ports lets its source in', async () => {
    const story = aStory();
    await ask(story, 22);
    const rule = { name: 'by-hand', priority: 300, access: 'Allow', sources: [AGENT] } as const;
    const sourcePorts = ['1024-65535'];
    story.vm.nicNsg?.addRule({ ...rule, sourcePorts });
    story.vm.subnetNsg?.addRule({ ...rule, sourcePorts });
    const [fate] = await close(story);
    assert.deepEqual([fate?.kind, fate?.kind === 'open' && fate.until], ['open', undefined]);
  });

  it('does not say so either when the rules may not be read', async () => {
    const story = aStory();
    await ask(story, 22);
    story.azure.principal.forbid('Microsoft.Network/networkInterfaces/read');
    const [fate] = await close(story);
    assert.deepEqual([fate?.kind, fate?.kind === 'open' && fate.until], ['open', START + HOUR]);
  });

  for (const supersession of ['vm+port', 'vm+port+source'] as const) {
    it(`closes what Azure carried out with more than a source in its words (${supersession})`, async () => {
      const story = aStory({ settings: { supersession } });
      await ask(story, 22);
      const sources = [AGENT, 'Internet'];
      story.policy.requestByOther({ vm: story.vm, port: 22, sources, durationMs: HOUR });
      const [fate] = await close(story);
      assert.equal(fate?.kind, 'closed');
      assert.deepEqual(fate.opened.sources, [AGENT]);
      assert.deepEqual(story.vm.nicNsg?.jitAllowRules(), []);
    });
  }

  it('says that it never arrived when neither the policy nor the rules show it', async () => {
    const story = aStory();
    await ask(story, 22);
    const [fate] = await close(story);
    assert.deepEqual([fate?.kind, fate?.kind === 'closed' && fate.how], ['closed', 'neverOpened']);
    assert.ok(story.count('nsg') > 0);
  });

  it('finds two requests whose answers were lost, each by itself', async () => {
    const story = aStory();
    await ask(story, 22);
    await ask(story, 3389);
    carryOut(story, 22, 0);
    carryOut(story, 3389, 0);
    await story.world.clock.sleep(1, story.world.signal);
    const fates = await close(story);
    assert.ok(fates.every((fate) => fate.kind === 'closed' && fate.how === 'shut'));
    assert.deepEqual(story.policy.liveGrants(), []);
  });

  it('keeps what was asked for on behalf of others, and the protocol, while the answer is out', async () => {
    const story = aStory();
    const others = { sources: [OTHER], endsAt: START + HOUR };
    await ask(story, 22, others);
    const [noted] = toOpened([], story.ledger);
    assert.deepEqual(noted?.others, others);
    assert.equal(noted.protocol, '*');
  });

  it('does not delete a rule by which others get in, when they could not be handed over', async () => {
    const story = aStory({ settings: { supersession: 'vm+port' } });
    story.policy.requestByOther({ vm: story.vm, port: 22, sources: [OTHER], durationMs: HOUR });
    await story.run({ shareActiveRequests: 'true' });
    story.azure.principal.forbid(INITIATE);
    const [fate] = await close(story);
    assert.equal(fate?.kind, 'open');
    assert.equal(story.count('rule.delete'), 0);
    assert.ok(story.vm.nicNsg?.jitAllowRules().length);
  });

  it('does not call closed what is not initiated yet: its rule may still come', async () => {
    const story = aStory({ settings: { ruleDelayMs: 90_000, initiatingMs: 90_000 } });
    await story.run({ waitFor: 'nothing' });
    story.azure.principal.forbid(INITIATE, DELETE);
    const [fate] = await close(story);
    assert.equal(fate?.kind, 'open');
  });
});
