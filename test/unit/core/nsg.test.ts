import assert from 'node:assert/strict';
import { parsePrefix, textsOf } from '../../../tasks/shared/core/prefixes';
import type { VmNetwork } from '../../../tasks/shared/core/network';
import { evaluate, mayAdmit } from '../../../tasks/shared/core/nsg/evaluate';
import { isJitRuleName, withoutRules } from '../../../tasks/shared/core/nsg/rules';
import {
  AGENT,
  aGroup,
  aNetwork,
  aRule,
  request,
  jitAllow,
  jitDeny,
  toBlockers,
  toPriorities,
  withUnreadVnet,
} from './networks';

describe('the security groups of a VM', () => {
  it('block the internet by their default rules', () => {
    assert.deepEqual(toBlockers(request(aNetwork([aGroup('nic')]))), [`denies 65500 on nic: ${AGENT}`]);
  });

  it('allow the VNet and the load balancer by their default rules', () => {
    const network = aNetwork([aGroup('nic')]);
    assert.deepEqual(toPriorities(request(network, '10.0.7.7')), ['65000 on nic']);
    assert.deepEqual(toPriorities(request(network, '168.63.129.16')), ['65001 on nic']);
    assert.deepEqual(toBlockers(request(network, '10.1.0.1')), ['denies 65500 on nic: 10.1.0.1']);
  });

  it('allow the source through the rule of a just-in-time request', () => {
    const verdict = request(aNetwork([aGroup('nic', jitDeny(1000), jitAllow())]));
    assert.equal(verdict.admits, true);
    assert.deepEqual(toPriorities(verdict), ['100 on nic']);
  });

  it('block the source if the request was made for another VM', () => {
    const other = jitAllow({ destinations: ['10.0.0.5'] });
    assert.deepEqual(toBlockers(request(aNetwork([aGroup('subnet', jitDeny(1000), other)]))), [
      `denies 1000 on subnet: ${AGENT}`,
    ]);
  });

  it('allow the source by a custom rule before the deny rule of just-in-time access', () => {
    const network = aNetwork([
      aGroup('nic', jitDeny(4096), aRule({ priority: 1002, destinationPorts: ['22'] })),
    ]);
    assert.deepEqual(toPriorities(request(network)), ['1002 on nic']);
    const byHand = withoutRules(network, (rule) => isJitRuleName(rule.name));
    assert.deepEqual(toPriorities(request(byHand)), ['1002 on nic']);
  });

  it('block the source if the deny rule of just-in-time access comes before the custom rule', () => {
    const network = aNetwork([aGroup('nic', jitDeny(1000), aRule({ priority: 1002 }))]);
    assert.deepEqual(toBlockers(request(network)), [`denies 1000 on nic: ${AGENT}`]);
  });

  it('must allow the source both on the subnet and on the network interface', () => {
    const open = aGroup('nic', jitAllow());
    const closed = aGroup('subnet', jitDeny(1000));
    const verdict = request(aNetwork([closed, open]));
    assert.deepEqual(toBlockers(verdict), [`denies 1000 on subnet: ${AGENT}`]);
    assert.deepEqual(toPriorities(verdict), ['100 on nic']);
    assert.deepEqual(toBlockers(request(aNetwork([closed, aGroup('nic')]))), [
      `denies 1000 on subnet: ${AGENT}`,
      `denies 65500 on nic: ${AGENT}`,
    ]);
    assert.deepEqual(toPriorities(request(aNetwork([aGroup('subnet', jitAllow()), open]))), [
      '100 on subnet',
      '100 on nic',
    ]);
  });

  it('must allow the entire CIDR', () => {
    const half = jitAllow({ sources: ['20.50.1.0/25'] });
    const verdict = request(aNetwork([aGroup('nic', half)]), '20.50.1.0/24');
    assert.deepEqual(toBlockers(verdict), ['denies 65500 on nic: 20.50.1.128/25']);
    assert.ok(!verdict.admits);
    assert.deepEqual(textsOf(verdict.admittedSources), ['20.50.1.0/25']);
    const otherHalf = jitAllow({ priority: 110, sources: ['20.50.1.128/25'] });
    assert.deepEqual(toPriorities(request(aNetwork([aGroup('nic', half, otherHalf)]), '20.50.1.0/24')), [
      '100 on nic',
      '110 on nic',
    ]);
  });

  it('name each rule that blocks a different part of the source', () => {
    const one = aRule({ priority: 200, access: 'Deny', sources: ['20.50.1.0/30'] });
    const two = aRule({ priority: 300, access: 'Deny', sources: ['20.50.1.0/29'] });
    const three = aRule({ priority: 400, access: 'Deny', sources: ['20.50.1.0/30'] });
    const verdict = request(
      aNetwork([aGroup('nic', one, two, three, aRule({ priority: 500 }))]),
      '20.50.1.0/28',
    );
    assert.deepEqual(toBlockers(verdict), [
      'denies 200 on nic: 20.50.1.0/30',
      'denies 300 on nic: 20.50.1.4/30',
    ]);
  });

  it('block a source that no rule matches', () => {
    const bare = { attachedTo: 'nic' as const, group: { id: '/nsg', name: 'nsg', rules: [] } };
    assert.deepEqual(toBlockers(request(aNetwork([bare]))), [`noRule on nic: ${AGENT}`]);
  });

  it('are evaluated for IPv4 sources only', () => {
    const open = aNetwork([aGroup('nic', aRule({ priority: 100 }))]);
    assert.deepEqual(toBlockers(request(open, AGENT, '::1')), ['notIpv4: ::1']);
    assert.equal(evaluate(open, { sources: [], port: 22, protocol: 'TCP' }).admits, false);
    assert.equal(request(open, '*').admits, true);
  });

  it('can be missing: then a public address allows no public source, and private traffic is allowed', () => {
    assert.deepEqual(toBlockers(request(aNetwork([]), AGENT, '10.0.0.9')), [`noSecurityGroup: ${AGENT}`]);
    assert.deepEqual(request(aNetwork([]), '10.0.0.9'), { admits: true, admittedBy: [] });
    const inside = { privateIpAddress: parsePrefix('10.0.0.4'), applicationGroupIds: [], groups: [] };
    assert.deepEqual(request(inside), { admits: true, admittedBy: [] });
  });
});

describe('traffic that might be allowed', () => {
  const may = (network: VmNetwork) => {
    const { sources, rules } = mayAdmit(network, {
      sources: [parsePrefix(AGENT)],
      port: 22,
      protocol: 'TCP',
    });
    return { sources: textsOf(sources), rules };
  };

  it('is empty if the rules certainly block the source, whether or not the VNet was read', () => {
    const unread = withUnreadVnet(aNetwork([aGroup('nic', jitDeny(1000))]));
    assert.deepEqual(may(unread), { sources: [], rules: [] });
    assert.deepEqual(may(aNetwork([aGroup('nic', jitDeny(1000))])), { sources: [], rules: [] });
  });

  it('is empty if one group blocks what the other allows', () => {
    assert.deepEqual(may(aNetwork([aGroup('subnet', jitAllow()), aGroup('nic')])), {
      sources: [],
      rules: [],
    });
  });

  it('includes traffic that a rule with an unknown tag might allow', () => {
    const network = aNetwork([
      aGroup('nic', jitDeny(1000), aRule({ priority: 300, sources: ['AzureCloud'] })),
    ]);
    assert.equal(request(network).admits, false);
    const { sources, rules } = may(network);
    assert.deepEqual(sources, [AGENT]);
    assert.deepEqual(
      rules.map(({ rule }) => rule.priority),
      [300],
    );
  });
});
