import assert from 'node:assert/strict';
import { toOpened } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/state';
import type { NewRule } from '../support/azure';
import { AGENT } from '../support/fakes/fakeContext';
import { close, DELETE, noted, opened, STUBBORN } from './closing';
import { anyPort, aWorkflow, type Rules, type Workflow } from './workflow';

const RDP = 3389;
const INPUTS = { ports: String(RDP) };
const entries = (...protocols: readonly ('TCP' | 'UDP' | '*')[]): Rules =>
  protocols.map((protocol) => anyPort(RDP, { protocol }));
const BY_HAND = { name: 'by-hand', priority: 900, access: 'Allow', destinationPorts: [String(RDP)] } as const;

function onBoth({ vm }: Workflow, rule: NewRule): void {
  vm.nicNsg?.addRule(rule);
  vm.subnetNsg?.addRule(rule);
}

/** Adds, for each rule of the request, another one for UDP, like a service that writes one rule for each protocol. */
function splitRules({ vm }: Workflow, until?: number): void {
  for (const group of [vm.nicNsg, vm.subnetNsg]) {
    const [allow] = group?.jitAllowRules() ?? [];
    assert.ok(allow);
    const udp = { ...allow, name: allow.name.replace('JITRule-', 'JITRule-1'), protocol: 'Udp' };
    group?.writeJitRule({ ...udp, until: until ?? allow.until }, 101, 1);
  }
}

describe('a port for all protocols that its request opened', () => {
  for (const ports of [entries('*'), entries('TCP', 'UDP'), entries('UDP', 'TCP')]) {
    const name = ports.map(({ protocol }) => protocol).join(' and ');

    it(`${name}: is open while a rule for UDP allows the source, and that rule is named and stays`, async () => {
      const workflow = await opened({ ports }, INPUTS);
      onBoth(workflow, { ...BY_HAND, protocol: 'Udp' });
      const [outcome] = await close(workflow);
      assert.ok(outcome?.kind === 'open');
      assert.equal(outcome.until, undefined);
      assert.match(outcome.why, /^No active request belongs to .*by-hand \(priority 900\)/);
      assert.equal(workflow.count('rule.delete'), 0);
    });

    it(`${name}: is open while a rule for UDP exists that outlives the request`, async () => {
      const workflow = await opened({ ports }, INPUTS);
      splitRules(workflow, Infinity);
      workflow.azure.principal.forbid(DELETE);
      const [outcome] = await close(workflow);
      assert.ok(outcome?.kind === 'open');
      assert.match(outcome.why, /MicrosoftDefenderForCloud-JITRule-1/);
    });

    it(`${name}: is closed by deleting the rule of each protocol if the rules stay`, async () => {
      const workflow = await opened({ ports, settings: STUBBORN }, INPUTS);
      for (const group of [workflow.vm.nicNsg, workflow.vm.subnetNsg])
        for (const rule of group?.jitAllowRules() ?? []) Object.assign(rule, { protocol: 'Tcp' });
      splitRules(workflow);
      const [outcome] = await close(workflow);
      assert.equal(outcome?.kind, 'closed');
      assert.equal(workflow.count('rule.delete'), 4);
    });
  }

  it('is closed regardless of the rules for another protocol', async () => {
    for (const [protocol, other] of [
      ['TCP', 'Udp'],
      ['UDP', 'Tcp'],
    ] as const) {
      const workflow = await opened({ ports: entries(protocol) }, INPUTS);
      onBoth(workflow, { ...BY_HAND, protocol: other });
      const [outcome] = await close(workflow);
      assert.equal(outcome?.kind, 'closed', protocol);
    }
  });

  it('is closed in neither NSG if two rules for one protocol look the same', async () => {
    const workflow = await opened({ ports: entries('TCP', 'UDP'), settings: STUBBORN }, INPUTS);
    for (const group of [workflow.vm.nicNsg, workflow.vm.subnetNsg])
      for (const rule of group?.jitAllowRules() ?? []) Object.assign(rule, { protocol: 'Udp' });
    splitRules(workflow);
    const [outcome] = await close(workflow);
    assert.ok(outcome?.kind === 'open');
    assert.match(outcome.why, /more than one rule looked like/);
    assert.equal(workflow.count('rule.delete'), 0);
  });

  it('is also reported if it is open over IPv6', async () => {
    const workflow = await opened({ ports: entries('*'), vm: { ipv6: 'fd00:10::4' } }, INPUTS);
    onBoth(workflow, { ...BY_HAND, protocol: 'Udp', sources: ['::/0'] });
    const [outcome] = await close(workflow);
    assert.equal(outcome?.kind, 'closed');
    assert.deepEqual(
      outcome.overIpv6?.rules.map(({ rule }) => rule.name),
      ['by-hand', 'by-hand'],
    );
  });

  it('is noted while the response is pending, and by a later attempt that reuses the request', async () => {
    const lost = aWorkflow({ ports: entries('TCP', 'UDP') });
    lost.azure.next('initiate', 'lostAnswer');
    await lost.run(INPUTS);
    const retried = await opened({ ports: entries('TCP', 'UDP') }, INPUTS);
    const earlier = noted(retried);
    const again = aWorkflow({ ports: entries('TCP') });
    assert.deepEqual((await again.run(INPUTS, [])).codes, []);
    const both = toOpened(earlier, again.ledger);
    assert.deepEqual(
      [...noted(lost), ...both].map(({ protocol }) => protocol),
      ['*', '*', 'TCP'],
    );
  });

  it('is decided by the result of IP flow verify for each protocol that the rules leave undecided', async () => {
    const CLOUD: NewRule = { ...BY_HAND, protocol: 'Udp', sources: ['AzureCloud'] };
    for (const [cloud, kind] of [
      ['40.0.0.0/8', 'closed'],
      ['20.0.0.0/8', 'open'],
    ] as const) {
      const workflow = await opened({ ports: entries('TCP', 'UDP'), vm: { subnetNsg: false } }, INPUTS);
      workflow.azure.addWatcher({ tags: { azurecloud: [cloud] } });
      workflow.vm.nicNsg?.addRule(CLOUD);
      const [outcome] = await close(workflow);
      assert.equal(outcome?.kind, kind);
      assert.deepEqual(
        outcome.azure?.map(({ address, access }) => [address.text, access]),
        [[AGENT, kind === 'closed' ? 'Deny' : 'Allow']],
      );
      if (kind === 'closed') assert.equal(workflow.count('ipFlowVerify'), 1, 'over TCP the rules decide');
    }
  });
});
