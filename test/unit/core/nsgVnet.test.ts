import assert from 'node:assert/strict';
import fc from 'fast-check';
import { read } from '../../support/written';
import { parsePrefix, parsePrefixes } from '../../../tasks/shared/core/prefixes';
import { evaluate, mayAdmit } from '../../../tasks/shared/core/nsg/evaluate';
import { anAdminRule, type NewAdminRule } from './adminRules';
import { needsVnet } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/needsVnet';
import type { AttachedGroup, SecurityRule, VnetSpace } from '../../../tasks/shared/core/network';
import {
  AGENT,
  aGroup,
  aNetwork,
  aRule,
  aVnet,
  jitAllow,
  jitDeny,
  toBlockers,
  toPriorities,
  withUnreadVnet,
  type NewRule,
} from './networks';
import { flow, network } from './randomNetworks';

const SSH = { port: 22, protocol: 'TCP' } as const;
const PEERED = '10.2.0.4';
const byVnet = (given: NewRule & Pick<SecurityRule, 'priority'>) =>
  aRule({ sources: ['virtualNETWORK'], destinationPorts: ['22'], ...given });
const wider = read<VnetSpace>({ certain: ['10.1.0.0/16'], possible: ['0.0.0.0/0'] });

describe('VirtualNetwork', () => {
  const open = [aGroup('nic', byVnet({ priority: 500 }), jitDeny(4096))];
  const mayEnter = (groups: readonly AttachedGroup[], vnet: VnetSpace | undefined, source: string) => {
    const vm = vnet ? aNetwork(groups, { vnet }) : withUnreadVnet(aNetwork(groups));
    return mayAdmit(vm, { ...SSH, sources: [parsePrefix(source)] }).rules.map(({ rule }) => rule.priority);
  };
  const enters = (groups: readonly AttachedGroup[], vnet: VnetSpace | undefined, source: string) =>
    evaluate(vnet ? aNetwork(groups, { vnet }) : withUnreadVnet(aNetwork(groups)), {
      ...SSH,
      sources: [parsePrefix(source)],
    });

  it('certainly includes its own prefixes and those of its peerings', () => {
    const vnet = aVnet('10.1.0.0/16', '10.2.0.0/16');
    assert.deepEqual(toPriorities(enters(open, vnet, PEERED)), ['500 on nic']);
    assert.deepEqual(mayEnter(open, vnet, PEERED), [500]);
    assert.deepEqual(mayEnter(open, vnet, '10.3.0.4'), []);
    assert.deepEqual(mayEnter(open, vnet, AGENT), []);
  });

  for (const [what, vnet] of [
    ['by a gateway or a route table', wider],
    ['when it was not read', undefined],
  ] as const) {
    it(`might include any other address ${what}, which is then neither open nor closed`, () => {
      for (const source of [PEERED, AGENT]) {
        assert.equal(enters(open, vnet, source).admits, false, source);
        assert.deepEqual(mayEnter(open, vnet, source), [500], source);
        const shut = [
          aGroup(
            'nic',
            byVnet({ priority: 101, access: 'Deny' }),
            jitAllow({ priority: 102, sources: ['*'] }),
          ),
        ];
        assert.deepEqual(toBlockers(enters(shut, vnet, source)), [`unresolved 101 on nic: ${source}`]);
        assert.deepEqual(mayEnter(shut, vnet, source), [102], source);
      }
    });

    it(`also makes its default rule uncertain ${what}, unless a preceding rule decides`, () => {
      assert.deepEqual(mayEnter([aGroup('nic')], vnet, AGENT), [65000]);
      assert.equal(enters([aGroup('nic')], vnet, AGENT).admits, false);
      assert.deepEqual(mayEnter([aGroup('nic', jitDeny(4096))], vnet, AGENT), []);
    });
  }

  it('leaves no doubt about a public address if nothing can add it', () => {
    assert.deepEqual(mayEnter([aGroup('nic')], aVnet('10.0.0.0/16'), AGENT), []);
    const shut = aGroup('nic', byVnet({ priority: 101, access: 'Deny' }), jitAllow({ priority: 102 }));
    assert.equal(enters([shut], aVnet('10.0.0.0/16'), AGENT).admits, true);
  });

  it('might include any public address of Internet, and any member of a group, if it was not read', () => {
    const shut = aGroup('nic', aRule({ priority: 200, access: 'Deny', sources: ['Internet'] }));
    assert.deepEqual(mayEnter([shut], undefined, AGENT), [65000], 'not closed');
    assert.deepEqual(mayEnter([shut], aVnet('20.50.0.0/16'), AGENT), [65000]);
    const allowing = aGroup('nic', aRule({ priority: 200, sources: ['Internet'] }));
    assert.equal(enters([allowing], undefined, AGENT).admits, false, 'not open');
    const members = aGroup('nic', aRule({ priority: 200, sourceGroupIds: ['/asg/web'] }), jitDeny(4096));
    assert.deepEqual(mayEnter([members], undefined, AGENT), [200]);
    assert.deepEqual(mayEnter([members], aVnet('10.0.0.0/16'), AGENT), []);
  });

  it('takes no address away from Internet if an address might belong to both', () => {
    const shut = aGroup('nic', aRule({ priority: 200, access: 'Deny', sources: ['Internet'] }));
    assert.deepEqual(mayEnter([shut], wider, AGENT), []);
    const allowedBy = aGroup('nic', aRule({ priority: 200, sources: ['Internet'] }));
    assert.equal(enters([allowedBy], wider, AGENT).admits, true);
  });
});

describe('reading the VNet', () => {
  const needs = (groups: readonly AttachedGroup[], ...sources: readonly string[]) =>
    needsVnet(withUnreadVnet(aNetwork(groups)), { ...SSH, sources: parsePrefixes(sources) });

  it('is needed if a rule that depends on it matches a source that no preceding rule decides', () => {
    assert.equal(needs([aGroup('nic')], '10.2.0.4'), true);
    assert.equal(needs([aGroup('nic')], AGENT), true);
    assert.equal(needs([aGroup('nic', byVnet({ priority: 500 }), jitDeny(4096))], AGENT), true);
    // It decides who has access without the rule of the request.
    assert.equal(needs([aGroup('nic', jitAllow(), byVnet({ priority: 500 }))], AGENT), true);
    // A public address space of the VNet does not belong to the internet, and can contain members of application
    // security groups.
    const internet = aRule({ priority: 300, sources: ['Internet'] });
    for (const source of [AGENT, '203.0.113.9']) {
      assert.equal(needs([aGroup('nic', internet, jitDeny(4096))], source), true);
    }
    const byGroup = aRule({ priority: 300, sourceGroupIds: ['/asg/web'] });
    assert.equal(needs([aGroup('nic', byGroup, jitDeny(4096))], AGENT), true);
    const mixed = byVnet({ priority: 500, sources: ['192.168.0.0/16', 'VirtualNetwork'] });
    assert.equal(needs([aGroup('nic', mixed, jitDeny(4096))], AGENT), true);
    const tag = aRule({ priority: 200, sources: ['AzureCloud'] });
    assert.equal(needs([aGroup('nic', tag)], AGENT), true);
  });

  it('is needed if an inbound security admin rule depends on it and might match the source', () => {
    const closed = withUnreadVnet(aNetwork([aGroup('nic', jitDeny(4096))]));
    const byAdmin = (given: NewAdminRule, ...sources: readonly string[]) =>
      needsVnet(
        { ...closed, adminRules: [anAdminRule({ priority: 1, access: 'Deny', ...given })] },
        { ...SSH, sources: parsePrefixes(sources) },
      );
    assert.equal(byAdmin({ sources: ['VirtualNetwork'] }, AGENT), true);
    assert.equal(byAdmin({ sources: ['VirtualNetwork'], direction: 'Outbound' }, AGENT), false);
    assert.equal(byAdmin({ sources: ['AzureCloud'] }, AGENT), false, 'the network tells nothing of this tag');
    assert.equal(byAdmin({ sources: ['VirtualNetwork'], destinationPorts: ['443'] }, AGENT), false);
    assert.equal(byAdmin({ sources: [AGENT] }, AGENT), false);
  });

  it('is not needed if other rules decide, or if there are no rules', () => {
    assert.equal(needs([aGroup('nic', jitDeny(4096))], AGENT), false);
    const byHand = aRule({ priority: 100, sources: [AGENT] });
    assert.equal(needs([aGroup('nic', byHand, byVnet({ priority: 500 }))], AGENT), false);
    assert.equal(needs([aGroup('nic', jitDeny(4096))], '10.2.0.4', '*'), false);
    const outbound = byVnet({ priority: 300, direction: 'Outbound' });
    assert.equal(needs([aGroup('nic', outbound, jitDeny(4096))], AGENT), false);
    const otherPort = byVnet({ priority: 300, destinationPorts: ['443'] });
    assert.equal(needs([aGroup('nic', otherPort, jitDeny(4096))], AGENT), false);
    assert.equal(needs([], '10.0.0.9'), false);
  });

  it('changes no verdict if it is reported as not needed', () => {
    let useless = 0;
    fc.assert(
      fc.property(network, flow, (vm, requested) => {
        const unread = withUnreadVnet(vm);
        fc.pre(!needsVnet(unread, requested));
        useless += 1;
        for (const vnet of [aVnet('10.0.0.0/16'), aVnet('0.0.0.0/0'), wider]) {
          const known = { ...unread, vnet };
          assert.equal(evaluate(known, requested).admits, evaluate(unread, requested).admits);
          assert.deepEqual(mayAdmit(known, requested).sources, mayAdmit(unread, requested).sources);
        }
      }),
      { numRuns: 500 },
    );
    assert.ok(useless >= 20, String(useless));
  });
});
