import assert from 'node:assert/strict';
import {
  createNetworkGateway,
  type NetworkGateway,
} from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/networkGateway';
import { startAzure, type Principal, type SimulatedAzure, type Vm } from '../support/azure';
import { aLimit, connectTo } from './beds';
import { rejects, toId } from './expecting';

const COMPUTE = 'Microsoft.Compute/virtualMachines';

describe('a VM with its power state, over https', () => {
  let azure: SimulatedAzure;
  let network: NetworkGateway;
  let principal: Principal;
  let vm: Vm;

  beforeEach(async () => {
    azure = await startAzure();
    const connected = connectTo(azure);
    principal = connected.principal;
    network = createNetworkGateway(connected.arm);
    vm = azure.addVm({ name: 'web-01', powerState: 'deallocated' });
  });
  afterEach(async () => {
    azure.assertNoViolations();
    await azure.close();
  });

  const read = () => network.getVm(toId(vm), aLimit());
  const asked = () => azure.callsTo('vm').map(({ query }) => query['$expand']);

  it('takes one call', async () => {
    assert.equal((await read()).powerState, 'deallocated');
    assert.deepEqual(asked(), ['instanceView']);
  });

  it('takes the right to read the VM alone', async () => {
    principal.permissions = [{ actions: [`${COMPUTE}/read`] }];
    assert.equal((await read()).powerState, 'deallocated');
  });

  for (const instanceView of ['ownRight', 'unavailable'] as const) {
    it(`is read without it where Azure refuses it: ${instanceView}`, async () => {
      azure.settings.instanceView = instanceView;
      principal.permissions = [{ actions: [`${COMPUTE}/read`] }];
      assert.deepEqual(await read(), { nicIds: vm.nicIds, primaryNicId: vm.nicIds[0] });
      assert.deepEqual(asked(), ['instanceView', undefined]);
    });
  }

  it('is read without it where Azure fails on it', async () => {
    azure.faults.next('vm', Array(4).fill({ status: 500, retryAfterMs: 1 }));
    assert.deepEqual(await read(), { nicIds: vm.nicIds, primaryNicId: vm.nicIds[0] });
    assert.equal(asked().at(-1), undefined);
  });

  it('is not asked for twice by somebody who may not read the VM, nor where there is none', async () => {
    principal.forbid(`${COMPUTE}/read`);
    await rejects(read(), 'JIT301');
    assert.equal(asked().length, 1);
    principal.permissions = [{ actions: ['*'] }];
    azure.removeVm(vm);
    await rejects(read(), 'JIT406');
    assert.equal(asked().length, 2);
  });
});
