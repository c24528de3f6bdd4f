import assert from 'node:assert/strict';
import { parsePrefixes } from '../../tasks/shared/core/prefixes';
import { notSharing } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/opening';
import { AGENT, START } from '../support/fakes/fakeContext';
import { close } from './closing';
import { anyPort, aWorkflow, HOUR, MINUTE, type Workflow } from './workflow';

const OTHER = '20.70.1.1';
const SHARE = { shareActiveRequests: 'true' };
const byOther = ({ policy, vm }: Workflow, source = OTHER, durationMs = 2 * HOUR): void => {
  const why = 'https://dev.azure.com/contoso/app/_build/results?buildId=7';
  policy.requestByOther({ vm, port: 22, sources: [source], durationMs, justification: why });
};
const active = ({ policy }: Workflow) =>
  policy.liveGrants().map(({ sources, endsAt }) => ({ sources: [...sources].sort(), endsAt }));

describe('other runs at the same port', () => {
  it('are named with their source, end, and URL', async () => {
    const workflow = aWorkflow();
    byOther(workflow);
    await workflow.run();
    const line = workflow.context.texts('line').find((text) => text.includes(OTHER)) ?? '';
    assert.match(line, /buildId=7/);
    assert.match(line, /2026-11-21 11:00:00/);
  });

  it('keep their source, and the longer end, if the port is shared', async () => {
    const workflow = aWorkflow({ settings: { supersession: 'vm+port' } });
    byOther(workflow);
    const { codes } = await workflow.run(SHARE);
    assert.deepEqual(codes, []);
    const [grant] = active(workflow);
    assert.deepEqual(grant?.sources, [AGENT, OTHER].sort());
    assert.equal(grant.endsAt, START + 2 * HOUR);
  });

  it('are cut off without sharing if a newer request supersedes an older one', async () => {
    const workflow = aWorkflow({ settings: { supersession: 'vm+port' } });
    byOther(workflow);
    await workflow.run();
    assert.deepEqual(
      active(workflow).map(({ sources }) => sources),
      [[AGENT]],
    );
  });

  it('are left out, and named, if the policy no longer allows their source', async () => {
    const ports = [anyPort(22, { sources: ['20.50.0.0/16'] })];
    const workflow = aWorkflow({ ports, settings: { supersession: 'vm+port', verbatimSources: false } });
    byOther(workflow);
    await workflow.run(SHARE);
    assert.deepEqual(
      active(workflow).map(({ sources }) => sources),
      [[AGENT]],
    );
    assert.ok(workflow.context.texts('warning').some((text) => text.includes(OTHER)));
  });

  it('never extend the end beyond what the policy allows', async () => {
    const ports = [anyPort(22, { maxRequestAccessDuration: 'PT1H' })];
    const workflow = aWorkflow({ ports, settings: { supersession: 'vm+port' } });
    byOther(workflow, OTHER, 3 * HOUR);
    await workflow.run({ ...SHARE, duration: '30m' });
    assert.ok(active(workflow).every(({ endsAt }) => endsAt <= START + HOUR));
  });

  it('are not waited for: a rule that blocks only their sources does not matter', async () => {
    const workflow = aWorkflow({ settings: { supersession: 'vm+port' } });
    workflow.vm.nicNsg?.addRule({
      name: 'no-other',
      priority: 90,
      access: 'Deny',
      sources: [OTHER],
      destinationPorts: ['22'],
    });
    byOther(workflow);
    assert.deepEqual((await workflow.run(SHARE)).codes, []);
  });
});

describe('sharing with the address that Azure sees', () => {
  const AZURE = { ...SHARE, sourceIp: 'azure' };
  const warned = ({ context: context }: Workflow) => context.texts('warning').includes(notSharing());

  it('has no effect, and a warning says so', async () => {
    const workflow = aWorkflow({ settings: { supersession: 'vm+port' } });
    byOther(workflow);
    assert.deepEqual((await workflow.run(AZURE)).codes, []);
    assert.ok(warned(workflow));
    assert.deepEqual(
      active(workflow).map(({ sources }) => sources),
      [[workflow.azure.settings.seenAddress]],
    );
  });

  it('causes no warning if no other run holds the port', async () => {
    const workflow = aWorkflow();
    await workflow.run(AZURE);
    assert.ok(!warned(workflow));
  });

  it('causes no warning if it was not enabled', async () => {
    const workflow = aWorkflow();
    byOther(workflow);
    await workflow.run({ sourceIp: 'azure' });
    assert.ok(!warned(workflow));
  });
});

describe('a run that is superseded while it waits', () => {
  const settings = { supersession: 'vm+port' as const, ruleDelayMs: 10_000 };

  it('fails with JIT703 immediately, and names the newer request', async () => {
    const workflow = aWorkflow({ settings });
    workflow.context.clock.at(3000, () => {
      byOther(workflow);
    });
    const { opened, codes } = await workflow.run();
    assert.deepEqual(codes, ['JIT703']);
    assert.match(opened?.failures[0]?.seen ?? '', /20\.70\.1\.1.*buildId=7/);
    assert.ok(workflow.context.clock.now() < 15_000, 'it did not wait to the end');
    assert.deepEqual(workflow.ledger.open, []);
  });

  it('requests access again for both if it shares', async () => {
    const workflow = aWorkflow({ settings });
    workflow.context.clock.at(3000, () => {
      byOther(workflow);
    });
    const { codes, endpoints } = await workflow.run(SHARE);
    assert.deepEqual(codes, []);
    assert.equal(endpoints[0]?.status, 'open');
    assert.deepEqual(
      active(workflow).map(({ sources }) => sources),
      [[AGENT, OTHER].sort()],
    );
    assert.equal(workflow.ledger.open.length, 1);
    const lines = workflow.context.texts('line').filter((text) => text.startsWith('Requesting access to'));
    assert.match(lines.at(-1) ?? '', new RegExp(`web-01, port 22, .*${OTHER}.* until `), 'all that is open');
  });

  it('keeps the sources of other runs that it had taken over before', async () => {
    const workflow = aWorkflow({ settings });
    byOther(workflow, '20.70.1.2');
    workflow.context.clock.at(3000, () => {
      byOther(workflow);
    });
    await workflow.run({ ...SHARE, duration: '3h' });
    assert.deepEqual(active(workflow)[0]?.sources, [AGENT, OTHER, '20.70.1.2'].sort());
    await close(workflow);
    const [grant] = active(workflow);
    assert.deepEqual(grant?.sources, [OTHER, '20.70.1.2'].sort());
    assert.equal(
      grant.endsAt,
      START + 2 * HOUR + 3000,
      'their own end, and not the one of the superseded request',
    );
  });

  it('also keeps them if a later request for any address, which it leaves out, follows', async () => {
    const workflow = aWorkflow({ settings });
    byOther(workflow, '20.70.1.2');
    workflow.context.clock.at(3000, () => {
      byOther(workflow, '*', 5 * MINUTE);
    });
    assert.deepEqual((await workflow.run({ ...SHARE, duration: '3h' })).codes, []);
    assert.deepEqual(active(workflow)[0]?.sources, [AGENT, '20.70.1.2'].sort());
    await close(workflow);
    assert.deepEqual(active(workflow), [{ sources: ['20.70.1.2'], endsAt: START + 2 * HOUR }]);
  });

  it('requests access again only within its waiting time, even if Azure does not respond', async () => {
    const workflow = aWorkflow({ settings });
    workflow.context.clock.at(3000, () => {
      byOther(workflow);
      workflow.azure.next('initiate', 'hang');
    });
    const { codes } = await workflow.run({ ...SHARE, waitTimeout: '20s' });
    assert.deepEqual(codes, ['JIT603']);
    assert.equal(workflow.count('initiate'), 2);
    assert.equal(workflow.context.clock.now(), 20_000);
    assert.deepEqual(
      workflow.ledger.perhaps.map(({ requested }) => requested.sources),
      [parsePrefixes([AGENT, OTHER])],
    );
  });

  it('requests nothing if the newer request also allows it', async () => {
    const workflow = aWorkflow({ settings });
    workflow.context.clock.at(3000, () => {
      const sources = [OTHER, AGENT];
      workflow.policy.requestByOther({ vm: workflow.vm, port: 22, sources, durationMs: 2 * HOUR });
    });
    const { codes } = await workflow.run(SHARE);
    assert.deepEqual(codes, []);
    assert.equal(workflow.count('initiate'), 1);
    const [outcome] = await close(workflow);
    assert.equal(outcome, undefined, 'what another run asked for is not this one to close');
  });
});

describe('closing a shared port', () => {
  for (const supersession of ['vm+port', 'vm+port+source'] as const) {
    it(`ends the access of this run, and keeps that of the other run until its own end (${supersession})`, async () => {
      const workflow = aWorkflow({ settings: { supersession } });
      byOther(workflow, OTHER, 90 * MINUTE);
      await workflow.run(SHARE);
      const outcomes = await close(workflow);
      assert.deepEqual(
        outcomes.map(({ kind }) => kind),
        ['closed'],
      );
      await workflow.context.clock.sleep(MINUTE, workflow.context.signal);
      const grants = active(workflow);
      assert.ok(grants.every(({ sources }) => !sources.includes(AGENT)));
      assert.ok(grants.some(({ sources }) => sources.includes(OTHER)));
      assert.ok(grants.every(({ endsAt }) => endsAt <= START + 90 * MINUTE));
      assert.ok(workflow.vm.nicNsg?.jitAllowRules().length, 'the other is allowed');
    });
  }

  it('leaves it open, and says so, while another run holds this source as well', async () => {
    const workflow = aWorkflow({ settings: { supersession: 'vm+port' } });
    await workflow.run(SHARE);
    const sources = [OTHER, AGENT];
    workflow.policy.requestByOther({ vm: workflow.vm, port: 22, sources, durationMs: 2 * HOUR });
    const [outcome] = await close(workflow);
    assert.equal(outcome?.kind, 'open');
    assert.match(outcome.why, /20\.70\.1\.1/);
    assert.equal(active(workflow).length, 1);
  });
});
