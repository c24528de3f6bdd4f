import assert from 'node:assert/strict';
import { createBench, HOUR_MS } from '../../support/azure/bench';
import { createMicrosoftClients } from '../../support/azure/microsoftClients';
import { startAzure, type SimulatedAzure } from '../../support/azure';

describe('the simulated Azure with Microsoft’s own client of the service', () => {
  let azure: SimulatedAzure;

  before(async () => {
    azure = await startAzure({ settings: { pageSize: 1 } });
  });
  after(() => azure.close());

  it('lists policies in pages, reads them, and accepts requests without violations', async () => {
    const bench = await createBench(azure, azure.addPrincipal({ secret: 'right' }));
    const { vm, policy, caller } = bench;
    azure.addPolicy({
      name: 'second',
      vms: [{ vm, ports: [{ number: 80, protocol: '*', sources: '*', maxRequestAccessDuration: 'PT1H' }] }],
    });
    const client = createMicrosoftClients(azure, caller.token, vm.subscriptionId).security;

    const names: (string | undefined)[] = [];
    for await (const listed of client.jitNetworkAccessPolicies.listByResourceGroup(vm.resourceGroup)) {
      names.push(listed.name);
    }
    assert.deepEqual(names, ['default', 'second']);
    const ports = [
      { number: 22, endTimeUtc: new Date(bench.inMs(HOUR_MS)), allowedSourceAddressPrefix: '20.1.2.3' },
    ];
    const body = { virtualMachines: [{ id: vm.id, ports }], justification: 'a test' };
    const granted = await client.jitNetworkAccessPolicies.initiate(
      vm.resourceGroup,
      vm.location,
      policy.name,
      body,
    );
    assert.equal(granted.virtualMachines[0]?.ports[0]?.status, 'Initiating');
    const read = await client.jitNetworkAccessPolicies.get(vm.resourceGroup, vm.location, policy.name);
    assert.equal(read.requests?.length, 4);
    azure.assertNoViolations();
  });
});
