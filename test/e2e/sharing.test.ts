import assert from 'node:assert/strict';
import type { Run } from '../support/agent/step';
import {
  requestedPorts,
  assertSucceeded,
  assertWarns,
  closeAfter,
  endpointsOf,
  onFirst,
  usePackagedTask,
  warningsOf,
  type PackagedStep,
} from '../support/packagedTask';
import { anyPort } from '../support/scenario';

const MINUTE = 60_000;
const SHARE = { shareActiveRequests: 'true', closeAtJobEnd: 'true', duration: '3h' };

const byOther = ({ policy, vm }: PackagedStep, sources: readonly string[], durationMs: number): void => {
  policy.requestByOther({ vm, port: 22, sources, durationMs, justification: 'buildId=7' });
};
const endText = ({ azure }: PackagedStep, ms: number): string =>
  new Date(azure.now() + ms).toISOString().slice(0, 16).replace('T', ' ');
const rulesFor = ({ vm }: PackagedStep) =>
  (vm.nicNsg?.jitAllowRules() ?? []).flatMap(({ sources = [] }) => sources);
const said = (run: Run): string => [...run.log, ...warningsOf(run)].join('\n');

describe('the packaged task with other runs at one port', () => {
  const task = usePackagedTask();

  for (const range of ['*', '20.61.0.0/16']) {
    it(`does not take over ${range}, ends its own request, and names the end of the other one`, async () => {
      const step = await task.prepare();
      const agent = step.azure.settings.seenAddress;
      byOther(step, [range], 5 * MINUTE);
      const end = endText(step, 5 * MINUTE);
      const run = await step.run(SHARE);
      assertSucceeded(run);
      assert.deepEqual(
        requestedPorts(step).map((port) => port.allowedSourceAddressPrefix),
        [agent],
      );
      assertWarns(run, 'buildId=7', 'cut off');
      const after = await closeAfter(step, run);
      assertWarns(after, `Still open: web-01, port 22, from ${agent} until ${end}`);
      assert.deepEqual(rulesFor(step), [range]);
      assert.equal(step.policy.liveGrants().length, 1);
    });
  }

  it('uses the range of another run if it lasts long enough', async () => {
    const step = await task.prepare();
    byOther(step, ['20.61.0.0/16'], 180 * MINUTE);
    assertSucceeded(await step.run(SHARE));
    assert.deepEqual(requestedPorts(step), []);
  });

  it('does not take over any address that supersedes it while it waits', async () => {
    const step = await task.prepare({ settings: { supersession: 'vm+port', ruleDelayMs: 4000 } });
    onFirst(step, 'nsg', () => {
      byOther(step, ['*'], 5 * MINUTE);
    });
    const run = await step.run(SHARE);
    assertSucceeded(run);
    assert.ok(requestedPorts(step).every((port) => port.allowedSourceAddressPrefix !== '*'));
    assert.ok(step.policy.liveGrants().every(({ sources }) => !sources.includes('*')));
    assertWarns(run, 'buildId=7', 'cut off');
  });

  for (const range of ['*', '20.61.0.0/16']) {
    it(`requests access again if ${range} supersedes it before its first check of the rules`, async () => {
      const step = await task.prepare({ settings: { supersession: 'vm+port', ruleDelayMs: 0 } });
      onFirst(step, 'nsg', () => {
        step.policy.requestByOther({ vm: step.vm, port: 22, sources: [range], durationMs: 5 * MINUTE });
      });
      const run = await step.run({ shareActiveRequests: 'true', duration: '3h' });
      assertSucceeded(run);
      const address = step.azure.settings.seenAddress;
      const [own, ...others] = step.policy.liveGrants().filter(({ sources }) => sources.includes(address));
      assert.ok(own);
      assert.deepEqual(others, []);
      assert.ok(Date.parse(run.outputs['expiresAtUtc'] ?? '') <= own.endsAt + 1000);
    });
  }

  it('ends its own request even if another run also holds its address', async () => {
    const step = await task.prepare();
    const agent = step.azure.settings.seenAddress;
    byOther(step, [agent, '20.9.9.9'], 90 * MINUTE);
    const end = endText(step, 90 * MINUTE);
    const run = await step.run(SHARE);
    const after = await closeAfter(step, run);
    assertWarns(after, agent, end);
    const last = Math.max(...step.policy.liveGrants().map(({ endsAt }) => endsAt));
    assert.ok(last <= step.azure.now() + 90 * MINUTE);
    assert.ok(rulesFor(step).includes(agent), 'the other run is not cut off');
  });

  it('keeps the access of another run after the job, alone and until its own end, and says so', async () => {
    const step = await task.prepare({ settings: { supersession: 'vm+port' } });
    const agent = step.azure.settings.seenAddress;
    byOther(step, ['20.9.9.9'], 90 * MINUTE);
    const end = endText(step, 90 * MINUTE);
    const run = await step.run(SHARE);
    assertSucceeded(run);
    const after = await step.after(run);
    assert.deepEqual(rulesFor(step), ['20.9.9.9']);
    assert.ok(!rulesFor(step).includes(agent));
    assert.match(said(after), new RegExp(`20\\.9\\.9\\.9.*${end}`));
  });

  it('never passes on foreign text of another request', async () => {
    const step = await task.prepare({ settings: { supersession: 'none' } });
    const agent = step.azure.settings.seenAddress;
    const evil = ['Internet', '20.9.9.9; curl x', '::1'];
    byOther(step, [agent, ...evil], 180 * MINUTE);
    const reused = await step.run(SHARE);
    assertSucceeded(reused);
    assert.deepEqual(requestedPorts(step), []);
    assert.equal(reused.outputs['sourceAddresses'], agent);
    assert.deepEqual(
      endpointsOf(reused).map(({ sourceAddresses }) => sourceAddresses),
      [[agent]],
    );
    const other = await task.prepare();
    byOther(other, ['20.9.9.9', ...evil], 180 * MINUTE);
    const shared = await other.run(SHARE);
    assertSucceeded(shared);
    assert.deepEqual(
      requestedPorts(other).map((port) => port.allowedSourceAddressPrefixes),
      [[agent, '20.9.9.9']],
    );
  });

  for (const [replaced, supersession] of [
    ['replaced', 'vm+port'],
    ['still shown', 'none'],
  ] as const) {
    it(`does not change an existing rule with a name of the service, with its request ${replaced}`, async () => {
      const step = await task.prepare({ vm: { subnetNsg: false }, settings: { supersession } });
      const name = 'MicrosoftDefenderForCloud-JITRule-77-0123456789ABCDEF0123456789ABCDEF';
      step.vm.nicNsg?.addRule({
        ...{ name, priority: 110, access: 'Allow', sources: [step.azure.settings.seenAddress] },
        ...{ destinations: [step.vm.privateIp], destinationPorts: ['22'] },
      });
      const after = await closeAfter(step, await step.run({ closeAtJobEnd: 'true' }));
      assertWarns(after, name, 'with no end time');
      assert.deepEqual(step.azure.callsTo('rule.delete'), []);
      assert.ok(step.vm.nicNsg?.rules().some((rule) => rule.name === name));
    });
  }
});

describe("the packaged task and the notation of a policy's entries", () => {
  const task = usePackagedTask();

  for (const [entry, sourceIp] of [
    ['0.0.0.0/0', '*'],
    ['20.61.99.7/32', 'agent'],
    ['20.61.99.7', '20.61.99.7/32'],
    ['20.61.99.6/31', '20.61.99.7,20.61.99.6'],
    ['20.61.98.0/23', '20.61.99.0/24,20.61.98.0/24'],
  ] as const) {
    it(`requests ${entry} if ${sourceIp} means the same`, async () => {
      const step = await task.prepare({ ports: [{ ...anyPort(22), sources: [entry] }] });
      assertSucceeded(await step.run({ sourceIp }));
      assert.deepEqual(
        requestedPorts(step).map((port) => port.allowedSourceAddressPrefix),
        [entry],
      );
    });
  }

  it('requests a port once that the policy has for TCP and UDP, under the entry for TCP', async () => {
    const udp = { ...anyPort(3389), protocol: 'UDP', maxRequestAccessDuration: 'PT15M' };
    const step = await task.prepare({ ports: [udp, { ...anyPort(3389), protocol: 'TCP' }] });
    const run = await step.run({ ports: 'all', duration: '3h', waitFor: 'request' });
    assertSucceeded(run);
    assert.deepEqual(
      requestedPorts(step).map(({ number }) => number),
      [3389],
    );
    assert.match(said(run), /3389 \(TCP\).*3389 \(UDP\)|3389 \(UDP\).*3389 \(TCP\)/);
  });
});
