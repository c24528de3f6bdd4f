import assert from 'node:assert/strict';
import type { SecurityRule } from '../../../tasks/shared/core/network';
import type { Firewall } from '../../../tasks/shared/core/resources';
import { AGENT, aRule, jitAllow, jitDeny, type NewRule } from '../core/networks';
import { aFirewall, aNatRule, aSite, HUB, openingOf, type Site } from './sites';

const TEN = '10.1.0.0/16';
/**
 * All addresses except 0/8, 10/8, 127/8, 224/3, four blocks from /10 to /16, five /24 blocks, and the Azure host,
 * calculated manually from the registry.
 */
const PUBLIC_COUNT =
  2 ** 32 - 3 * 2 ** 24 - 2 ** 29 - (2 ** 22 + 2 ** 20 + 2 ** 17 + 2 * 2 ** 16) - 5 * 2 ** 8 - 1;
const ssh = (given: NewRule = {}): SecurityRule =>
  aRule({ priority: 300, destinationPorts: ['22'], ...given });

/** Returns the permanent access to SSH, with its sources and rules. */
const standing = (site: Site, granted?: readonly string[], protocol?: 'TCP' | 'UDP') =>
  openingOf(site, granted, protocol)?.permanent;
const behind = (...onNic: readonly SecurityRule[]): Site => aSite([{ onNic }]);
const names = (site: Site, granted?: readonly string[]): readonly string[] | undefined =>
  standing(site, granted)?.rules.map(({ name }) => name);
/** Returns the share of the public addresses that can reach SSH. */
const share = (site: Site): number => openingOf(site)?.publicShare ?? 0;

/** A deny rule that cannot be resolved. */
const doubted = aRule({ priority: 200, access: 'Deny', sources: ['AzureCloud'] });

describe('a permanent port', () => {
  it('has the sources that are certainly allowed, and the rules', () => {
    const site = aSite([
      { onSubnet: [ssh({ name: 'wide', priority: 250 })], onNic: [ssh({ sources: ['20.1.0.0/16', TEN] })] },
    ]);
    assert.deepEqual(standing(site), {
      ...{ sources: [TEN, '20.1.0.0/16'], moreSources: 0, reach: 'internet' },
      publicShare: 65536 / PUBLIC_COUNT,
      rules: [
        { name: 'wide', priority: 250, group: 'nsg-subnet-0', attachedTo: 'subnet' },
        { name: 'Allow-300', priority: 300, group: 'nsg-nic-0', attachedTo: 'nic' },
      ],
    });
  });

  it('names no rule whose sources the other group blocks', () => {
    const site = aSite([
      {
        onSubnet: [ssh({ sources: ['20.1.1.1'] })],
        onNic: [
          ssh({ name: 'one', sources: ['20.1.1.1'] }),
          ssh({ name: 'other', priority: 301, sources: ['20.1.1.2'] }),
        ],
      },
    ]);
    assert.deepEqual(standing(site)?.sources, ['20.1.1.1']);
    assert.deepEqual(names(site), ['Allow-300', 'one']);
  });

  it('is open to any address, to public addresses, or to private addresses only', () => {
    const reach = (...sources: readonly string[]) => standing(behind(ssh({ sources })))?.reach;
    assert.equal(reach('*'), 'anyAddress');
    assert.equal(reach('Internet'), 'anyAddress');
    assert.equal(reach('0.0.0.0/1', '128.0.0.0/1'), 'anyAddress');
    assert.equal(reach('0.0.0.0/1'), 'internet');
    assert.equal(reach('20.1.1.1', TEN), 'internet');
    assert.equal(reach(TEN, '192.168.0.0/16'), 'private');
    assert.equal(reach('VirtualNetwork'), 'private');
    assert.deepEqual(standing(behind(ssh()))?.sources, ['*']);
  });

  it('is not found if no source is certainly allowed', () => {
    const closed: readonly (readonly SecurityRule[])[] = [
      [],
      [ssh({ destinationPorts: ['443'] })],
      [ssh({ protocol: 'Udp' })],
      [ssh({ sources: ['AzureCloud'] })],
      [ssh({ sources: [], sourceGroupIds: ['/asg'] })],
      [ssh({ destinations: ['10.0.0.99'] })],
      [jitDeny(200), ssh()],
    ];
    for (const rules of closed) assert.equal(standing(behind(...rules)), undefined, JSON.stringify(rules));
    assert.equal(standing(aSite([{}])), undefined, 'no security group');
    assert.equal(standing(aSite([{ onSubnet: [ssh()], onNic: [] }])), undefined);
  });

  it('is evaluated over UDP for a UDP port', () => {
    assert.equal(standing(behind(ssh({ protocol: 'Udp' })), [], 'UDP')?.reach, 'anyAddress');
    assert.equal(standing(behind(ssh({ protocol: 'Tcp' })), [], 'UDP'), undefined);
  });

  it('can be opened above the deny rule of the service, or below a deny rule that cannot be resolved', () => {
    assert.deepEqual(names(behind(doubted, ssh({ sources: ['20.1.1.1'] }))), ['Allow-300']);
    const site = behind(jitDeny(4096), ssh({ name: 'by-hand', priority: 1002 }));
    assert.deepEqual([names(site), standing(site)?.reach], [['by-hand'], 'anyAddress']);
  });

  it('combines what all addresses of the VM allow, with each rule once', () => {
    const site = aSite([
      { onNic: [ssh({ name: 'a', sources: ['20.1.1.1'] })] },
      { onNic: [] },
      { onNic: [ssh({ name: 'b', sources: ['20.1.1.2'] })] },
    ]);
    assert.deepEqual(standing(site)?.sources, ['20.1.1.1', '20.1.1.2']);
    assert.deepEqual(names(site), ['a', 'b']);
    const [nic] = [...site.catalogue.nics.values()];
    assert.ok(nic);
    const twice = { ...nic, addresses: nic.addresses.flatMap((one) => [one, one]) };
    const nics = new Map([...site.catalogue.nics, [nic.id.toLowerCase(), twice]]);
    assert.deepEqual(names({ ...site, catalogue: { ...site.catalogue, nics } }), ['a', 'b']);
  });

  it('has a limited number of sources, and the number of the others', () => {
    const sources = Array.from({ length: 33 }, (_none, at) => `20.1.${String(at * 2)}.1`);
    const found = standing(behind(ssh({ sources })));
    assert.deepEqual([found?.sources.length, found?.moreSources], [20, 13]);
    assert.deepEqual(found?.sources, sources.slice(0, 20));
  });
});

describe('a rule of an active request', () => {
  it('is only ignored if the request covers it', () => {
    const site = behind(jitDeny(4096), jitAllow({ sources: ['20.1.0.0/24', AGENT] }));
    assert.equal(standing(site, ['20.1.0.0/16', AGENT]), undefined);
    assert.equal(standing(site, ['20.1.0.0/25', '20.1.0.128/25', `${AGENT}/32`]), undefined);
    assert.equal(standing(site, ['*']), undefined);
    // A part of it exceeds what was granted, so the rule is not from this request.
    assert.deepEqual(standing(site, [AGENT])?.sources, ['20.1.0.0/24', AGENT]);
    assert.deepEqual(standing(behind(jitAllow({ sources: ['*'] })), [AGENT])?.sources, ['*']);
  });

  it('is permanent access after the end of the request', () => {
    const site = behind(jitDeny(4096), jitAllow());
    assert.deepEqual(standing(site)?.sources, [AGENT]);
    assert.equal(names(site)?.length, 1);
  });

  it('is distinguished from another rule with the same sources', () => {
    const site = behind(jitAllow(), ssh({ name: 'by-hand', sources: [AGENT] }));
    assert.deepEqual(names(site, [AGENT]), ['by-hand']);
  });

  it('is not recognized if its sources cannot be parsed', () => {
    const odd = behind(jitAllow({ sources: [AGENT, 'AzureCloud'] }));
    assert.deepEqual(standing(odd, [AGENT])?.sources, [AGENT]);
    assert.equal(standing(behind(jitAllow({ sources: [] })), ['*']), undefined, 'nobody for sure');
  });
});

describe('a port behind a classic firewall only', () => {
  const at = (natRules: Firewall['natRules'], given: Partial<Firewall> = {}): Site =>
    aSite([{}], { firewalls: [aFirewall({ natRules, ...given })], peers: [HUB] });

  it('is open to the sources of the rules that forward to it', () => {
    const site = at([
      aNatRule({ name: 'late', priority: 300, sources: [TEN] }),
      aNatRule({ name: 'early', sources: ['20.1.1.1', 'ip-group'] }),
      aNatRule({ name: 'other', translatedAddress: '10.0.0.5' }),
      aNatRule({ name: 'udp', protocols: ['UDP'] }),
    ]);
    assert.deepEqual(standing(site), {
      ...{ sources: [TEN, '20.1.1.1'], moreSources: 0, reach: 'internet', publicShare: 1 / PUBLIC_COUNT },
      rules: [
        { name: 'early', priority: 200, group: 'fw', attachedTo: 'firewall' },
        { name: 'late', priority: 300, group: 'fw', attachedTo: 'firewall' },
      ],
    });
    assert.deepEqual(names(at([aNatRule({ protocols: ['Any'] })], { vnetId: HUB })), ['to-ssh']);
    assert.equal(standing(at([aNatRule()], { vnetId: `${HUB}-2` })), undefined);
  });

  it('is not permanent because of the rule of an active request', () => {
    const site = at([aNatRule({ sources: [AGENT] })]);
    assert.deepEqual(standing(site)?.sources, [AGENT]);
    assert.equal(standing(site, [AGENT]), undefined);
    assert.equal(standing(site, ['20.50.1.0/24']), undefined);
    assert.deepEqual(standing(at([aNatRule({ sources: [AGENT, TEN] })]), [AGENT])?.sources, [TEN, AGENT]);
    assert.equal(standing(at([aNatRule({ sources: [] })]), ['*']), undefined, 'nobody for sure');
  });

  it('is not evaluated if there is a security group', () => {
    const firewalls = [aFirewall({ natRules: [aNatRule()] })];
    assert.equal(standing(aSite([{ onNic: [] }], { firewalls })), undefined);
  });
});

describe('the share of the internet that can reach a management port', () => {
  it('is 100% with a rule for any source, a rule for the internet, or a request', () => {
    for (const rule of [ssh(), ssh({ sources: ['Internet'] }), jitAllow({ sources: ['*'] })]) {
      assert.equal(share(behind(rule)), 1, rule.name);
    }
    assert.equal(share(aSite([{ onNic: [] }, { onNic: [ssh()] }])), 1);
    assert.equal(share(behind(ssh(), doubted)), 1, 'whatever a rule that cannot be resolved denies');
  });

  it('is below 100%, and never shown as 100%, if one address is blocked', () => {
    const site = behind(ssh(), aRule({ priority: 200, access: 'Deny', sources: ['20.1.1.1'] }));
    assert.equal(share(site), 1 - 1 / PUBLIC_COUNT);
    assert.ok(share(site) < 1);
    assert.equal(share(behind(ssh(), aRule({ priority: 200, access: 'Deny', sources: [TEN] }))), 1);
    assert.equal(
      share(behind(ssh(), aRule({ priority: 200, access: 'Deny', sources: ['168.63.129.16'] }))),
      1,
    );
  });

  it('combines what all addresses of the VM allow', () => {
    const half = (source: string) => ({ onNic: [ssh({ sources: [source] })] });
    assert.equal(share(aSite([half('0.0.0.0/1'), half('128.0.0.0/1')])), 1);
    const lower = 2 ** 31 - 3 * 2 ** 24 - 2 ** 22;
    assert.equal(share(aSite([half('0.0.0.0/1'), half('10.0.0.0/8')])), lower / PUBLIC_COUNT);
  });

  it('is 0 if no source is certainly allowed', () => {
    const closed: readonly (readonly SecurityRule[])[] = [
      [],
      [ssh({ sources: ['AzureCloud'] })],
      [ssh({ sources: ['VirtualNetwork', 'AzureLoadBalancer'] })],
      [ssh({ senseless: 'access', access: 'unknown' })],
      [jitDeny(100), ssh()],
    ];
    for (const rules of closed) assert.equal(share(behind(...rules)), 0, JSON.stringify(rules));
    assert.equal(share(aSite([{ onSubnet: [ssh()], onNic: [] }])), 0);
  });

  it('includes sources that a firewall forwards', () => {
    const at = (...natRules: Firewall['natRules']) => aSite([{}], { firewalls: [aFirewall({ natRules })] });
    assert.equal(share(at(aNatRule())), 1);
    assert.equal(share(at(aNatRule({ protocols: ['UDP'] }))), 0);
    assert.equal(share(at(aNatRule({ sources: ['20.1.1.1'] }))), 1 / PUBLIC_COUNT);
    const halves = [aNatRule({ sources: ['0.0.0.0/1'] }), aNatRule({ sources: ['128.0.0.0/1'] })];
    assert.equal(share(at(...halves)), 1);
  });

  it('is 100% for a Basic public address without a security group, and 0 for a Standard one', () => {
    for (const publicSku of ['Standard', 'unknown'] as const) {
      assert.equal(share(aSite([{ publicSku }])), 0);
      assert.equal(standing(aSite([{ publicSku }])), undefined);
    }
    const site = aSite([{ publicSku: 'Basic' }]);
    assert.equal(share(site), 1);
    const everybody = { sources: ['*'], moreSources: 0, reach: 'anyAddress', publicShare: 1, rules: [] };
    assert.deepEqual(standing(site), everybody);
    assert.equal(share(aSite([{ publicSku: 'Basic', onNic: [] }])), 0, 'a security group filters it');
    assert.equal(share(aSite([{}])), 0, 'without a public address');
  });
});
