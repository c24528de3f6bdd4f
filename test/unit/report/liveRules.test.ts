import assert from 'node:assert/strict';
import type { VnetSpace } from '../../../tasks/shared/core/network';
import { read } from '../../support/written';
import { rulesFor } from '../../../tasks/JitReport/JitReportV1/src/judge/open';
import type { SecurityRule } from '../../../tasks/shared/core/network';
import { AGENT, aRule, jitAllow, jitDeny } from '../core/networks';
import { aRequest } from '../core/policies';
import { aSite, placesIn, type Site } from './sites';

const behind = (...onNic: readonly SecurityRule[]): Site => aSite([{ onNic }]);

describe('the rules behind an active request', () => {
  const [requested] = aRequest({ sources: [AGENT] }).ports;
  assert.ok(requested);
  const rules = (site: Site, protocol: 'TCP' | 'UDP' | '*' = '*') =>
    rulesFor(placesIn(site), requested, protocol).rules;

  it('are open on one NIC at least, or closed', () => {
    assert.equal(rules(behind(jitAllow())), 'open');
    assert.equal(rules(aSite([{ onNic: [] }, { onNic: [jitAllow({ destinations: ['*'] })] }])), 'open');
    assert.equal(rules(behind(jitAllow({ sources: ['20.1.1.1'] }))), 'closed');
    assert.equal(rules(aSite([{ onNic: [jitAllow()], onSubnet: [] }])), 'closed');
    assert.equal(rules(behind(jitAllow({ protocol: 'Tcp' })), 'UDP'), 'closed');
  });

  it('are unknown where a rule may or may not apply', () => {
    const doubtful = { ...{ priority: 90, destinationPorts: ['22'] }, sources: ['VirtualNetwork'] };
    const space = read<VnetSpace>({ certain: ['10.0.0.0/16'], possible: ['0.0.0.0/0'] });
    const shut = [aRule({ ...doubtful, access: 'Deny' }), jitAllow()];
    const open = [aRule(doubtful), jitDeny(4096)];
    for (const onNic of [shut, open]) {
      assert.equal(rules(aSite([{ onNic }], { space })), 'unknown');
      assert.equal(rules(aSite([{ onNic }], { hasRouteTable: true })), 'unknown');
      assert.equal(rules(aSite([{ onNic }])), onNic === shut ? 'open' : 'closed');
    }
    assert.equal(rules(behind(aRule({ priority: 90, access: 'unknown', senseless: 'access' }))), 'unknown');
  });

  it('are those for both protocols where the request opened both: open by one of them, and unknown by one of them', () => {
    for (const protocol of ['Tcp', 'Udp']) {
      assert.equal(rules(behind(jitAllow({ protocol }))), 'open');
      const doubtful = aRule({ ...{ priority: 300, protocol }, sources: ['AzureCloud'] });
      assert.equal(rules(behind(doubtful)), 'unknown');
      assert.equal(rules(behind(doubtful, jitAllow({ protocol: 'Udp' }))), 'open');
    }
    const [tcp, udp] = ['Tcp', 'Udp'].map((protocol, at) =>
      aRule({ ...{ name: protocol, priority: 90 + at, protocol }, access: 'Deny' }),
    );
    assert.ok(tcp && udp);
    const found = rulesFor(placesIn(behind(tcp, udp, jitAllow())), requested, '*');
    assert.equal(found.rules, 'closed');
    assert.deepEqual(
      found.blockedBy.map(({ name }) => name),
      ['Tcp', 'Udp'],
    );
  });

  it('are unknown where they were not read, or are those of a firewall', () => {
    assert.equal(rulesFor(undefined, requested, '*').rules, 'unknown');
    assert.equal(rules(aSite([{}])), 'unknown');
    assert.equal(rules(aSite([])), 'unknown');
  });

  it('are named where they keep out, and may keep out a part', () => {
    const [two] = aRequest({ sources: [AGENT, '20.1.1.1'] }).ports;
    const deny = aRule({ name: 'deny-all', priority: 90, access: 'Deny' });
    const found = rulesFor(placesIn(behind(deny, jitAllow())), requested, '*');
    assert.deepEqual(found, {
      rules: 'closed',
      blockedBy: [{ name: 'deny-all', priority: 90, group: 'nsg-nic-0', attachedTo: 'nic' }],
    });
    assert.equal(two && rulesFor(placesIn(behind(jitAllow())), two, '*').rules, 'partly');
    assert.deepEqual(rulesFor(placesIn(behind(jitAllow())), requested, '*').blockedBy, []);
  });
});
