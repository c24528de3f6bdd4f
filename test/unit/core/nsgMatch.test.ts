import assert from 'node:assert/strict';
import { parsePrefix } from '../../../tasks/shared/core/prefixes';
import {
  AGENT,
  aGroup,
  aNetwork,
  aRule,
  aVnet,
  request,
  toBlockers,
  toPriorities,
  withUnreadVnet,
  type NewRule,
} from './networks';

describe('an allow rule', () => {
  const cases: readonly (readonly [string, NewRule, boolean])[] = [
    ['for TCP in another case', { protocol: 'Tcp' }, true],
    ['for UDP', { protocol: 'Udp' }, false],
    ['for ICMP', { protocol: 'Icmp' }, false],
    ['for outbound traffic', { direction: 'Outbound' }, false],
    ['for a range with the port', { destinationPorts: ['80', '20-22'] }, true],
    ['for a range beside the port', { destinationPorts: ['23-65535'] }, false],
    ['for text that is no port', { destinationPorts: ['ssh'] }, false],
    ['for all source ports as a range', { sourcePorts: ['0-65535'] }, true],
    ['for all source ports in two parts', { sourcePorts: ['1-1023', '1024-65535'] }, true],
    ['for some source ports', { sourcePorts: ['1024-65535'] }, false],
    ['to the private address', { destinations: ['10.0.0.4/32'] }, true],
    ['to the public address, which is translated before', { destinations: ['20.60.0.1'] }, false],
    ['to the subnet', { destinations: ['10.0.0.0/24'] }, true],
    ['to the VNet', { destinations: ['VirtualNetwork'] }, true],
    ['to everything, as a CIDR', { destinations: ['0.0.0.0/0'] }, true],
    ['to a tag', { destinations: ['Sql'] }, false],
    ['to the internet', { destinations: ['Internet'] }, false],
    ["to the VM's application group", { destinationGroupIds: ['/ASG/Web'], destinations: [] }, true],
    ['to another application group', { destinationGroupIds: ['/asg/db'], destinations: [] }, false],
    ['without a destination', { destinations: [] }, false],
    ['from the internet', { sources: ['internet'] }, true],
    ['from anything, spelled out', { sources: ['Any'] }, true],
    ['from the VNet', { sources: ['VirtualNetwork'] }, false],
    ['from the load balancer', { sources: ['AzureLoadBalancer'] }, false],
    ['from a tag that cannot be resolved', { sources: ['AzureCloud'] }, false],
    ['from a tag and the address', { sources: ['AzureCloud', AGENT] }, true],
    ['from IPv6', { sources: ['::/0'] }, false],
    ['from a range that is no CIDR', { sources: ['20.50.1.0-20.50.1.9'] }, false],
    ['from an application group', { sourceGroupIds: ['/asg/web'], sources: [] }, false],
    ['without a source', { sources: [] }, false],
  ];
  for (const [what, given, admits] of cases) {
    it(`${what} ${admits ? 'allows the agent' : 'does not allow the agent'}`, () => {
      const network = aNetwork([aGroup('nic', aRule({ priority: 300, ...given }))], {
        applicationGroupIds: ['/asg/web'],
      });
      assert.deepEqual(toPriorities(request(network)), admits ? ['300 on nic'] : []);
    });
  }
});

describe('a preceding deny rule', () => {
  const behind = aRule({ priority: 400 });
  const cases: readonly (readonly [string, NewRule, string, string | undefined])[] = [
    ['from the internet', { sources: ['Internet'] }, AGENT, 'denies'],
    ['from the internet', { sources: ['Internet'] }, '192.168.1.1', undefined],
    ['from the internet', { sources: ['Internet'] }, '203.0.113.9', 'unresolved'],
    ['from the internet', { sources: ['Internet'] }, '100.64.0.1', 'unresolved'],
    ['from the VNet', { sources: ['VirtualNetwork'] }, '10.0.0.9', 'denies'],
    ['from the VNet', { sources: ['VirtualNetwork'] }, AGENT, undefined],
    ['from the VNet', { sources: ['VirtualNetwork'] }, '168.63.129.16', 'unresolved'],
    ['from the internet', { sources: ['Internet'] }, '168.63.129.16', undefined],
    ['for an unknown protocol', { protocol: '6' }, AGENT, 'unresolved'],
    ['of which no sense can be made', { senseless: 'source ports' }, AGENT, 'unresolved'],
    ['from a tag', { sources: ['AzureCloud'] }, AGENT, 'unresolved'],
    ['from a tag', { sources: ['AzureCloud'] }, '10.0.0.9', 'unresolved'],
    ['from IPv6', { sources: ['::/0'] }, AGENT, undefined],
    ['from an application group', { sourceGroupIds: ['/asg/a'], sources: [] }, AGENT, undefined],
    ['from an application group', { sourceGroupIds: ['/asg/a'], sources: [] }, '10.0.0.9', 'unresolved'],
    ['to a tag', { destinations: ['Sql'] }, AGENT, 'unresolved'],
    ['to the internet', { destinations: ['Internet'] }, AGENT, undefined],
    ['for some source ports', { sourcePorts: ['53'] }, AGENT, 'unresolved'],
    ['without a destination', { destinations: [] }, AGENT, 'unresolved'],
    ['without a source', { sources: [] }, AGENT, 'unresolved'],
    ['for text that is no port', { destinationPorts: ['ssh'] }, AGENT, 'unresolved'],
    ['for a range that is turned around', { destinationPorts: ['30-20'] }, AGENT, 'unresolved'],
    ['for a port with a word behind it', { destinationPorts: ['80-90 tcp'] }, AGENT, 'unresolved'],
    ['for a port with a word before it', { destinationPorts: ['tcp 80-90'] }, AGENT, 'unresolved'],
    ['for another port', { destinationPorts: ['80'] }, AGENT, undefined],
    ['for ICMPv6', { protocol: 'Icmpv6' }, AGENT, undefined],
    ['for ESP', { protocol: 'Esp' }, AGENT, undefined],
    ['for AH', { protocol: 'Ah' }, AGENT, undefined],
    ['for UDP', { protocol: 'Udp' }, AGENT, undefined],
  ];
  for (const [what, given, source, reason] of cases) {
    it(`${what} ${reason ?? 'does nothing'} for ${source}`, () => {
      const network = aNetwork([aGroup('nic', aRule({ priority: 300, access: 'Deny', ...given }), behind)]);
      assert.deepEqual(
        toBlockers(request(network, source)),
        reason ? [`${reason} 300 on nic: ${source}`] : [],
      );
    });
  }

  it('for the VNet is unresolved if the prefixes of the VNet were not read', () => {
    const vnet = aRule({ priority: 300, access: 'Deny', sources: ['VirtualNetwork'] });
    const unread = withUnreadVnet(aNetwork([aGroup('nic', vnet, behind)]));
    assert.deepEqual(toBlockers(request(unread)), [`unresolved 300 on nic: ${AGENT}`]);
  });

  it('resolves only for all destinations if the private address of the VM cannot be parsed', () => {
    const reasonFor = (destination: string) => {
      const rule = aRule({ priority: 300, access: 'Deny', destinations: [destination] });
      return toBlockers(
        request(aNetwork([aGroup('nic', rule, behind)], { privateIpAddress: parsePrefix('') })),
      );
    };
    assert.deepEqual(reasonFor('10.0.0.4'), [`unresolved 300 on nic: ${AGENT}`]);
    assert.deepEqual(reasonFor('0.0.0.0/0'), [`denies 300 on nic: ${AGENT}`]);
  });

  it('does not count a shared address of the VNet as part of the internet', () => {
    const internet = aGroup('nic', aRule({ priority: 300, access: 'Deny', sources: ['Internet'] }), behind);
    assert.equal(request(aNetwork([internet], { vnet: aVnet('100.64.0.0/16') }), '100.64.0.9').admits, true);
  });

  it('counts a public address that the VNet has as the VNet, and not as the internet', () => {
    const own = { vnet: aVnet('20.50.0.0/16') };
    const vnet = aGroup('nic', aRule({ priority: 300, access: 'Deny', sources: ['VirtualNetwork'] }), behind);
    const internet = aGroup('nic', aRule({ priority: 300, access: 'Deny', sources: ['Internet'] }), behind);
    assert.equal(request(aNetwork([vnet], own)).admits, false);
    assert.equal(request(aNetwork([internet], own)).admits, true);
  });
});
