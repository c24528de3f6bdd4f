import assert from 'node:assert/strict';
import { notFound } from '../../tasks/shared/messages/failures';
import { START } from '../support/fakes/fakeWorld';
import { close, noted } from './closing';
import { aStory, HOUR, MINUTE, type Story } from './story';

const CLOSED = { kind: 'closed', how: 'shut' };
const fateOf = async (story: Story) => (await close(story)).map((fate) => ({ ...fate, opened: undefined }));
const shut = { ...CLOSED, opened: undefined };

async function opened(given: Parameters<typeof aStory>[0] = {}, inputs = {}): Promise<Story> {
  const story = aStory(given);
  const { codes } = await story.run(inputs);
  assert.deepEqual(codes, []);
  return story;
}

describe('closing what a step opened', () => {
  it('asks for a near end, and says closed when the rules do not let the source in any more', async () => {
    const story = await opened();
    assert.deepEqual(await fateOf(story), [shut]);
    assert.deepEqual(story.policy.liveGrants(), []);
    assert.equal(story.count('rule.delete'), 0);
    assert.deepEqual(story.vm.nicNsg?.jitAllowRules(), []);
  });

  it('asks for an end that is ahead of Azure by seconds, in one request for all ports', async () => {
    const story = await opened({}, { ports: '22,3389' });
    const before = story.azure.now();
    const asks: number[] = [];
    const { jit } = story.world;
    const initiate = jit.initiate.bind(jit);
    Object.assign(jit, {
      initiate: (...args: Parameters<typeof initiate>) => {
        asks.push(...args[1].ports.map(({ endsAt }) => endsAt - before));
        return initiate(...args);
      },
    });
    assert.deepEqual(await fateOf(story), [shut, shut]);
    assert.equal(asks.length, 2);
    assert.ok(
      asks.every((ahead) => ahead > 2000 && ahead < 15_000),
      asks.join(),
    );
  });

  it('deletes the allow rules of its own request where an early end is not honoured', async () => {
    const story = await opened({ settings: { honoursEarlyEnd: false, supersession: 'none' } });
    assert.deepEqual(await fateOf(story), [shut]);
    assert.equal(story.count('rule.delete'), 2);
    assert.deepEqual(story.vm.nicNsg?.jitAllowRules(), []);
  });

  it('says until when it stays open where neither way works, and never calls that closed', async () => {
    const story = await opened({ settings: { honoursEarlyEnd: false, supersession: 'none' } });
    story.azure.principal.forbid('Microsoft.Network/networkSecurityGroups/securityRules/delete');
    const [fate] = await close(story);
    assert.equal(fate?.kind, 'open');
    assert.ok(fate.until !== undefined && fate.until > START + 59 * MINUTE);
    assert.match(fate.why, /securityRules\/delete/);
  });

  it('does not believe the request: a rule that stays keeps it open', async () => {
    const story = await opened();
    story.azure.settings.ruleRemovalMs = Infinity;
    story.azure.principal.forbid('Microsoft.Network/networkSecurityGroups/securityRules/delete');
    const [fate] = await close(story);
    assert.equal(fate?.kind, 'open');
  });

  it('waits for a rule that is not written yet, instead of calling it closed', async () => {
    const story = aStory({ settings: { ruleDelayMs: 5000, honoursEarlyEnd: false, supersession: 'none' } });
    await story.run({ waitFor: 'nothing' });
    await close(story);
    assert.equal(story.count('rule.delete'), 2, 'it saw the rules that came late');
  });

  it('names a rule made by hand that lets the source in all the same, and leaves it', async () => {
    const story = await opened();
    story.vm.nicNsg?.addRule({ name: 'by-hand', priority: 900, access: 'Allow', destinationPorts: ['22'] });
    story.vm.subnetNsg?.addRule({
      name: 'by-hand',
      priority: 900,
      access: 'Allow',
      destinationPorts: ['22'],
    });
    const [fate] = await close(story);
    assert.equal(fate?.kind, 'open');
    assert.equal(fate.until, undefined);
    assert.match(fate.why, /by-hand/);
    assert.equal(story.count('rule.delete'), 0);
    assert.ok(story.vm.nicNsg?.rules().some(({ name }) => name === 'by-hand'));
  });

  it('leaves another live request for the same port and source alone', async () => {
    const story = await opened({ settings: { supersession: 'none' } });
    const durationMs = 2 * HOUR;
    story.policy.requestByOther({ vm: story.vm, port: 22, sources: ['20.50.1.7'], durationMs });
    const before = story.count('initiate');
    const [fate] = await close(story);
    assert.equal(fate?.kind, 'open');
    assert.ok(fate.until !== undefined && fate.until > START + 110 * MINUTE);
    assert.equal(story.count('initiate'), before);
    assert.equal(story.count('rule.delete'), 0);
    assert.equal(story.policy.liveGrants().length, 2);
  });

  it('does not touch another run of another address', async () => {
    const story = await opened();
    const durationMs = HOUR;
    story.policy.requestByOther({ vm: story.vm, port: 22, sources: ['20.70.1.1'], durationMs });
    assert.deepEqual(await fateOf(story), [shut]);
    assert.deepEqual(
      story.policy.liveGrants().map(({ sources }) => sources),
      [['20.70.1.1']],
    );
  });

  it('is harmless when done twice', async () => {
    const story = await opened();
    const notes = noted(story);
    await close(story, notes);
    const before = story.count('initiate');
    const again = await close(story, notes);
    assert.deepEqual(
      again.map(({ kind }) => kind),
      ['closed'],
    );
    assert.equal(story.count('initiate'), before);
  });

  it('takes a VM that is gone as closed', async () => {
    const story = await opened();
    story.azure.removeVm(story.vm);
    const [fate] = await close(story);
    assert.deepEqual(fate && { kind: fate.kind, how: 'how' in fate && fate.how }, {
      kind: 'closed',
      how: 'vmGone',
    });
  });

  it('does not take a VM for gone because its network interface is not found', async () => {
    const story = await opened();
    story.azure.always('nic', notFound('network interface', 'web-01-nic'));
    const [fate] = await close(story);
    assert.equal(fate?.kind, 'open');
    assert.equal(fate.until, noted(story)[0]?.endsAt);
  });

  it('looks for a request whose answer was lost, and closes it', async () => {
    const story = aStory();
    story.azure.next('initiate', 'lostAnswer');
    await story.run({ waitFor: 'nothing' });
    assert.equal(story.ledger.perhaps.length, 1);
    assert.equal(story.policy.liveGrants().length, 1);
    assert.deepEqual(await fateOf(story), [shut]);
    assert.deepEqual(story.policy.liveGrants(), []);
  });

  it('knows that a request which never arrived opened nothing', async () => {
    const story = await opened({}, { dryRun: 'true' });
    const [policy] = await story.azure.jit.listPolicies(story.vm.subscriptionId, 'rg-app', {
      signal: story.world.signal,
      remainingMs: () => HOUR,
    });
    const [entry] = policy?.vms ?? [];
    assert.ok(policy && entry);
    const asked = { vm: entry.vm, port: 22, sources: ['20.50.1.7'], endsAt: START + HOUR };
    const [rule] = entry.ports;
    assert.ok(rule);
    story.ledger.requesting(policy, [
      { requested: asked, planned: { rule, own: asked.sources, others: undefined } },
    ]);
    const [fate] = await close(story);
    assert.deepEqual(fate && 'how' in fate && fate.how, 'neverOpened');
  });

  it('deletes no rule when the policy is gone or may not be read, and says what stays open', async () => {
    const story = await opened();
    story.azure.principal.forbid('Microsoft.Security/locations/jitNetworkAccessPolicies/read');
    const [fate] = await close(story);
    assert.equal(fate?.kind, 'open');
    assert.equal(fate.until, noted(story)[0]?.endsAt);
    assert.equal(story.count('rule.delete'), 0, 'no rule is deleted by its looks');
  });

  it('says what it could not look at when the rules may not be read', async () => {
    const story = await opened();
    story.azure.principal.forbid('Microsoft.Network/networkSecurityGroups/read');
    const [fate] = await close(story);
    assert.equal(fate?.kind, 'open');
  });
});
