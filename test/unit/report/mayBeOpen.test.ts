import assert from 'node:assert/strict';
import { parsePrefix } from '../../../tasks/shared/core/prefixes';
import { coverOf } from '../../../tasks/JitReport/JitReportV1/src/judge/cover';
import { rulesFor } from '../../../tasks/JitReport/JitReportV1/src/judge/open';
import { findOpenings } from '../../../tasks/JitReport/JitReportV1/src/judge/permanentAccess';
import type { SecurityRule } from '../../../tasks/shared/core/network';
import type { Firewall } from '../../../tasks/shared/core/resources';
import { AGENT, aRule, aVnet, jitDeny, type NewRule } from '../core/networks';
import { aRequest } from '../core/policies';
import { aFirewall, aNatRule, aNetworkRule, aSite, openingOf, placesIn, type Site } from './sites';

const TEN = '10.1.0.0/16';
const ssh = (given: NewRule = {}): SecurityRule =>
  aRule({ priority: 300, destinationPorts: ['22'], ...given });
const behind = (...onNic: readonly SecurityRule[]): Site => aSite([{ onNic }]);
const standing = (site: Site, granted?: readonly string[]) => openingOf(site, granted)?.permanent;
/** A deny rule that cannot be resolved. */
const doubted = aRule({ priority: 200, access: 'Deny', sources: ['AzureCloud'] });

describe('a port that might be open', () => {
  const doubt = (site: Site) => openingOf(site)?.doubt;
  const ruleOf = (site: Site) => {
    const [rule] = doubt(site)?.rules ?? [];
    return rule && [rule.name, rule.why, rule.from.join(), rule.attachedTo];
  };

  it('is allowed by a rule that cannot be resolved, and named with rule and reason', () => {
    const of = (given: NewRule) => ruleOf(behind(jitDeny(4096), ssh({ name: 'hole', ...given })));
    assert.deepEqual(of({ sources: ['AzureCloud'] }), ['hole', 'serviceTag', 'AzureCloud', 'nic']);
    assert.deepEqual(of({ sources: [], sourceGroupIds: ['/asg/web'] }), [
      ...['hole', 'applicationGroup', '/asg/web', 'nic'],
    ]);
    assert.deepEqual(of({ senseless: 'access', access: 'unknown' })?.[1], 'senseless');
    assert.deepEqual(of({ protocol: 'Other' })?.[1], 'other');
    const wide = aSite([{ onNic: [ssh({ sources: ['VirtualNetwork'] })] }], { hasRouteTable: true });
    assert.deepEqual(ruleOf(wide), ['Allow-300', 'virtualNetwork', 'VirtualNetwork', 'nic']);
    const found = doubt(behind(ssh({ sources: ['AzureCloud'] })));
    assert.deepEqual(
      [found?.reason, found?.sources, found?.reach, found?.publicShare],
      [...['rules', ['*'], 'anyAddress', 1]],
    );
  });

  it('is reported in addition to the sources that are certainly allowed, but only for other sources', () => {
    const site = behind(
      ssh({ sources: [TEN] }),
      ssh({ name: 'tag', priority: 301, sources: ['AzureCloud'] }),
    );
    assert.deepEqual(standing(site)?.sources, [TEN]);
    assert.deepEqual(ruleOf(site)?.[0], 'tag');
    assert.equal(doubt(behind(ssh(), ssh({ priority: 301, sources: ['AzureCloud'] }))), undefined);
  });

  it('is not reported if a preceding rule, or the other group, certainly denies it', () => {
    const tag = ssh({ sources: ['AzureCloud'] });
    assert.equal(doubt(behind(tag)) === undefined, false);
    assert.equal(doubt(behind(jitDeny(200), tag)), undefined);
    assert.equal(doubt(aSite([{ onSubnet: [tag], onNic: [] }])), undefined);
    assert.equal(doubt(behind(doubted)), undefined, 'a deny rule in doubt opens nothing');
    assert.equal(doubt(behind(ssh({ sources: ['AzureCloud'], destinationPorts: ['443'] }))), undefined);
    assert.equal(doubt(behind()), undefined);
    assert.equal(doubt(behind(ssh({ sources: ['Internet'] }))), undefined, 'nobody has reserved addresses');
  });

  it('is every port of an address that nothing filters', () => {
    for (const site of [aSite([{}]), aSite([{ onNic: [] }, {}])]) {
      const { reason, rules, reach } = doubt(site) ?? {};
      assert.deepEqual([reason, rules, reach], ['noSecurityGroup', [], 'anyAddress']);
    }
    assert.equal(doubt(aSite([{ publicSku: 'Standard' }]))?.reach, 'private', 'the internet is kept out');
    assert.equal(doubt(aSite([{ publicSku: 'Basic' }])), undefined, 'it surely is open');
    const managed = aSite([{}], { firewalls: [aFirewall({ hasPolicy: true })] });
    assert.equal(doubt(managed)?.reason, 'firewallPolicy');
    assert.equal(doubt(aSite([{}], { firewalls: 'unread' })), undefined, 'a gap says so');
  });

  it('can be one that a firewall forwards for IP groups', () => {
    for (const rules of [
      { natRules: [aNatRule({ sources: [''] })] },
      { networkRules: [aNetworkRule({ sources: [''] })] },
    ]) {
      const site = aSite([{}], { firewalls: [aFirewall(rules)] });
      assert.equal(standing(site), undefined);
      assert.deepEqual(ruleOf(site)?.slice(1), ['ipGroup', '', 'firewall']);
    }
  });
});

describe('network rules of a classic firewall', () => {
  const at = (...networkRules: Firewall['networkRules']): Site =>
    aSite([{}], { firewalls: [aFirewall({ networkRules })] });

  it('allow the sources that they name, unless a preceding rule denies them', () => {
    assert.deepEqual(standing(at(aNetworkRule())), {
      ...{ sources: ['10.50.0.0/16'], moreSources: 0, reach: 'private', publicShare: 0 },
      rules: [{ name: 'from-office', priority: 300, group: 'fw', attachedTo: 'firewall' }],
    });
    const closed: readonly (readonly ReturnType<typeof aNetworkRule>[])[] = [
      [aNetworkRule({ protocols: ['UDP'] })],
      [aNetworkRule({ destinationPorts: ['443'] })],
      [aNetworkRule({ destinations: ['10.0.0.9'] })],
      [aNetworkRule(), aNetworkRule({ name: 'deny', priority: 200, access: 'Deny', protocols: ['Any'] })],
      [aNetworkRule({ access: 'Deny' })],
    ];
    for (const rules of closed) assert.equal(standing(at(...rules)), undefined, JSON.stringify(rules));
    assert.deepEqual(
      standing(at(aNetworkRule({ destinations: ['10.0.0.0/24'], destinationPorts: ['20-25'] })))?.sources,
      ['10.50.0.0/16'],
    );
  });

  it('are never rules of a request', () => {
    assert.equal(standing(at(aNetworkRule()), ['10.50.0.0/16'])?.rules.length, 1);
  });
});

describe('a port over IPv6', () => {
  /** Returns a network interface with an address of each IP version. */
  function dual(...onNic: readonly SecurityRule[]): Site {
    const site = aSite([{ onNic }], { space: aVnet('10.0.0.0/16', 'fd00:10::/48') });
    const [[key, nic] = ['', undefined]] = [...site.catalogue.nics];
    const [first] = nic?.addresses ?? [];
    assert.ok(nic && first);
    const addresses = [first, { ...first, privateIpAddress: parsePrefix('fd00:10::4') }];
    return { ...site, catalogue: { ...site.catalogue, nics: new Map([[key, { ...nic, addresses }]]) } };
  }
  const over = (site: Site) =>
    findOpenings(
      placesIn(site),
      { port: 22, protocol: 'TCP', granted: [] },
      { firewalls: [], vnets: site.catalogue.vnets },
    );

  it('is found separately from IPv4, by the rules for IPv6', () => {
    const found = over(dual(ssh({ sources: ['::/0'] })));
    assert.deepEqual(
      found.map(({ ipVersion, permanent: one, publicShare }) => [ipVersion, one?.reach, publicShare]),
      [
        ['IPv4', undefined, 0],
        ['IPv6', 'anyAddress', 1],
      ],
    );
    assert.deepEqual(
      over(dual(ssh())).map(({ permanent: one }) => one?.sources),
      [['*'], ['*']],
    );
    const [, narrow] = over(dual(ssh({ sources: ['2603:1020::/32', '10.0.0.0/8'] })));
    assert.deepEqual(narrow?.permanent?.sources, ['2603:1020::/32']);
    assert.ok(narrow.publicShare > 0 && narrow.publicShare < 0.001);
  });

  it('is open to almost all addresses, and never reported as open to all, if one address is blocked', () => {
    const deny = aRule({ priority: 200, access: 'Deny', sources: ['2603:1020::1'] });
    const [, found] = over(dual(ssh({ sources: ['::/0'] }), deny));
    assert.ok(found && found.publicShare > 0.99 && found.publicShare < 1);
  });

  it('is not evaluated without an IPv6 address', () => {
    assert.deepEqual(
      over(behind(ssh({ sources: ['::/0'] }))).map(({ ipVersion, permanent: one }) => [ipVersion, one]),
      [['IPv4', undefined]],
    );
  });

  it('makes a VM reachable, but does not open a request', () => {
    const site = dual(ssh({ sources: ['::/0'] }));
    const known = { listed: false, policiesRead: true };
    assert.equal(coverOf(site.vm, known, site.catalogue).reason, 'reachable');
    const [port] = aRequest({ sources: [AGENT] }).ports;
    assert.equal(port && rulesFor(placesIn(site), port, '*').rules, 'closed');
  });
});
