import assert from 'node:assert/strict';
import { parsePrefix, textsOf } from '../../../tasks/shared/core/prefixes';
import type { SecurityRule, VmNetwork } from '../../../tasks/shared/core/network';
import { IPV6 as FAMILY } from '../../../tasks/shared/core/nsg/family';
import { sizeOf, subtract, type Ranges } from '../../../tasks/shared/core/ranges';
import { findOpenOverIpv6 } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/overIpv6';
import { aGroup, aNetwork, aRule, aVnet, jitAllow, jitDeny, type NewRule } from './networks';

const IPV6 = [{ privateIpAddress: parsePrefix('fd00:10::4'), applicationGroupIds: ['/asg/six'] }];
const ssh = (given: NewRule = {}): SecurityRule =>
  aRule({ name: 'ssh-6', priority: 300, sources: ['::/0'], destinationPorts: ['22'], ...given });
const deny = (given: NewRule): SecurityRule => aRule({ priority: 200, access: 'Deny', ...given });
/** Returns a VM at 10.0.0.4 and fd00:10::4. */
const dual = (...rules: readonly SecurityRule[]): VmNetwork =>
  aNetwork([aGroup('nic', ...rules)], { ipv6: IPV6, vnet: aVnet('10.0.0.0/16', 'fd00:10::/48') });
const open = (network: VmNetwork, port = 22) => {
  const found = findOpenOverIpv6(network, { port, protocol: 'TCP' });
  return found && [found.everyAddress, ...found.rules.map(({ rule }) => rule.name)];
};

describe('internet access over IPv6', () => {
  it('is allowed by a rule for any source or for the internet', () => {
    for (const sources of [['::/0'], ['*'], ['Internet'], ['2000::/3'], ['::/1', '8000::/1']]) {
      assert.deepEqual(open(dual(ssh({ sources }))), [true, 'ssh-6'], sources.join());
    }
    assert.deepEqual(open(dual(ssh({ destinations: ['fd00:10::4'] }))), [true, 'ssh-6']);
    assert.deepEqual(open(dual(ssh({ destinationGroupIds: ['/asg/SIX'] }))), [true, 'ssh-6']);
    const { vnet, ...unread } = dual(ssh({ sources: ['Internet'] }));
    assert.ok(vnet);
    assert.deepEqual(open(unread), [true, 'ssh-6'], 'the virtual network need not be read');
  });

  it('is not blocked by the IPv4 rule of the service, or by a rule that denies only a few addresses', () => {
    assert.deepEqual(open(dual(jitDeny(200), ssh({ sources: ['*'] }))), [true, 'ssh-6']);
    assert.deepEqual(open(dual(deny({ sources: ['2603::/16'] }), ssh())), [false, 'ssh-6']);
    assert.deepEqual(open(dual(deny({ sources: ['AzureCloud'] }), ssh())), [true, 'ssh-6']);
  });

  it('is access from more than half of the public addresses, and not from exactly half', () => {
    let left = sizeOf(FAMILY.publicOnes) / 2n;
    const half = FAMILY.publicOnes.flatMap(({ first, last }) => {
      const taken = last - first + 1n < left ? last - first + 1n : left;
      left -= taken;
      return taken > 0n ? [{ first, last: first + taken - 1n }] : [];
    });
    const textOf = (ranges: Ranges<bigint>) => textsOf(FAMILY.toPrefixes(ranges));
    assert.equal(sizeOf(half) * 2n, sizeOf(FAMILY.publicOnes));
    assert.equal(open(dual(ssh({ sources: textOf(half) }))), undefined);
    const [more = ''] = textOf(subtract(FAMILY.publicOnes, half));
    assert.deepEqual(open(dual(ssh({ sources: [...textOf(half), more] }))), [false, 'ssh-6']);
  });

  it('is not reported without such a rule, or if the VM has only IPv4', () => {
    const { ipv6, ...single } = dual(ssh());
    assert.deepEqual(
      [open({ ...single, ...(ipv6 && { ipv6 }) }), open(single)],
      [[true, 'ssh-6'], undefined],
    );
    for (const rules of [
      [],
      [jitAllow({ sources: ['*'] })],
      [ssh({ sources: ['0.0.0.0/0'] })],
      [ssh({ sources: ['2603::/16'] })],
      [ssh({ sources: ['AzureCloud'] })],
      [ssh({ destinations: ['10.0.0.4'] })],
      [ssh({ senseless: 'protocol' })],
      [ssh(), deny({ destinations: ['fd00:10::4'] })],
      [ssh(), deny({ sources: ['2000::/4', '3000::/5'] })],
    ]) {
      assert.equal(open(dual(...rules)), undefined, rules.map(({ name }) => name).join());
    }
    assert.equal(open(dual(ssh()), 3389), undefined);
  });

  it('requires that both groups allow it, and is not reported if no group was read', () => {
    const both = (...rules: readonly SecurityRule[]) => ({
      ...dual(),
      groups: [aGroup('subnet', ...rules), aGroup('nic', ssh())],
    });
    assert.equal(open(both()), undefined);
    assert.deepEqual(open(both(ssh({ name: 'subnet-6' }))), [true, 'subnet-6', 'ssh-6']);
    assert.equal(open({ ...dual(), groups: [] }), undefined);
    assert.equal(open({ ...dual(), groups: [], publicSku: 'Basic' }), undefined);
  });

  it('is found on any IPv6 address of the VM', () => {
    const ipv6 = [...IPV6, { privateIpAddress: parsePrefix('fd00:10::5'), applicationGroupIds: [] }];
    const network = { ...dual(ssh({ destinations: ['fd00:10::5'] })), ipv6 };
    assert.deepEqual(open(network), [true, 'ssh-6']);
  });
});
