import assert from 'node:assert/strict';
import type { Run } from '../support/agent/stage';
import {
  askedPorts,
  assertSucceeded,
  assertWarns,
  closeAfter,
  endpointsOf,
  onFirst,
  usePackagedTask,
  warningsOf,
  type Stage,
} from '../support/packagedTask';
import { anyPort } from '../support/scenario';

const MINUTE = 60_000;
const SHARE = { shareActiveRequests: 'true', closeAtJobEnd: 'true', duration: '3h' };

const byOther = ({ policy, vm }: Stage, sources: readonly string[], durationMs: number): void => {
  policy.requestByOther({ vm, port: 22, sources, durationMs, justification: 'buildId=7' });
};
const endText = ({ azure }: Stage, ms: number): string =>
  new Date(azure.now() + ms).toISOString().slice(0, 16).replace('T', ' ');
const rulesFor = ({ vm }: Stage) => (vm.nicNsg?.jitAllowRules() ?? []).flatMap(({ sources = [] }) => sources);
const said = (run: Run): string => [...run.log, ...warningsOf(run)].join('\n');

describe('the packaged task beside other runs at one port', () => {
  const task = usePackagedTask();

  for (const range of ['*', '20.61.0.0/16']) {
    it(`does not take over ${range}, ends its own request, and names the end of the other one`, async () => {
      const stage = await task.stage();
      const agent = stage.azure.settings.seenAddress;
      byOther(stage, [range], 5 * MINUTE);
      const end = endText(stage, 5 * MINUTE);
      const run = await stage.run(SHARE);
      assertSucceeded(run);
      assert.deepEqual(
        askedPorts(stage).map((port) => port.allowedSourceAddressPrefix),
        [agent],
      );
      assertWarns(run, 'buildId=7', 'cut off');
      const after = await closeAfter(stage, run);
      assertWarns(after, `22 from ${agent} stays open until ${end}`);
      assert.deepEqual(rulesFor(stage), [range]);
      assert.equal(stage.policy.liveGrants().length, 1);
    });
  }

  it('uses the range of another run when it lasts long enough', async () => {
    const stage = await task.stage();
    byOther(stage, ['20.61.0.0/16'], 180 * MINUTE);
    assertSucceeded(await stage.run(SHARE));
    assert.deepEqual(askedPorts(stage), []);
  });

  it('does not take over any address that supersedes it while it waits', async () => {
    const stage = await task.stage({ settings: { supersession: 'vm+port', ruleDelayMs: 4000 } });
    onFirst(stage, 'nsg', () => {
      byOther(stage, ['*'], 5 * MINUTE);
    });
    const run = await stage.run(SHARE);
    assertSucceeded(run);
    assert.ok(askedPorts(stage).every((port) => port.allowedSourceAddressPrefix !== '*'));
    assert.ok(stage.policy.liveGrants().every(({ sources }) => !sources.includes('*')));
    assertWarns(run, 'buildId=7', 'cut off');
  });

  it('ends its own request although another run holds its address too', async () => {
    const stage = await task.stage();
    const agent = stage.azure.settings.seenAddress;
    byOther(stage, [agent, '20.9.9.9'], 90 * MINUTE);
    const end = endText(stage, 90 * MINUTE);
    const run = await stage.run(SHARE);
    const after = await closeAfter(stage, run);
    assertWarns(after, agent, end);
    const last = Math.max(...stage.policy.liveGrants().map(({ endsAt }) => endsAt));
    assert.ok(last <= stage.azure.now() + 90 * MINUTE);
    assert.ok(rulesFor(stage).includes(agent), 'the other run is not cut off');
  });

  it('keeps another run in after the job, alone and until its own end, and says so', async () => {
    const stage = await task.stage({ settings: { supersession: 'vm+port' } });
    const agent = stage.azure.settings.seenAddress;
    byOther(stage, ['20.9.9.9'], 90 * MINUTE);
    const end = endText(stage, 90 * MINUTE);
    const run = await stage.run(SHARE);
    assertSucceeded(run);
    const after = await stage.after(run);
    assert.deepEqual(rulesFor(stage), ['20.9.9.9']);
    assert.ok(!rulesFor(stage).includes(agent));
    assert.match(said(after), new RegExp(`20\\.9\\.9\\.9.*${end}`));
  });

  it('never passes foreign text of another request on', async () => {
    const stage = await task.stage({ settings: { supersession: 'none' } });
    const agent = stage.azure.settings.seenAddress;
    const evil = ['Internet', '20.9.9.9; curl x', '::1'];
    byOther(stage, [agent, ...evil], 180 * MINUTE);
    const reused = await stage.run(SHARE);
    assertSucceeded(reused);
    assert.deepEqual(askedPorts(stage), []);
    assert.equal(reused.outputs['sourceAddresses'], agent);
    assert.deepEqual(
      endpointsOf(reused).map(({ sourceAddresses }) => sourceAddresses),
      [[agent]],
    );
    const other = await task.stage();
    byOther(other, ['20.9.9.9', ...evil], 180 * MINUTE);
    const shared = await other.run(SHARE);
    assertSucceeded(shared);
    assert.deepEqual(
      askedPorts(other).map((port) => port.allowedSourceAddressPrefixes),
      [[agent, '20.9.9.9']],
    );
  });

  it('leaves a rule with a name of the service alone that was there before', async () => {
    const stage = await task.stage({ vm: { subnetNsg: false } });
    const name = 'MicrosoftDefenderForCloud-JITRule-77-0123456789ABCDEF0123456789ABCDEF';
    stage.vm.nicNsg?.addRule({
      ...{ name, priority: 110, access: 'Allow', sources: [stage.azure.settings.seenAddress] },
      ...{ destinations: [stage.vm.privateIp], destinationPorts: ['22'] },
    });
    const after = await closeAfter(stage, await stage.run({ closeAtJobEnd: 'true' }));
    assertWarns(after, name, 'without an end');
    assert.deepEqual(stage.azure.callsTo('rule.delete'), []);
  });
});

describe("the packaged task and the spelling of a policy's entries", () => {
  const task = usePackagedTask();

  for (const [entry, sourceIp] of [
    ['0.0.0.0/0', '*'],
    ['20.61.99.7/32', 'agent'],
    ['20.61.99.7', '20.61.99.7/32'],
    ['20.61.99.6/31', '20.61.99.7,20.61.99.6'],
    ['20.61.98.0/23', '20.61.99.0/24,20.61.98.0/24'],
  ] as const) {
    it(`requests ${entry} where ${sourceIp} means the same`, async () => {
      const stage = await task.stage({ ports: [{ ...anyPort(22), sources: [entry] }] });
      assertSucceeded(await stage.run({ sourceIp }));
      assert.deepEqual(
        askedPorts(stage).map((port) => port.allowedSourceAddressPrefix),
        [entry],
      );
    });
  }

  it('requests a number once that the policy has for TCP and UDP, by the entry for TCP', async () => {
    const udp = { ...anyPort(3389), protocol: 'UDP', maxRequestAccessDuration: 'PT15M' };
    const stage = await task.stage({ ports: [udp, { ...anyPort(3389), protocol: 'TCP' }] });
    const run = await stage.run({ ports: 'all', duration: '3h', waitFor: 'request' });
    assertSucceeded(run);
    assert.deepEqual(
      askedPorts(stage).map(({ number }) => number),
      [3389],
    );
    assert.match(said(run), /3389 \(TCP\).*3389 \(UDP\)|3389 \(UDP\).*3389 \(TCP\)/);
  });
});
