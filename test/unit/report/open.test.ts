import assert from 'node:assert/strict';
import { parsePrefixes } from '../../../tasks/shared/core/prefixes';
import { evaluatePorts } from '../../../tasks/JitReport/JitReportV1/src/judge/open';
import type { SecurityRule } from '../../../tasks/shared/core/network';
import { AGENT, aRule, jitAllow, type NewRule } from '../core/networks';
import { aPortRule } from '../core/policies';
import { aFirewall, aSite, type NewNic, type Site } from './sites';

const behind = (...onNic: readonly SecurityRule[]): Site => aSite([{ onNic }]);

const evaluate = (
  site: Site,
  rules: Parameters<typeof evaluatePorts>[2] = [],
  active: Parameters<typeof evaluatePorts>[3] = [],
  added: readonly number[] = [],
) => evaluatePorts(site.vm, site.catalogue, rules, active, added);

describe('the evaluated ports', () => {
  const EVERYTHING = aRule({ priority: 300 });

  it('are the management ports and those of the policies, each once', () => {
    const rules = [aPortRule(), aPortRule({ port: 8443 }), aPortRule({ port: 8443 })];
    const { permanent: found, toInternet: open } = evaluate(behind(EVERYTHING), rules);
    assert.deepEqual(
      found.map(({ port, management, vmName }) => [port, management, vmName]),
      [22, 3389, 5985, 5986, 8443].map((port) => [port, port !== 8443, 'web-01']),
    );
    assert.deepEqual(
      open.map(({ port }) => port),
      [22, 3389, 5985, 5986],
    );
  });

  it('use UDP only if the policy has no other protocol, and never for a management port', () => {
    const udp = behind(aRule({ priority: 300, protocol: 'Udp' }));
    const tcp = behind(aRule({ priority: 300, protocol: 'Tcp' }));
    const [rdp, dns, both] = [3389, 53, 53].map((port, at) =>
      aPortRule({ port, protocol: at === 2 ? 'TCP' : 'UDP' }),
    );
    assert.ok(rdp && dns && both);
    const ports = (site: Site, ...rules: Parameters<typeof evaluatePorts>[2]) =>
      evaluate(site, rules).permanent.map(({ port }) => port);
    assert.deepEqual(ports(udp, rdp, dns), [53]);
    assert.deepEqual(ports(tcp, rdp, dns), [22, 3389, 5985, 5986]);
    assert.deepEqual(ports(tcp, dns, both), [22, 3389, 5985, 5986, 53]);
  });

  it('are compared with the active requests for the same port', () => {
    const site = behind(jitAllow());
    const granted = (port: number) =>
      evaluate(site, [], [{ port, sources: parsePrefixes([AGENT]) }]).permanent;
    assert.deepEqual(granted(22), []);
    assert.equal(granted(3389).length, 1);
  });

  it('exclude rules that might be from a request if the policies were not read, and no others', () => {
    const at = (site: Site) => evaluatePorts(site.vm, site.catalogue, [], undefined, []).permanent;
    assert.deepEqual(at(behind(jitAllow())), []);
    assert.equal(at(behind(jitAllow(), EVERYTHING)).length, 4);
  });

  it('are unknown if the network was not read', () => {
    const site = behind(EVERYTHING);
    const blind = { ...site, catalogue: { ...site.catalogue, nics: new Map() } };
    assert.deepEqual(evaluate(blind), { permanent: [], mayBeOpen: [], toInternet: [], exposure: 'unknown' });
  });

  it('include additional ports, which also count as open to the internet', () => {
    const sql = behind(aRule({ priority: 300, destinationPorts: ['1433'] }));
    assert.deepEqual(evaluate(sql).permanent, []);
    const { permanent: standing, toInternet } = evaluate(sql, [], [], [1433, 22]);
    assert.deepEqual(
      [standing, toInternet].map((list) => list.map(({ port }) => port)),
      [[1433], [1433]],
    );
    assert.equal(standing[0]?.management, false);
  });

  it('result in the worst exposure of a VM', () => {
    const exposure = (site: Site) => evaluate(site).exposure;
    const tag = aRule({ priority: 300, sources: ['AzureCloud'] });
    assert.equal(exposure(behind()), 'closed');
    assert.equal(exposure(behind(tag)), 'mayBeOpen');
    assert.equal(exposure(behind(tag, EVERYTHING)), 'open');
    assert.equal(exposure(aSite([{}])), 'unfiltered');
    assert.equal(exposure(aSite([{ onNic: [] }, {}])), 'unfiltered', 'a second NIC');
    assert.equal(exposure(aSite([{ onNic: [] }, { publicSku: 'Basic' }])), 'unfiltered');
    assert.equal(exposure(aSite([])), 'closed');
  });

  it('are not reported as closed if something was not read that might open them', () => {
    const exposure = (site: Site) => evaluate(site).exposure;
    assert.equal(exposure(aSite([{}], { firewalls: 'unread' })), 'unknown');
    assert.equal(exposure(aSite([{ onNic: [] }, {}], { firewalls: 'unread' })), 'unknown', 'a second NIC');
    assert.equal(exposure(aSite([{ onNic: [EVERYTHING] }, {}], { firewalls: 'unread' })), 'open');
    const behindFirewall = (publicSku?: NonNullable<NewNic['publicSku']>) =>
      aSite([publicSku ? { publicSku } : {}], { firewalls: [aFirewall()] });
    assert.equal(exposure(behindFirewall('unknown')), 'unknown', 'it may be a Basic one');
    assert.equal(exposure(behindFirewall('Standard')), 'closed');
    assert.equal(exposure(behindFirewall()), 'closed');
    assert.equal(exposure(aSite([{ onNic: [] }], { firewalls: 'unread' })), 'closed', 'no firewall matters');
    assert.equal(
      exposure(aSite([{ onNic: [] }], { adminRules: 'unread' })),
      'unknown',
      'one may always allow',
    );
    assert.equal(exposure(aSite([{ onNic: [EVERYTHING] }], { adminRules: 'unread' })), 'open');
  });
});

describe('a rule for some source ports', () => {
  const ssh = (given: NewRule = {}) => aRule({ priority: 300, destinationPorts: ['22'], ...given });
  const open = (...rules: readonly SecurityRule[]) => {
    const { permanent: standing, toInternet } = evaluate(behind(...rules));
    return [...standing.map(({ sources }) => sources.join()), ...toInternet.map((one) => one.publicShare)];
  };

  it('allows every source that it names, because clients choose their own source port', () => {
    for (const sourcePorts of [['1024-65535'], ['53'], ['32768-60999', '53']])
      assert.deepEqual(open(ssh({ sourcePorts })), ['*', 1], sourcePorts.join());
    assert.deepEqual(open(ssh({ sources: [AGENT], sourcePorts: ['1024-65535'] })), [AGENT]);
    assert.deepEqual(open(ssh({ sources: ['AzureCloud'], sourcePorts: ['1024-65535'] })), []);
  });

  it('blocks no source, for the same reason', () => {
    const deny = { priority: 200, access: 'Deny' } as const;
    const some = { sourcePorts: ['1024-65535'] };
    assert.deepEqual(open(ssh({ ...deny, ...some }), ssh()), ['*', 1]);
    assert.deepEqual(open(ssh(deny), ssh(some)), []);
  });
});
