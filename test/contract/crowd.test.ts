import assert from 'node:assert/strict';
import {
  createNetworkGateway,
  type NetworkGateway,
} from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/networkGateway';
import { CodedError } from '../../tasks/shared/core/errors';
import { parseVmId, type VmId } from '../../tasks/shared/core/resourceIds';
import { startAzure, type Kind, type NewVm, type Principal, type SimulatedAzure } from '../support/azure';
import { aLimit, connectTo } from './beds';
import { toId } from './expecting';

const SINGLE: readonly Kind[] = ['vm', 'nic', 'publicIp', 'subnet'];
const LISTS: readonly Kind[] = ['vms.list', 'nics.list', 'publicIps.list'];

describe('reading many VMs together', () => {
  let azure: SimulatedAzure;
  let network: NetworkGateway;
  let principal: Principal;

  beforeEach(async () => {
    azure = await startAzure({ settings: { listPageSize: 5 } });
    const connected = connectTo(azure);
    network = createNetworkGateway(connected.arm);
    principal = connected.principal;
  });
  afterEach(async () => {
    await azure.close();
    azure.assertNoViolations();
  });

  const addMany = (
    count: number,
    groups: number,
    each?: (index: number) => Partial<NewVm>,
  ): readonly VmId[] =>
    azure
      .addManyVms({
        ...{ count, groups },
        each: (index) => ({ publicIp: `20.50.2.${String(index)}`, ...each?.(index) }),
      })
      .map((vm) => toId(vm));

  /** Reads everything that is required for each VM before a request. */
  async function readAll(from: NetworkGateway, vms: readonly VmId[]) {
    return Promise.all(
      vms.map(async (vm) => {
        const resource = await from.getVm(vm, aLimit());
        const nic = await from.getNic(resource.nicIds[0] ?? '', aLimit());
        const [address, subnet] = await Promise.all([
          from.getPublicAddress(nic.publicIpId ?? '', aLimit()),
          from.getSubnet(nic.subnetId ?? '', aLimit()),
        ]);
        return { resource, nic, address, subnet };
      }),
    );
  }
  const countOf = (kinds: readonly Kind[]): number =>
    kinds.reduce((sum, kind) => sum + azure.callsTo(kind).length, 0);

  it('returns the same as reading each one, including power states, with one call for each page', async () => {
    const vms = addMany(24, 3, (index) => ({
      powerState: index === 7 ? 'deallocated' : 'running',
      subnet: index % 2 === 0 ? 'web' : 'app',
    }));
    const found = await readAll(network.among(vms), vms);
    assert.equal(countOf(['vm', 'nic', 'publicIp']), 0);
    assert.equal(countOf(['subnet']), 6, 'each of two in three networks');
    assert.equal(countOf(LISTS), 4 * Math.ceil(24 / 5));
    assert.equal(found[7]?.resource.powerState, 'deallocated');
    assert.deepEqual(found, await readAll(network, vms));
    assert.deepEqual([found[3]?.address.ipAddress, found[3]?.resource.powerState], ['20.50.2.3', 'running']);
  });

  it('reads few VMs separately, and what they share only once', async () => {
    const vms = addMany(10, 1);
    await readAll(network.among(vms), vms);
    assert.deepEqual([countOf(LISTS), countOf(['subnet']), countOf(['vm', 'nic', 'publicIp'])], [0, 1, 30]);
  });

  it('reads by ID what no list contains, such as a network interface in another group or a deleted VM', async () => {
    const vms = addMany(12, 1);
    const [gone] = vms;
    assert.ok(gone);
    azure.addVm({ name: 'other', resourceGroup: 'rg-net' });
    const nicId = `/subscriptions/${gone.subscriptionId}/resourceGroups/rg-net/providers/Microsoft.Network/networkInterfaces/other-nic`;
    const among = network.among([...vms.slice(1), parseVmId(gone.id.replace('vm-00000', 'vm-none')) ?? gone]);
    assert.equal((await among.getNic(nicId, aLimit())).isPrimary, true);
    assert.equal(countOf(['nic']), 1);
    await assert.rejects(
      among.getVm(parseVmId(gone.id.replace('vm-00000', 'vm-none')) ?? gone, aLimit()),
      (error) => error instanceof CodedError && error.code === 'JIT406',
    );
  });

  it('reads the lists of the groups if the subscription cannot be listed', async () => {
    const vms = addMany(12, 2);
    const [first] = vms;
    principal.permissions = ['rg-0', 'rg-1'].map((group) => ({
      scope: `/subscriptions/${first?.subscriptionId ?? ''}/resourceGroups/${group}`,
      actions: ['*'],
    }));
    const found = await readAll(network.among(vms), vms);
    assert.equal(countOf(['vm', 'nic', 'publicIp']), 0);
    assert.deepEqual(
      found.map(({ resource }) => resource.powerState),
      vms.map(() => undefined),
      'which only the list of the subscription tells',
    );
  });

  it('does not list a group for a single VM', async () => {
    const vms = addMany(12, 1, (index) => (index === 0 ? { resourceGroup: 'rg-one' } : {}));
    const [first] = vms;
    principal.permissions = ['rg-0', 'rg-one'].map((group) => ({
      scope: `/subscriptions/${first?.subscriptionId ?? ''}/resourceGroups/${group}`,
      actions: ['*'],
    }));
    const among = network.among(vms);
    await Promise.all(vms.map((vm) => among.getVm(vm, aLimit())));
    assert.equal(countOf(['vm']), 1);
    assert.deepEqual(
      azure.callsTo('vms.list').filter(({ path }) => path.includes('rg-one')),
      [],
    );
  });

  it('reads each VM separately if nothing can be listed, and also remembers refusals', async () => {
    const vms = addMany(11, 2);
    principal.permissions = vms.map(({ id }) => ({ scope: id, actions: ['*'] }));
    const among = network.among(vms);
    await Promise.all(vms.map((vm) => among.getVm(vm, aLimit())));
    assert.equal(countOf(['vm']), 11);
    const subnet = `/subscriptions/${vms[0]?.subscriptionId ?? ''}/resourceGroups/rg-0/providers/Microsoft.Network/virtualNetworks/vnet-rg-0/subnets/default`;
    for (let time = 0; time < 3; time += 1)
      await assert.rejects(among.getSubnet(subnet, aLimit()), { code: 'JIT301' });
    assert.equal(countOf(['subnet']), 1);
  });

  it('stops lists with more pages than there are VMs, and reads the remaining VMs separately', async () => {
    azure.settings.listPageSize = 1;
    addMany(40, 1);
    const wanted = azure
      .addManyVms({ count: 12, groups: 1, each: (index) => ({ name: `late-${String(index)}` }) })
      .map((vm) => toId(vm));
    const among = network.among(wanted);
    await Promise.all(wanted.map((vm) => among.getVm(vm, aLimit())));
    assert.equal(countOf(['vms.list']), 24, 'of the group, and of the states');
    assert.equal(countOf(['vm']), 12);
  });

  it("fails with Azure's error if Azure fails, without other calls", async () => {
    const vms = addMany(12, 1);
    azure.faults.always('vms.list', { status: 500, retryAfterMs: 1 });
    await assert.rejects(network.among(vms).getVm(vms[0] ?? toId(azure.addVm({ name: 'x' })), aLimit()), {
      code: 'JIT602',
    });
    assert.equal(countOf(SINGLE), 0);
  });
});
