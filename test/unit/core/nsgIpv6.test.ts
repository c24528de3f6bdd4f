import assert from 'node:assert/strict';
import { ANY, parsePrefix, textsOf } from '../../../tasks/shared/core/prefixes';
import { evaluateSure, mayAdmit } from '../../../tasks/shared/core/nsg/evaluate';
import { versionOf } from '../../../tasks/shared/core/nsg/family';
import { withRouteTable } from '../../../tasks/shared/core/nsg/tags';
import type { SecurityRule, VmNetwork } from '../../../tasks/shared/core/network';
import { aGroup, aNetwork, aRule, aVnet, jitAllow, jitDeny, type NewRule } from './networks';

const ssh = (given: NewRule = {}): SecurityRule =>
  aRule({ priority: 300, destinationPorts: ['22'], ...given });
/** Returns a VM at fd00:10::4 in a dual-stack network. */
const at = (...rules: readonly SecurityRule[]): VmNetwork =>
  aNetwork([aGroup('nic', ...rules)], {
    ...{ privateIpAddress: parsePrefix('fd00:10::4'), vnet: aVnet('10.0.0.0/16', 'fd00:10::/48') },
  });
const flow = { sources: [ANY], port: 22, protocol: 'TCP' } as const;
const sure = (network: VmNetwork) => {
  const verdict = evaluateSure(network, flow);
  const sources = verdict.admits ? ['*'] : textsOf(verdict.admittedSources);
  return sources.filter((source) => source !== HOST);
};
const may = (network: VmNetwork, source: string) =>
  textsOf(mayAdmit(network, { ...flow, sources: [parsePrefix(source)] }).sources);
/** The source of health probes. */
const HOST = 'fe80::1234:5678:9abc';
/** The source that Azure's own rule for the virtual network allows. */
const VNET = 'fd00:10::/48';

describe('the IP version', () => {
  it('is determined from an address', () => {
    assert.deepEqual(['10.0.0.4', 'fd00:10::4'].map(parsePrefix).map(versionOf), ['IPv4', 'IPv6']);
  });
});

describe('rules for an IPv6 address', () => {
  it('apply to every source, to the internet, and to IPv6 prefixes', () => {
    assert.deepEqual(sure(at()), [VNET]);
    assert.deepEqual(sure(at(ssh())), ['*']);
    assert.deepEqual(sure(at(ssh({ sources: ['::/0'] }))), ['*']);
    assert.deepEqual(sure(at(ssh({ sources: ['2603::/16'] }))), ['2603::/16', VNET]);
    assert.ok(sure(at(ssh({ sources: ['Internet'] }))).length > 2);
  });

  it('are ignored if they are for IPv4 only', () => {
    for (const rule of [ssh({ sources: ['0.0.0.0/0'] }), ssh({ destinations: ['10.0.0.4'] }), jitAllow()]) {
      assert.deepEqual(sure(at(rule)), [VNET], rule.name);
    }
    assert.deepEqual(sure(at(jitDeny(200), ssh())), ['*'], 'the rule of the service is of IPv4');
    const ipv4 = aNetwork([
      aGroup('nic', ssh({ sources: ['::/0'] }), ssh({ priority: 301, destinations: ['fd00:10::4'] })),
    ]);
    assert.equal(mayAdmit(ipv4, { ...flow, sources: [parsePrefix('20.1.1.1')] }).sources.length, 0);
  });

  it('cause no doubt if they are for IPv4 only', () => {
    const rule = ssh({ sources: ['0.0.0.0/0', '10.0.0.9'] });
    assert.deepEqual(may(at(rule), '2603::1'), []);
    const to = ssh({ destinations: ['10.0.0.4'] });
    assert.deepEqual(may(at(to), '2603::1'), []);
  });

  it('might allow any address as part of the virtual network if the subnet has a route table', () => {
    const routed = { ...at(), vnet: withRouteTable(aVnet('10.0.0.0/16', 'fd00:10::/48')) };
    assert.deepEqual(may(routed, '2603::1'), ['2603::1']);
    assert.deepEqual(sure(routed), [VNET], 'its own prefixes belong to it for sure');
    const ipv4 = { ...routed, privateIpAddress: parsePrefix('10.0.0.4') };
    assert.deepEqual(may(ipv4, '20.1.1.1'), ['20.1.1.1']);
  });

  it('block the sources and destinations that they name', () => {
    const deny = aRule({ priority: 200, access: 'Deny', sources: ['2603::/16'] });
    assert.ok(!mayAdmit(at(deny, ssh()), { ...flow, sources: [parsePrefix('2603::1')] }).sources.length);
    assert.deepEqual(
      textsOf(mayAdmit(at(deny, ssh()), { ...flow, sources: [parsePrefix('2604::1')] }).sources),
      ['2604::1'],
    );
    assert.deepEqual(
      sure(at(ssh(), aRule({ priority: 200, access: 'Deny', destinations: ['fd00:10::4'] }))),
      [],
    );
  });

  it('might allow traffic if they cannot be resolved, and are then named', () => {
    const network = at(ssh({ name: 'cloud', sources: ['AzureCloud'] }));
    const found = mayAdmit(network, flow);
    assert.deepEqual(
      [textsOf(found.sources), found.doubtful.map(({ rule }) => rule.name)],
      [['::/0'], ['cloud']],
    );
    assert.deepEqual(mayAdmit(at(ssh()), flow).doubtful, []);
    assert.deepEqual(sure(network), [VNET]);
  });
});
