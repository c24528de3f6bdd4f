import assert from 'node:assert/strict';
import type { VnetSpace } from '../../../tasks/shared/core/network';
import { read } from '../../support/written';
import { rulesFor } from '../../../tasks/JitReport/JitReportV1/src/judge/open';
import type { SecurityRule } from '../../../tasks/shared/core/network';
import { AGENT, aRule, jitAllow, jitDeny } from '../core/networks';
import { aRequest } from '../core/policies';
import { aSite, placesIn, type Site } from './sites';

const behind = (...onNic: readonly SecurityRule[]): Site => aSite([{ onNic }]);

describe('the rules for an active request', () => {
  const [requested] = aRequest({ sources: [AGENT] }).ports;
  assert.ok(requested);
  const rules = (site: Site, protocol: 'TCP' | 'UDP' | '*' = '*') =>
    rulesFor(placesIn(site), requested, protocol).rules;

  it('are open if at least one network interface is open, and otherwise closed', () => {
    assert.equal(rules(behind(jitAllow())), 'open');
    assert.equal(rules(aSite([{ onNic: [] }, { onNic: [jitAllow({ destinations: ['*'] })] }])), 'open');
    assert.equal(rules(behind(jitAllow({ sources: ['20.1.1.1'] }))), 'closed');
    assert.equal(rules(aSite([{ onNic: [jitAllow()], onSubnet: [] }])), 'closed');
    assert.equal(rules(behind(jitAllow({ protocol: 'Tcp' })), 'UDP'), 'closed');
  });

  it('are unknown if it is unknown whether a rule applies', () => {
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

  it('are evaluated for both protocols if the request opened both: one open protocol or one unknown protocol decides', () => {
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

  it('are unknown if they were not read, or are those of a firewall', () => {
    assert.equal(rulesFor(undefined, requested, '*').rules, 'unknown');
    assert.equal(rules(aSite([{}])), 'unknown');
    assert.equal(rules(aSite([])), 'unknown');
  });

  it('are named if they block the request, and can block a part of it', () => {
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
