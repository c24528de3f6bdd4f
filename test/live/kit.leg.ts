import assert from 'node:assert/strict';
import { toReport, toFindingsFile } from '../../scripts/live/report';
import { createScrubber } from '../../scripts/live/scrub/scrubber';
import { parseVmId } from '../../tasks/shared/core/resourceIds';
import { parseFindings, switchesIn } from '../support/azure/findings';
import { connectTo } from '../contract/beds';
import { read } from '../support/docs/documents';
import { startKitBed, type KitBed } from '../support/live/kitBed';

const JIT = 'Microsoft.Security/locations/jitNetworkAccessPolicies';

describe('the live kit', () => {
  let bed: KitBed;
  beforeEach(async () => {
    bed = await startKitBed();
  });
  afterEach(() => bed.close());

  const rulesLeft = () =>
    [bed.vm.nicNsg, bed.vm.subnetNsg].flatMap((group) => group?.rules() ?? []).map(({ name }) => name);

  it('restores everything', async () => {
    const { left } = await bed.run({ only: ['rule-places', 'supersession', 'outside-policy'] });
    assert.deepEqual(left, []);
    assert.deepEqual(rulesLeft(), []);
    assert.equal(bed.azure.callsTo('policy.delete').length, 1);
  });

  it('does not change the policies and rules of others', async () => {
    const port = { number: 22, protocol: 'TCP', sources: '*', maxRequestAccessDuration: 'PT3H' };
    const policy = bed.azure.addPolicy({ name: 'theirs', vms: [{ vm: bed.vm, ports: [port] }] });
    policy.requestByOther({ vm: bed.vm, port: 22, sources: ['20.40.60.80'], durationMs: 50 * 3_600_000 });
    bed.vm.nicNsg?.addRule({ name: 'by-hand', priority: 900, access: 'Allow', destinationPorts: ['443'] });
    await bed.run();
    assert.deepEqual(
      policy.liveGrants().map(({ sources }) => sources),
      [['20.40.60.80']],
    );
    assert.ok(rulesLeft().includes('by-hand'));
    assert.equal(bed.vm.nicNsg?.jitAllowRules().length, 1);
    const written = bed.azure.callsTo('policy.put', 'policy.delete', 'initiate').map(({ path }) => path);
    assert.ok(
      written.every((path) => path.includes('/jit-live-kit')),
      written.join('\n'),
    );
  });

  it('opens ports for addresses that no one uses, for 25 minutes at most', async () => {
    await bed.run();
    const made = bed.azure.callsTo('initiate');
    const sources = JSON.stringify(made.map(({ body }) => body)).match(/\d+\.\d+\.\d+\.\d+/g);
    assert.ok(sources && sources.length > 20);
    for (const source of sources)
      assert.match(source, /^(192\.0\.2|198\.51\.100|203\.0\.113|198\.18\.\d+)\./);
    for (const { body, atMs, status } of made) {
      if (status !== 202) continue;
      for (const [, end = ''] of JSON.stringify(body).matchAll(/"endTimeUtc":"([^"]+)"/g))
        assert.ok(Date.parse(end) - atMs <= 25 * 60_000, end);
    }
  });

  it('determines what a newer request replaces even if its clock runs back between requests', async () => {
    await bed.close();
    bed = await startKitBed({ supersession: 'vm+port', honoursEarlyEnd: false });
    const { arm } = connectTo(bed.azure);
    let lateMs = 0;
    const azureNow = () => arm.azureNow() - (lateMs += 1000);
    const { findings } = await bed.run({ arm: { ...arm, azureNow }, only: ['supersession'] });
    assert.equal(switchesIn(findings).supersession, 'vm+port');
  });

  it('restores everything when it is interrupted halfway', async () => {
    const interrupted = new AbortController();
    bed.azure.faults.always((target) => {
      if (target.kind === 'initiate') interrupted.abort();
      return false;
    }, 'pass');
    const { findings, left } = await bed.run({ signal: interrupted.signal });
    assert.deepEqual(left, []);
    assert.deepEqual(rulesLeft(), []);
    assert.equal(bed.azure.callsTo('policy.delete').length, 1);
    assert.ok(findings.every(({ stand }) => stand === 'unsettled'));
  });

  it('continues if Azure fails to respond once', async () => {
    bed.azure.faults.next('initiate', 'reset');
    const { findings, left } = await bed.run({ only: ['rule-places', 'ends'] });
    assert.match(findings[0]?.answer ?? '', /^JIT603/);
    assert.equal(findings[1]?.stand, 'settled');
    assert.deepEqual(left, []);
  });

  it('restores everything if its policy cannot be read', async () => {
    bed.azure.faults.always('policy.get', 'notJson');
    await assert.rejects(bed.run({ only: ['ends'] }), /JIT604/);
    assert.equal(bed.azure.callsTo('policy.delete').at(-1)?.status, 200);
  });

  it('names what it cannot restore', async () => {
    bed.principal.forbid(`${JIT}/delete`, 'Microsoft.Network/networkSecurityGroups/securityRules/delete');
    const { left } = await bed.run({ only: ['rule-places'] });
    const [policy = '', rules = '', ...each] = left;
    assert.match(policy, /^The temporary policy: 403 AuthorizationFailed.*jit-live-kit manually/);
    assert.match(rules, /securityRules\/delete/);
    assert.equal(each.length, 2, left.join('\n'));
  });

  it('also removes what a deleted policy leaves behind', async () => {
    const ports = ['22', '61001'];
    for (const [group, name] of [
      [bed.vm.nicNsg, 'MicrosoftDefenderForCloud-JITRule_1_0123456789ABCDEF0123456789ABCDEF'],
      [bed.vm.subnetNsg, 'MicrosoftDefenderForCloud-JITRule_2_0123456789ABCDEF0123456789ABCDEF'],
    ] as const)
      group?.addRule({ name, priority: 4000, access: 'Deny', destinationPorts: ports });
    bed.vm.nicNsg?.addRule({ name: 'by-hand', priority: 4001, access: 'Deny', destinationPorts: ports });
    const { left } = await bed.run({ only: ['subscription-list'] });
    assert.deepEqual(left, []);
    assert.deepEqual(rulesLeft(), ['by-hand']);
  });

  for (const isOff of [true, false]) {
    it(`requests access to a VM outside the plan, and ${isOff ? 'says how it is refused' : 'deletes what it made'}`, async () => {
      const subscriptionId = '22222222-2222-4333-8444-555555555555';
      const other = bed.azure.addVm({ name: 'other-01', subscriptionId, location: 'northeurope' });
      if (isOff) bed.azure.planTwoOff(subscriptionId, 'everything');
      const outsidePlan = parseVmId(other.id);
      const { findings, left } = await bed.run({ only: ['outside-plan'], outsidePlan });
      assert.match(
        findings[0]?.answer ?? '',
        isOff ? /403 SubscriptionPricingTierNotSupported/ : /accepts .*: 200/,
      );
      const own = bed.azure
        .callsTo('policy.put', 'policy.delete')
        .filter(({ path }) => path.includes(subscriptionId));
      assert.ok(own.every(({ path }) => path.includes('/locations/northeurope/')));
      assert.equal(own.length > 1, true);
      assert.deepEqual(left, []);
    });
  }

  it('waits until a policy that is being written can be deleted', async () => {
    bed.azure.settings.updatingMs = 45_000;
    const { left } = await bed.run({ only: ['policy-writes'] });
    assert.deepEqual(left, []);
  });

  it('reports that the plan is off, and determines what it can', async () => {
    bed.azure.planTwoOff(bed.vm.subscriptionId);
    const { findings, left } = await bed.run();
    const places = findings.find(({ fact }) => fact === 'rule-places');
    assert.match(places?.answer ?? '', /403 SubscriptionPricingTierNotSupported/);
    assert.equal(findings.find(({ fact }) => fact === 'subscription-list')?.stand, 'settled');
    assert.deepEqual(left, []);
  });

  it('reports which right is missing to create its policy', async () => {
    bed.principal.forbid(`${JIT}/write`);
    const { findings } = await bed.run({ only: ['ends'] });
    assert.match(findings[0]?.answer ?? '', /AuthorizationFailed.*jitNetworkAccessPolicies\/write/);
    assert.equal(bed.azure.callsTo('initiate').length, 0);
  });

  it('reports that there is no second identity, and determines nothing that needs one', async () => {
    const { findings } = await bed.run({
      only: ['needed-rights', 'flow-verify', 'outside-plan'],
      second: undefined as never,
    });
    assert.deepEqual(
      findings.map(({ fact, stand, switches }) => [fact, stand, Object.keys(switches)]),
      [
        ['needed-rights', 'unsettled', []],
        ['outside-plan', 'unsettled', []],
        ['flow-verify', 'unsettled', []],
      ],
    );
  });

  for (const verdictMs of [0, 30_000])
    it(`queries a network watcher before and after the rule, with results that take ${verdictMs / 1000} s`, async () => {
      bed.azure.settings.verdictMs = verdictMs;
      const networkWatcherId = bed.azure.addWatcher();
      const { findings, left } = await bed.run({ only: ['flow-verify'], networkWatcherId });
      assert.match(findings[0]?.answer ?? '', /^Before: Deny\. It matches the rule after \d+ s\.$/);
      assert.equal(bed.azure.callsTo('ipFlowVerify').length, 2);
      assert.deepEqual(left, []);
    });

  it('reports that a result never agrees with the rule', async () => {
    bed.azure.settings.verdicts = 'Deny';
    const networkWatcherId = bed.azure.addWatcher();
    const { findings } = await bed.run({ only: ['flow-verify'], networkWatcherId });
    assert.match(findings[0]?.answer ?? '', /Two minutes after the rule, it still does not match/);
  });

  it('writes a report and findings that do not identify whose Azure it was', async () => {
    const result = await bed.run();
    const scrubber = createScrubber(bed.azure.secrets());
    const [report, findings] = [toReport(result, scrubber), toFindingsFile(result, scrubber)];
    const { vm, principal } = bed;
    const names = [
      vm.name,
      vm.resourceGroup,
      vm.subscriptionId,
      vm.privateIp,
      principal.clientId,
      ...bed.azure.secrets(),
    ];
    for (const name of names) {
      assert.ok(!report.toLowerCase().includes(name.toLowerCase()), name);
      assert.ok(!findings.toLowerCase().includes(name.toLowerCase()), name);
    }
    assert.ok(report.includes('| `supersession` | settled |'));
    assert.match(report, /POST \/subscriptions\/0{8}-.*\/initiate/);
    assert.deepEqual(switchesIn(parseFindings(findings)), switchesIn(result.findings));
    // The sample in docs/ is such a report. `npm run live:matrix` writes it.
    const squeeze = (text: string) => (text.split('## rule-places')[0] ?? '').replace(/[\s-]+/g, ' ');
    assert.equal(squeeze(read('docs/fidelity-sample.md')), squeeze(report));
  });
});
