import assert from 'node:assert/strict';
import { FIREWALL, FIREWALL_ADDRESSES } from '../../../tasks/shared/azure/read/firewall';
import { LISTED_NIC, PRIMARY_NIC } from '../../../tasks/shared/azure/read/nic';
import { toPolicy } from '../../../tasks/shared/azure/read/policy';
import { VM_RESOURCE } from '../../../tasks/shared/azure/read/vm';
import { LISTED_VNET, SUBNET } from '../../../tasks/shared/azure/read/vnet';
import { aPolicy, aVm } from '../core/policies';

describe('a reference without an ID in a response', () => {
  const nic = (configuration: object, own: object = {}) => ({
    ...{ id: '/nic', ...own },
    ipConfigurations: [{ privateIPAddress: '10.0.0.4', ...configuration }],
  });
  const nics: readonly (readonly [string, object])[] = [
    ['a subnet', nic({ subnet: {} })],
    ['a public address', nic({ publicIPAddress: { name: 'ip' } })],
    ['an application security group', nic({ applicationSecurityGroups: [{ id: '/asg' }, {}] })],
    ['a security group', nic({}, { networkSecurityGroup: {} })],
  ];
  const vm = { networkProfile: { networkInterfaces: [{ id: '/nic' }, { primary: true }] } };
  const firewall = (given: object) => ({ id: '/fw', ...given });
  const cases: readonly (readonly [string, () => unknown])[] = [
    ...nics.flatMap(([what, body]) =>
      [PRIMARY_NIC, LISTED_NIC].map(
        (kind, at) => [`${what} of a NIC (${at})`, () => kind.read(body)] as const,
      ),
    ),
    ['a NIC of a VM', () => VM_RESOURCE.read({ properties: vm })],
    ['the security group of a subnet', () => SUBNET.read({ networkSecurityGroup: {} })],
    [
      'a peered network',
      () => LISTED_VNET.read({ id: '/vnet', virtualNetworkPeerings: [{ remoteVirtualNetwork: {} }] }),
    ],
    ['the subnet of a firewall', () => FIREWALL.read(firewall({ ipConfigurations: [{ subnet: {} }] }))],
    ['the policy of a firewall', () => FIREWALL.read(firewall({ firewallPolicy: {} }))],
    [
      'the address of a firewall',
      () => FIREWALL_ADDRESSES.read(firewall({ ipConfigurations: [{ publicIPAddress: {} }] })),
    ],
  ];
  for (const [what, read] of cases) {
    it(`is never ignored: ${what}`, () => {
      assert.throws(read, { code: 'JIT604', problem: 'the field id is missing' });
    });
  }

  it('is different from a missing reference', () => {
    for (const kind of [PRIMARY_NIC, LISTED_NIC]) kind.read(nic({ subnet: null }));
    assert.deepEqual(SUBNET.read({}), { hasRouteTable: false });
    assert.deepEqual(VM_RESOURCE.read({ properties: {} }).nicIds, []);
  });
});

describe('an invalid number', () => {
  const until = '2026-11-21T10:00:00Z';
  const read = (port: object, requested: object) => {
    const rule = { number: 22, maxRequestAccessDuration: 'PT3H', ...port };
    const own = { number: 22, endTimeUtc: until, ...requested };
    return toPolicy({
      id: aPolicy().id,
      virtualMachines: [{ id: aVm().id, ports: [rule] }],
      requests: [{ startTimeUtc: until, virtualMachines: [{ id: aVm().id, ports: [own] }] }],
    });
  };

  it('is rejected as a port of a policy or a request, and named', () => {
    assert.equal(read({ number: 0 }, { number: 65535, mappedPort: 13388 }).odd, undefined);
    for (const number of [-1, 65536]) {
      const { vms, odd } = read({ number }, {});
      assert.deepEqual([vms[0]?.ports, odd?.map(({ part, port }) => [part, port])], [[], [['port', number]]]);
    }
    for (const wrong of [{ number: 65536 }, { mappedPort: 70000 }, { mappedPort: -1 }]) {
      const { requests, odd } = read({}, wrong);
      assert.deepEqual([requests[0]?.ports, odd?.map(({ part }) => part)], [[], ['request']]);
    }
  });

  it('is rejected as a priority of firewall rules', () => {
    const rules = [{ name: 'a', translatedAddress: '10.0.0.4', translatedPort: '22' }];
    for (const name of ['natRuleCollections', 'networkRuleCollections']) {
      FIREWALL.read({ id: '/fw', [name]: [{ priority: 100, rules }] });
      for (const priority of [undefined, -1, 65_536, 1e21]) {
        const read = () => FIREWALL.read({ id: '/fw', [name]: [{ priority, rules }] });
        assert.throws(read, { code: 'JIT604' }, `${name} ${String(priority)}`);
      }
    }
  });
});

describe('a request without a start', () => {
  it('is reported with the problem of each of its own ports only', () => {
    const endTimeUtc = '2026-11-21T10:00:00Z';
    const { odd } = toPolicy({
      id: aPolicy().id,
      virtualMachines: [],
      requests: [
        {
          virtualMachines: [
            { id: aVm().id, ports: [{ number: 22 }, { number: 80, endTimeUtc }] },
            { id: 7, ports: [{ number: 443, endTimeUtc }] },
            { id: aVm('web-02').id, ports: [{ number: 22, endTimeUtc }] },
          ],
        },
      ],
    });
    assert.deepEqual(
      odd?.map(({ port, problem }) => [port, problem]),
      [
        [22, 'the field endTimeUtc is missing'],
        [80, 'the field startTimeUtc is missing'],
        [443, 'the field id has the value 7'],
        [22, 'the field startTimeUtc is missing'],
      ],
    );
  });
});
