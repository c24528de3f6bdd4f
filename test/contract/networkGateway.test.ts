import assert from 'node:assert/strict';
import { textsOf } from '../../tasks/shared/core/prefixes';
import { ForbiddenError } from '../../tasks/shared/core/errors';
import type { NetworkGateway } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/networkGateway';
import type { Vm } from '../support/azure';
import { aRule, aVnet } from '../unit/core/networks';
import { aLimit, BEDS, type Bed } from './beds';
import { rejects, toId } from './expecting';

const NETWORK = 'Microsoft.Network';

/** Every read of an existing resource, with the permission that it requires. */
const READS: readonly (readonly [
  string,
  (network: NetworkGateway, at: Ids) => Promise<unknown>,
  keyof Ids,
])[] = [
  [
    'Microsoft.Compute/virtualMachines/read',
    (network, at) => network.getVm(toId({ id: at.vm }), aLimit()),
    'vm',
  ],
  [`${NETWORK}/networkInterfaces/read`, (network, at) => network.getNic(at.nic, aLimit()), 'nic'],
  [
    `${NETWORK}/virtualNetworks/subnets/read`,
    (network, at) => network.getSubnet(at.subnet, aLimit()),
    'subnet',
  ],
  [
    `${NETWORK}/networkSecurityGroups/read`,
    (network, at) => network.getSecurityGroup(at.nsg, aLimit()),
    'nsg',
  ],
  [`${NETWORK}/publicIPAddresses/read`, (network, at) => network.getPublicAddress(at.ip, aLimit()), 'ip'],
  [`${NETWORK}/virtualNetworks/read`, (network, at) => network.getVnet(at.subnet, aLimit()), 'vnet'],
  [
    `${NETWORK}/virtualNetworks/listNetworkManagerEffectiveSecurityAdminRules/action`,
    (network, at) => network.listAdminRules(at.vnet, aLimit()),
    'vnet',
  ],
];

type Ids = Readonly<Record<'vm' | 'nic' | 'subnet' | 'nsg' | 'ip' | 'vnet', string>>;

for (const [kind, start] of BEDS) {
  describe(`the network gateway ${kind}`, () => {
    let bed: Bed;
    let vm: Vm;

    beforeEach(async () => {
      bed = await start();
      const applicationSecurityGroups = ['asg-web'];
      vm = bed.addVm({ name: 'web-01', publicIp: '20.60.1.10', subnetNsg: true, applicationSecurityGroups });
    });
    afterEach(() => bed.close());

    const idsOf = async (): Promise<Ids> => {
      const nic = (await bed.network.getVm(toId(vm), aLimit())).primaryNicId ?? '';
      const { subnetId: subnet = '', publicIpId: ip = '' } = await bed.network.getNic(nic, aLimit());
      const vnet = subnet.replace(/\/subnets\/.*$/, '');
      return { vm: vm.id, nic, subnet, ip, nsg: vm.nicNsg?.id ?? '', vnet };
    };

    it('lists the VMs of a group from all pages, and reports a missing group', async () => {
      for (const name of ['a', 'b', 'c', 'd']) bed.addVm({ name });
      bed.addVm({ name: 'apart', resourceGroup: 'rg-other' });
      const { subscriptionId, resourceGroup } = toId(vm);
      const listed = await bed.network.listVms(subscriptionId, resourceGroup.toUpperCase(), aLimit());
      assert.deepEqual(listed.map(({ name }) => name).toSorted(), ['a', 'b', 'c', 'd', 'web-01']);
      assert.ok(listed.some(({ key }) => key === toId(vm).key));
      await rejects(bed.network.listVms(subscriptionId, 'rg-none', aLimit()), 'JIT406');
    });

    it('lists the public addresses of the firewalls in a subscription', async () => {
      const { subscriptionId } = toId(vm);
      const found = () => bed.network.listFirewallAddresses(subscriptionId, aLimit());
      assert.deepEqual(await found(), []);
      for (const [name, publicIp] of ['20.4.0.4', '20.4.0.5', '20.4.0.6', '20.4.0.7'].entries()) {
        bed.addFirewall({ name: `firewall-${String(name)}`, besides: vm, publicIp });
      }
      assert.deepEqual((await found()).toSorted(), ['20.4.0.4', '20.4.0.5', '20.4.0.6', '20.4.0.7']);
      bed.principal.forbid(`${NETWORK}/azureFirewalls/read`);
      await assert.rejects(found(), ForbiddenError);
    });

    it('links a VM to its network interface, subnet, addresses, and groups', async () => {
      const { network } = bed;
      const ids = await idsOf();
      assert.deepEqual(await network.getVm(toId({ id: vm.id.toUpperCase() }), aLimit()), {
        nicIds: vm.nicIds,
        primaryNicId: vm.nicIds[0],
        powerState: 'running',
      });
      const nic = await network.getNic(ids.nic, aLimit());
      assert.equal(nic.privateIpAddress?.text, vm.privateIp);
      assert.equal(nic.securityGroupId, vm.nicNsg?.id);
      assert.deepEqual(
        nic.applicationGroupIds.map((id) => id.split('/').at(-1)),
        ['asg-web'],
      );
      assert.deepEqual(await network.getSubnet(ids.subnet, aLimit()), {
        ...{ securityGroupId: vm.subnetNsg?.id, hasRouteTable: false },
      });
      assert.deepEqual(await network.getPublicAddress(ids.ip, aLimit()), {
        ...{ id: ids.ip, ipAddress: '20.60.1.10', sku: 'Standard' },
      });
      assert.deepEqual(await network.getVnet(ids.subnet, aLimit()), aVnet('10.0.0.0/16'));
    });

    it('omits what does not exist', async () => {
      const bare = bed.addVm({ name: 'bare-01', resourceGroup: 'rg-bare', nicNsg: false, publicIp: null });
      const [nicId = ''] = bare.nicIds;
      const nic = await bed.network.getNic(nicId, aLimit());
      assert.ok(!('securityGroupId' in nic));
      assert.deepEqual(nic.applicationGroupIds, []);
      assert.deepEqual(await bed.network.getSubnet(nic.subnetId ?? '', aLimit()), { hasRouteTable: false });
      const address = await bed.network.getPublicAddress(nic.publicIpId ?? '', aLimit());
      assert.deepEqual(address, { id: nic.publicIpId, sku: 'Standard' });
      const inner = bed.addVm({ name: 'inner-01' });
      assert.ok(!('publicIpId' in (await bed.network.getNic(inner.nicIds[0] ?? '', aLimit()))));
    });

    it('uses the primary address of the primary network interface', async () => {
      const addresses = [
        { privateIp: '10.0.1.8', primary: false, publicIp: '20.60.1.11' },
        { privateIp: '10.0.1.9', primary: true },
      ];
      const two = bed.addVm({
        name: 'two-01',
        nics: [
          { name: 'second', primary: false, addresses: [{ privateIp: '10.0.1.7', primary: true }] },
          { name: 'first', primary: true, addresses },
        ],
      });
      const { nicIds, primaryNicId } = await bed.network.getVm(toId(two), aLimit());
      assert.deepEqual([nicIds.length, primaryNicId], [2, two.nicIds[1]]);
      const nic = await bed.network.getNic(primaryNicId ?? '', aLimit());
      assert.equal(nic.privateIpAddress?.text, '10.0.1.9');
      assert.ok(!('publicIpId' in nic));
      assert.deepEqual(
        nic.otherPublicIps?.map(({ configuration, publicIpId }) => [
          configuration,
          publicIpId.split('/').at(-1),
        ]),
        [['ipconfig1', 'first-ip1']],
      );
    });

    for (const ruleFields of ['singular', 'plural', 'alternating'] as const) {
      it(`reads rules with ${ruleFields} fields in the same way`, async () => {
        bed.settings.ruleFields = ruleFields;
        vm.nicNsg?.addRule({ name: 'one', priority: 300, access: 'Allow', sources: ['20.1.0.0/16'] });
        vm.nicNsg?.addRule({
          name: 'many',
          priority: 301,
          access: 'Deny',
          protocol: 'Udp',
          sources: ['20.1.0.0/16', 'Internet'],
          sourcePorts: ['1024-65535'],
          destinations: ['10.0.0.4', '10.0.0.5'],
          destinationPorts: ['22', '80-90'],
        });
        vm.nicNsg?.addRule({
          name: 'groups',
          priority: 302,
          access: 'Allow',
          direction: 'Outbound',
          sourceGroupIds: ['/a'],
          destinationGroupIds: ['/b'],
        });
        const { id, name, rules } = await bed.network.getSecurityGroup(vm.nicNsg?.id ?? '', aLimit());
        assert.equal(id.toLowerCase(), vm.nicNsg?.id.toLowerCase());
        assert.equal(name, vm.nicNsg?.name);
        const sorted = [...rules].sort((a, b) => a.priority - b.priority || a.name.localeCompare(b.name));
        assert.deepEqual(
          sorted.slice(0, 3).map((rule) => ({ ...rule })),
          [
            aRule({ name: 'one', priority: 300, sources: ['20.1.0.0/16'] }),
            aRule({
              name: 'many',
              priority: 301,
              access: 'Deny',
              protocol: 'Udp',
              sources: ['20.1.0.0/16', 'Internet'],
              sourcePorts: ['1024-65535'],
              destinations: ['10.0.0.4', '10.0.0.5'],
              destinationPorts: ['22', '80-90'],
            }),
            aRule({
              name: 'groups',
              priority: 302,
              direction: 'Outbound',
              sources: [],
              sourceGroupIds: ['/a'],
              destinations: [],
              destinationGroupIds: ['/b'],
            }),
          ],
        );
        const defaults = sorted.filter(({ isDefault }) => isDefault);
        assert.equal(defaults.length, 6);
        assert.equal(sorted.at(-1)?.priority, 65500);
      });
    }

    for (const [action, read, key] of READS) {
      it(`names ${action} and the scope if it is missing`, async () => {
        const ids = await idsOf();
        bed.principal.forbid(action);
        await assert.rejects(read(bed.network, ids), (error) => {
          assert.ok(error instanceof ForbiddenError);
          assert.equal(error.action, action);
          assert.equal(error.scope.toLowerCase(), ids[key].toLowerCase());
          return true;
        });
      });

      it(`does not find a missing resource with ${action}`, async () => {
        const ids = await idsOf();
        const gone = Object.fromEntries(
          Object.entries(ids).map(([name, id]) => [name, id.replace(/[^/]+$/, 'gone')]),
        ) as Ids;
        const ofNoVnet = ids.subnet.replace(/virtualNetworks\/[^/]+/, 'virtualNetworks/gone');
        await rejects(read(bed.network, key === 'vnet' ? { ...gone, subnet: ofNoVnet } : gone), 'JIT406');
      });
    }

    it('reads the rule of a request while it exists', async () => {
      const policy = bed.addPolicy({
        vms: [
          {
            vm,
            ports: [{ number: 22, protocol: 'TCP', sources: '*', maxRequestAccessDuration: 'PT3H' }],
          },
        ],
      });
      const allows = async () =>
        (await bed.network.getSecurityGroup(vm.nicNsg?.id ?? '', aLimit())).rules
          .filter(({ name, access }) => access === 'Allow' && name.includes('JITRule'))
          .map(({ sources, destinations }) => ({
            sources: textsOf(sources),
            destinations: textsOf(destinations),
          }));
      policy.requestByOther({ vm, port: 22, sources: ['20.50.1.7'], durationMs: 3_600_000 });
      bed.advance(1000);
      assert.deepEqual(await allows(), [{ sources: ['20.50.1.7'], destinations: [vm.privateIp] }]);
      bed.advance(3_600_000);
      assert.deepEqual(await allows(), []);
    });
  });
}
