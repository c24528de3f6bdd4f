import assert from 'node:assert/strict';
import type { Kind } from '../support/azure';
import { aStory, HOUR, MINUTE, type Story } from './story';

const whatIsOpen = ({ ledger }: Story) => ({
  open: ledger.open.map(({ port }) => port),
  perhaps: ledger.perhaps.map(({ requested: asked }) => asked.port),
});

describe('cancelling', () => {
  for (const kind of ['policies.list', 'vm', 'nic', 'subnet'] as const satisfies readonly Kind[]) {
    it(`asks for nothing after a cancellation while ${kind} is read`, async () => {
      const story = aStory();
      story.azure.next(kind, () => {
        story.world.cancel();
      });
      await story.run();
      assert.equal(story.count('initiate'), 0);
      assert.deepEqual(story.policy.liveGrants(), []);
      assert.deepEqual(whatIsOpen(story), { open: [], perhaps: [] });
    });

    it(`ends at once when it is cancelled while ${kind} hangs`, async () => {
      const story = aStory();
      story.azure.always(kind, 'hang');
      story.world.clock.at(3000, () => {
        story.world.cancel();
      });
      assert.notEqual((await story.run()).thrown, undefined);
      assert.ok(story.world.clock.now() < 5000);
      assert.deepEqual(whatIsOpen(story), { open: [], perhaps: [] });
    });
  }

  it('knows what may be open when it is cancelled while the request is under way', async () => {
    const story = aStory();
    story.azure.always('initiate', 'hang');
    story.world.clock.at(3000, () => {
      story.world.cancel();
    });
    await story.run({ ports: '22,3389' });
    assert.deepEqual(whatIsOpen(story), { open: [], perhaps: [22, 3389] });
    assert.ok(story.world.clock.now() < 5000);
  });

  it('tells open and perhaps open apart when one of two requests was answered', async () => {
    const story = aStory();
    const { azure, vm, world: context } = story;
    const other = azure.addVm({ name: 'db-01' });
    const ports = [{ number: 1433, protocol: 'TCP', sources: '*', maxRequestAccessDuration: 'PT3H' }];
    azure.addPolicy({
      name: 'jit-db',
      vms: [{ vm: other, ports: [...ports, { ...ports[0]!, number: 22 }] }],
    });
    azure.next('initiate', () => undefined, 'hang');
    context.clock.at(3000, () => {
      context.cancel();
    });
    await story.run({ vmResourceId: `${vm.id}\n${other.id}` });
    assert.deepEqual(
      story.ledger.open.map((access) => access.vm.name),
      ['web-01'],
    );
    assert.deepEqual(
      story.ledger.perhaps.map(({ requested: asked }) => asked.vm.name),
      ['db-01'],
    );
  });

  it('knows what stays open when it is cancelled while it waits', async () => {
    const story = aStory({ settings: { ruleDelayMs: Infinity } });
    story.world.clock.at(MINUTE, () => {
      story.world.cancel();
    });
    await story.run();
    assert.deepEqual(whatIsOpen(story), { open: [22], perhaps: [] });
    assert.equal(story.world.clock.now(), MINUTE);
  });

  it('knows of a reused request, which stays open as well', async () => {
    const story = aStory({ settings: { ruleDelayMs: Infinity } });
    story.policy.requestByOther({ vm: story.vm, port: 22, sources: ['20.50.1.7'], durationMs: 2 * HOUR });
    story.world.clock.at(MINUTE, () => {
      story.world.cancel();
    });
    await story.run();
    assert.deepEqual(whatIsOpen(story), { open: [22], perhaps: [] });
  });

  it('does nothing at all when it was cancelled before it began', async () => {
    const story = aStory();
    story.world.cancel();
    await story.run();
    assert.deepEqual(story.azure.calls, []);
    assert.deepEqual(whatIsOpen(story), { open: [], perhaps: [] });
  });
});

describe('a silent Azure', () => {
  for (const kind of ['policies.list', 'vm', 'initiate'] as const satisfies readonly Kind[]) {
    it(`ends in JIT603 when ${kind} is never answered`, async () => {
      const { run, azure, world: context } = aStory();
      azure.always(kind, 'hang');
      assert.deepEqual((await run()).codes, ['JIT603']);
      assert.ok(context.clock.now() <= 2 * MINUTE);
    });
  }
});
