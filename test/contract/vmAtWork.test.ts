import assert from 'node:assert/strict';
import {
  createNetworkGateway,
  type NetworkGateway,
} from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/networkGateway';
import { startAzure, type Principal, type SimulatedAzure, type Vm } from '../support/azure';
import { aLimit, connectTo } from './beds';
import { rejects, toId } from './expecting';

const COMPUTE = 'Microsoft.Compute/virtualMachines';

describe('reading a VM with its power state over HTTPS', () => {
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

  it('requires one call', async () => {
    assert.equal((await read()).powerState, 'deallocated');
    assert.deepEqual(asked(), ['instanceView']);
  });

  it('requires only the permission to read the VM', async () => {
    principal.permissions = [{ actions: [`${COMPUTE}/read`] }];
    assert.equal((await read()).powerState, 'deallocated');
  });

  for (const instanceView of ['ownRight', 'unavailable'] as const) {
    it(`succeeds without the power state if Azure refuses it: ${instanceView}`, async () => {
      azure.settings.instanceView = instanceView;
      principal.permissions = [{ actions: [`${COMPUTE}/read`] }];
      assert.deepEqual(await read(), { nicIds: vm.nicIds, primaryNicId: vm.nicIds[0] });
      assert.deepEqual(asked(), ['instanceView', undefined]);
    });
  }

  it('succeeds without the power state if Azure fails to return it', async () => {
    azure.faults.next('vm', Array(4).fill({ status: 500, retryAfterMs: 1 }));
    assert.deepEqual(await read(), { nicIds: vm.nicIds, primaryNicId: vm.nicIds[0] });
    assert.equal(asked().at(-1), undefined);
  });

  it('is not repeated if the VM cannot be read or does not exist', async () => {
    principal.forbid(`${COMPUTE}/read`);
    await rejects(read(), 'JIT301');
    assert.equal(asked().length, 1);
    principal.permissions = [{ actions: ['*'] }];
    azure.removeVm(vm);
    await rejects(read(), 'JIT406');
    assert.equal(asked().length, 2);
  });
});
