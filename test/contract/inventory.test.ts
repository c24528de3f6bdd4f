import assert from 'node:assert/strict';
import type { VnetSpace } from '../../tasks/shared/core/network';
import { parsePrefixes } from '../../tasks/shared/core/prefixes';
import { read } from '../support/written';
import type { Inventory } from '../../tasks/JitReport/JitReportV1/src/azure/inventory';
import type { Pages } from '../../tasks/shared/azure/paging';
import { DEFAULT_SUBSCRIPTION, type Vm } from '../support/azure';
import { aLimit, BEDS, type Bed } from './beds';
import { collect, forbids, rejects, sortedIds, toId } from './expecting';

const NETWORK = 'Microsoft.Network';
const JIT = 'Microsoft.Security/locations/jitNetworkAccessPolicies';
const SUBSCRIPTION = `/subscriptions/${DEFAULT_SUBSCRIPTION}`;
const GROUP = `${SUBSCRIPTION}/resourceGroups/rg-app`;
const NOWHERE = '00000000-0000-4000-8000-000000000001';

/** Every list of a subscription, with the permission that it requires. */
const LISTS: readonly (readonly [string, (inventory: Inventory, id: string) => Pages<unknown>])[] = [
  ['Microsoft.Compute/virtualMachines/read', (inventory, id) => inventory.vms(id, undefined, aLimit())],
  [`${NETWORK}/networkInterfaces/read`, (inventory, id) => inventory.nics(id, aLimit())],
  [`${NETWORK}/networkSecurityGroups/read`, (inventory, id) => inventory.securityGroups(id, aLimit())],
  [`${NETWORK}/virtualNetworks/read`, (inventory, id) => inventory.vnets(id, aLimit())],
  [`${NETWORK}/azureFirewalls/read`, (inventory, id) => inventory.firewalls(id, aLimit())],
  ['Microsoft.Insights/eventtypes/values/read', (inventory, id) => inventory.calls(id, 0, 1, aLimit())],
];

for (const [kind, start] of BEDS) {
  describe(`the inventory ${kind}`, () => {
    let bed: Bed;
    let vm: Vm;
    const addVms = (count: number, resourceGroup = 'rg-app'): readonly Vm[] =>
      Array.from({ length: count }, (_none, at) =>
        bed.addVm({ name: `${resourceGroup}-${String(at)}`, resourceGroup, subnet: `s${String(at)}` }),
      );
    beforeEach(async () => {
      bed = await start();
      vm = bed.addVm({ name: 'web-01', subnetNsg: true, applicationSecurityGroups: ['asg-web'] });
    });
    afterEach(() => bed.close());

    it('lists the VMs of a subscription and of a group, from all pages', async () => {
      const here = [vm, ...addVms(6)];
      const there = addVms(4, 'rg-other');
      bed.addVm({ name: 'far', subscriptionId: NOWHERE });
      const list = async (group?: string) =>
        sortedIds(
          (await collect(bed.inventory.vms(DEFAULT_SUBSCRIPTION, group, aLimit()))).map((one) => one.vm.key),
        );
      assert.deepEqual(await list(), sortedIds([...here, ...there].map(({ id }) => id)));
      assert.deepEqual(await list('RG-Other'), sortedIds(there.map(({ id }) => id)));
      const pages: number[] = [];
      for await (const page of bed.inventory.vms(DEFAULT_SUBSCRIPTION, 'rg-other', aLimit()))
        pages.push(page.length);
      assert.deepEqual(pages, [3, 1]);
    });

    it('lists the security admin rules of a network from all pages, and names a missing permission', async () => {
      const names = Array.from({ length: 7 }, (_none, at) => `rule-${String(at)}`);
      for (const name of names) bed.addAdminRule(vm, { name, priority: 7, access: 'Deny' });
      const list = () => collect(bed.inventory.adminRules(vm.vnetId, aLimit()));
      assert.deepEqual(
        (await list()).map(({ name }) => name),
        names,
      );
      const action = `${NETWORK}/virtualNetworks/listNetworkManagerEffectiveSecurityAdminRules/action`;
      bed.principal.forbid(action);
      await forbids(list(), action, vm.vnetId);
    });

    it('reads VMs, network interfaces, groups, and networks, in a list and separately', async () => {
      const { inventory } = bed;
      const other = bed.addVm({ name: 'hub-01', vnet: 'vnet-hub', nicNsg: false, system: 'Windows' });
      bed.peerNetworks(vm, other);
      const [nicId = ''] = vm.nicIds;
      const groupId = vm.nicNsg?.id ?? '';
      const inList = async <T extends { readonly id: string }>(pages: Pages<T>, id: string) =>
        (await collect(pages)).find((one) => one.id.toLowerCase() === id.toLowerCase());

      const [listed] = await collect(inventory.vms(DEFAULT_SUBSCRIPTION, undefined, aLimit()));
      for (const one of [listed, await inventory.vm(toId(vm), aLimit())]) {
        assert.deepEqual([one?.location, one?.system], ['westeurope', 'linux']);
        assert.deepEqual([one?.vm.key, one?.nicIds], [toId(vm).key, vm.nicIds]);
      }
      assert.equal((await inventory.vm(toId(other), aLimit())).system, 'windows');

      const nics = inventory.nics(DEFAULT_SUBSCRIPTION, aLimit());
      for (const nic of [await inList(nics, nicId), await inventory.nic(nicId, aLimit())]) {
        assert.equal(nic?.securityGroupId, groupId);
        const [address] = nic.addresses;
        assert.equal(address?.privateIpAddress.text, vm.privateIp);
        assert.equal(address.subnetId, `${vm.vnetId}/subnets/default`);
        assert.match(address.applicationGroupIds.join(), /asg-web$/);
      }
      assert.equal((await inventory.nic(other.nicIds[0] ?? '', aLimit())).securityGroupId, undefined);

      vm.nicNsg?.addRule({ name: 'one', priority: 300, access: 'Allow', destinationPorts: ['22', '80-90'] });
      const groups = inventory.securityGroups(DEFAULT_SUBSCRIPTION, aLimit());
      for (const group of [await inList(groups, groupId), await inventory.securityGroup(groupId, aLimit())]) {
        assert.equal(group?.name, vm.nicNsg?.name);
        const rule = group?.rules.find(({ name }) => name === 'one');
        assert.deepEqual([rule?.destinationPorts, rule?.isDefault], [['22', '80-90'], false]);
        assert.equal(group?.rules.filter(({ isDefault }) => isDefault).length, 6);
      }

      const space = read<VnetSpace>({ certain: ['10.0.0.0/16', '10.0.0.0/16'], possible: ['10.0.0.0/16'] });
      const vnets = inventory.vnets(DEFAULT_SUBSCRIPTION, aLimit());
      for (const vnet of [await inList(vnets, vm.vnetId), await inventory.vnet(vm.vnetId, aLimit())]) {
        assert.deepEqual([vnet?.space, vnet?.peeredVnetIds], [space, [other.vnetId]]);
        assert.deepEqual(vnet?.subnets, [
          { id: `${vm.vnetId}/subnets/default`, securityGroupId: vm.subnetNsg?.id, hasRouteTable: false },
        ]);
      }
    });

    it('reads every address of every network interface', async () => {
      const nic = (name: string, ...ips: readonly string[]) => ({
        ...{ name, primary: name === 'first' },
        addresses: ips.map((privateIp, at) => ({ privateIp, primary: at === 0 })),
      });
      const two = bed.addVm({
        name: 'two-01',
        nics: [nic('first', '10.0.1.4', '10.0.1.5'), nic('second', '10.0.1.6')],
      });
      const found = await Promise.all(two.nicIds.map((id) => bed.inventory.nic(id, aLimit())));
      assert.deepEqual(
        found.flatMap(({ addresses }) => addresses.map(({ privateIpAddress }) => privateIpAddress.text)),
        ['10.0.1.4', '10.0.1.5', '10.0.1.6'],
      );
      const none = bed.addVm({ name: 'none-01', nics: [] });
      assert.deepEqual((await bed.inventory.vm(toId(none), aLimit())).nicIds, []);
    });

    it('distinguishes classic firewalls with their rules from firewalls that Firewall Policy manages', async () => {
      assert.deepEqual(await collect(bed.inventory.firewalls(DEFAULT_SUBSCRIPTION, aLimit())), []);
      const rule = {
        ...{ name: 'to-ssh', protocols: ['TCP', 'UDP'], sourceAddresses: ['20.1.1.1', '20.2.0.0/16'] },
        ...{ destinationAddresses: ['20.4.0.4'], destinationPorts: ['2222'] },
        ...{ translatedAddress: '10.0.0.4', translatedPort: '22' },
      };
      bed.addFirewall({ besides: vm, natRules: [rule] });
      bed.addFirewall({ besides: vm, name: 'managed', policy: 'corporate' });
      const [classic, managed] = await collect(bed.inventory.firewalls(DEFAULT_SUBSCRIPTION, aLimit()));
      assert.deepEqual([classic?.name, classic?.hasPolicy, classic?.vnetId], ['firewall', false, vm.vnetId]);
      assert.deepEqual(classic?.natRules, [
        {
          ...{
            name: 'to-ssh',
            priority: 200,
            protocols: ['TCP', 'UDP'],
            sources: parsePrefixes(['20.1.1.1', '20.2.0.0/16']),
          },
          ...{ translatedAddress: '10.0.0.4', translatedPort: 22 },
        },
      ]);
      assert.deepEqual([managed?.name, managed?.hasPolicy, managed?.natRules], ['managed', true, []]);
    });

    for (const [action, list] of LISTS) {
      it(`names ${action} and the subscription if a list is forbidden`, async () => {
        bed.principal.forbid(action);
        await forbids(collect(list(bed.inventory, DEFAULT_SUBSCRIPTION)), action, SUBSCRIPTION);
      });

      it(`does not find a missing subscription with ${action}`, async () => {
        await rejects(collect(list(bed.inventory, NOWHERE)), 'JIT406');
      });
    }

    it('names the permission and the group if policies or VMs are forbidden', async () => {
      const { inventory } = bed;
      bed.principal.forbid(`${JIT}/read`, `${JIT}/*/read`, 'Microsoft.Compute/virtualMachines/read');
      await forbids(
        collect(inventory.policies(DEFAULT_SUBSCRIPTION, 'rg-app', aLimit())),
        `${JIT}/read`,
        GROUP,
      );
      await forbids(
        collect(inventory.vms(DEFAULT_SUBSCRIPTION, 'rg-app', aLimit())),
        'Microsoft.Compute/virtualMachines/read',
        GROUP,
      );
    });

    it('does not find a missing group, and returns nothing for an empty one', async () => {
      const { inventory } = bed;
      await rejects(collect(inventory.vms(DEFAULT_SUBSCRIPTION, 'rg-none', aLimit())), 'JIT406');
      await rejects(collect(inventory.policies(DEFAULT_SUBSCRIPTION, 'rg-none', aLimit())), 'JIT406');
      bed.addGroup(DEFAULT_SUBSCRIPTION, 'rg-empty');
      assert.deepEqual(await collect(inventory.vms(DEFAULT_SUBSCRIPTION, 'rg-empty', aLimit())), []);
      assert.deepEqual(await collect(inventory.policies(DEFAULT_SUBSCRIPTION, 'rg-empty', aLimit())), []);
    });

    it('names the permission and the resource of a single read, or reports a missing resource', async () => {
      const { inventory } = bed;
      const reads: readonly (readonly [string, string, (id: string) => Promise<unknown>])[] = [
        ['Microsoft.Compute/virtualMachines', vm.id, (id) => inventory.vm(toId({ id }), aLimit())],
        [`${NETWORK}/networkInterfaces`, vm.nicIds[0] ?? '', (id) => inventory.nic(id, aLimit())],
        [
          `${NETWORK}/networkSecurityGroups`,
          vm.nicNsg?.id ?? '',
          (id) => inventory.securityGroup(id, aLimit()),
        ],
        [`${NETWORK}/virtualNetworks`, vm.vnetId, (id) => inventory.vnet(id, aLimit())],
      ];
      for (const [, id, read] of reads) await rejects(read(id.replace(/[^/]+$/, 'gone')), 'JIT406');
      bed.principal.forbid(...reads.map(([type]) => `${type}/read`));
      for (const [type, id, read] of reads) await forbids(read(id), `${type}/read`, id);
    });

    it("calculates Azure's time from the responses", async () => {
      await bed.inventory.vm(toId(vm), aLimit());
      assert.ok(Math.abs(bed.inventory.azureNow() - bed.now()) < 5000);
    });

    it('ends with its limit', async () => {
      const over = new AbortController();
      over.abort();
      await rejects(collect(bed.inventory.nics(DEFAULT_SUBSCRIPTION, aLimit(over.signal))), 'JIT603');
      await rejects(bed.inventory.vm(toId(vm), aLimit(over.signal)), 'JIT603');
    });
  });
}
