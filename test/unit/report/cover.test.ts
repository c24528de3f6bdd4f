import assert from 'node:assert/strict';
import { parsePrefix } from '../../../tasks/shared/core/prefixes';
import { coverOf } from '../../../tasks/JitReport/JitReportV1/src/judge/cover';
import type { SecurityRule } from '../../../tasks/shared/core/network';
import { aRule, jitAllow, jitDeny, type NewRule } from '../core/networks';
import { aFirewall, aNatRule, aNetworkRule, aSite, HUB, VNET, type Site } from './sites';

const NOT_LISTED = { listed: false, policiesRead: true };
const LISTED = { listed: true, policiesRead: true };
const cover = ({ vm, catalogue }: Site, known = NOT_LISTED): string => {
  const { state, reason } = coverOf(vm, known, catalogue);
  return `${state} ${reason}`;
};
const behind = (...onNic: readonly SecurityRule[]): Site => aSite([{ onNic }]);
const ssh = (given: NewRule = {}): SecurityRule =>
  aRule({ priority: 300, destinationPorts: ['22'], ...given });
const without = (site: Site, part: 'nics' | 'groups' | 'vnets'): Site => ({
  ...site,
  catalogue: { ...site.catalogue, [part]: new Map() },
});

describe('the state of a VM', () => {
  it('is configured if a policy lists it, regardless of anything else', () => {
    assert.equal(cover(behind(ssh()), LISTED), 'configured policy');
    assert.equal(cover(without(behind(ssh()), 'nics'), LISTED), 'configured policy');
    assert.equal(cover(behind(), { listed: true, policiesRead: false }), 'configured policy');
  });

  it('is unknown if its policies, or a part of its network, were not read', () => {
    assert.equal(cover(behind(), { listed: false, policiesRead: false }), 'unknown notRead');
    for (const part of ['nics', 'groups', 'vnets'] as const) {
      assert.equal(cover(without(behind(), part)), 'unknown notRead', part);
      assert.equal(cover(without(aSite([{ onSubnet: [ssh()] }]), part)), 'unknown notRead', part);
    }
    const site = behind();
    const [[key, vnet] = ['', undefined]] = [...site.catalogue.vnets];
    assert.ok(vnet);
    const vnets = new Map([[key, { ...vnet, subnets: [] }]]);
    assert.equal(cover({ ...site, catalogue: { ...site.catalogue, vnets } }), 'unknown notRead');
  });

  it('is unsupported without an address', () => {
    assert.equal(cover(aSite([])), 'unsupported noNetwork');
    assert.equal(cover(aSite([]), { listed: false, policiesRead: false }), 'unknown notRead');
  });

  it('leads to a recommendation if a rule allows any source to a management port', () => {
    for (const port of ['22', '3389', '5985', '5986', '*', '5000-6000']) {
      assert.equal(cover(behind(ssh({ destinationPorts: [port] }))), 'notConfigured reachable', port);
    }
    for (const sources of [['20.1.1.1'], ['10.0.0.0/8'], ['Internet'], ['VirtualNetwork'], ['AzureCloud']]) {
      assert.equal(cover(behind(ssh({ sources }))), 'notConfigured reachable', sources.join());
    }
  });

  it('leads to no recommendation if no rule does', () => {
    const closed: readonly (readonly SecurityRule[])[] = [
      [],
      [ssh({ destinationPorts: ['443', '23-3388', '5987'] })],
      [ssh({ protocol: 'Udp' })],
      [ssh({ direction: 'Outbound' })],
      [ssh({ destinations: ['10.0.0.9'] })],
      [ssh(), aRule({ priority: 200, access: 'Deny' })],
    ];
    for (const rules of closed) {
      assert.equal(cover(behind(...rules)), 'notConfigured closed', JSON.stringify(rules));
    }
  });

  it('treats rules that cannot be resolved as open', () => {
    const doubted = aRule({ priority: 200, access: 'Deny', sources: ['AzureCloud'] });
    assert.equal(cover(behind(ssh({ sources: ['20.1.1.1'] }), doubted)), 'notConfigured reachable');
    const group = ssh({ sources: [], sourceGroupIds: ['/asg/web'] });
    assert.equal(cover(behind(group)), 'notConfigured reachable');
  });

  it('requires that the group on the subnet and the group on the network interface both allow the source', () => {
    const both = (onSubnet: readonly SecurityRule[], onNic: readonly SecurityRule[]) =>
      cover(aSite([{ onSubnet, onNic }]));
    assert.equal(both([ssh()], [ssh()]), 'notConfigured reachable');
    assert.equal(both([ssh()], []), 'notConfigured closed');
    assert.equal(both([], [ssh()]), 'notConfigured closed');
    assert.equal(
      both([ssh({ sources: ['20.1.1.1'] })], [ssh({ sources: ['20.1.1.2'] })]),
      'notConfigured closed',
    );
    assert.equal(
      both([ssh()], [ssh({ destinationPorts: ['3389'] })]),
      'notConfigured closed',
      'another port',
    );
  });

  it('includes every network interface and every address', () => {
    assert.equal(cover(aSite([{ onNic: [] }, { onNic: [ssh()] }])), 'notConfigured reachable');
    assert.equal(cover(aSite([{ onNic: [] }, { onNic: [] }])), 'notConfigured closed');
    assert.equal(cover(aSite([{}, { onNic: [ssh()] }])), 'notConfigured reachable');
    const site = behind(ssh({ destinations: ['10.0.0.77'] }));
    assert.equal(cover(site), 'notConfigured closed');
    const [[key, nic] = ['', undefined]] = [...site.catalogue.nics];
    const [first] = nic?.addresses ?? [];
    assert.ok(nic && first);
    const addresses = [first, { ...first, privateIpAddress: parsePrefix('10.0.0.77') }];
    const nics = new Map([[key, { ...nic, addresses }]]);
    assert.equal(cover({ ...site, catalogue: { ...site.catalogue, nics } }), 'notConfigured reachable');
  });

  it('includes a custom rule with a higher priority than the deny rule of the service', () => {
    assert.equal(cover(behind(jitDeny(4096), ssh({ priority: 1002 }))), 'notConfigured reachable');
    assert.equal(cover(behind(jitDeny(1000), ssh({ priority: 1002 }))), 'notConfigured closed');
    assert.equal(cover(behind(jitAllow())), 'notConfigured reachable', 'left over from a policy');
  });
});

describe('the state of a VM without a security group', () => {
  const bare = (given: Parameters<typeof aSite>[1] = {}): string => cover(aSite([{}], given));

  it('is unsupported if no firewall is in its network or a peered one', () => {
    assert.equal(bare(), 'unsupported noFilter');
    assert.equal(bare({ firewalls: [aFirewall({ vnetId: HUB })] }), 'unsupported noFilter');
    assert.equal(bare({ firewalls: [aFirewall({ vnetId: undefined })] }), 'unsupported noFilter');
    assert.equal(bare({ firewalls: [aFirewall({ vnetId: `${VNET}-2` })] }), 'unsupported noFilter');
  });

  it('is unknown if the firewalls were not read', () => {
    assert.equal(bare({ firewalls: 'unread' }), 'unknown notRead');
  });

  it('follows the rules of a classic firewall in its network or in a peered one', () => {
    for (const vnetId of [VNET, HUB]) {
      const at = (...natRules: readonly ReturnType<typeof aNatRule>[]) =>
        bare({ peers: [HUB.toLowerCase()], firewalls: [aFirewall({ vnetId, natRules })] });
      assert.equal(at(), 'notConfigured closed');
      assert.equal(at(aNatRule()), 'notConfigured reachable');
      assert.equal(at(aNatRule({ sources: [] })), 'notConfigured reachable', 'an IP group');
      assert.equal(at(aNatRule({ translatedAddress: '10.0.0.5' })), 'notConfigured closed');
      assert.equal(at(aNatRule({ translatedPort: 443 })), 'notConfigured closed');
      assert.equal(at(aNatRule({ protocols: ['UDP'] })), 'notConfigured closed');
    }
  });

  it('is reachable through a network rule of the firewall', () => {
    const by = (given: Parameters<typeof aNetworkRule>[0]) =>
      bare({ firewalls: [aFirewall({ networkRules: [aNetworkRule(given)] })] });
    assert.equal(by({}), 'notConfigured reachable');
    assert.equal(by({ protocols: ['UDP'] }), 'notConfigured closed');
    assert.equal(by({ access: 'Deny' }), 'notConfigured closed');
  });

  it('is unsupported if Firewall Policy manages every firewall', () => {
    const managed = aFirewall({ hasPolicy: true });
    assert.equal(bare({ firewalls: [managed] }), 'unsupported firewallPolicy');
    assert.equal(bare({ firewalls: [managed, aFirewall({ vnetId: HUB })] }), 'unsupported firewallPolicy');
    assert.equal(bare({ firewalls: [managed, aFirewall()] }), 'notConfigured closed');
  });

  it('ignores the firewall if a network interface has a security group', () => {
    const firewalls = [aFirewall({ natRules: [aNatRule({ translatedAddress: '10.0.0.4' })] })];
    assert.equal(cover(aSite([{}, { onNic: [] }], { firewalls })), 'notConfigured closed');
    assert.equal(cover(aSite([{ onNic: [] }], { firewalls: 'unread' })), 'notConfigured closed');
  });
});
