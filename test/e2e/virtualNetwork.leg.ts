import assert from 'node:assert/strict';
import type { NewRule } from '../support/azure';
import {
  assertFailed,
  assertSucceeded,
  assertWarns,
  closeAfter,
  endpointsOf,
  usePackagedTask,
  warningsOf,
  type PackagedStep,
} from '../support/packagedTask';

const byVnet = (given: Partial<NewRule>): NewRule => ({
  ...{
    name: 'by-vnet',
    priority: 500,
    access: 'Allow',
    sources: ['VirtualNetwork'],
    destinationPorts: ['22'],
  },
  ...given,
});
const PEERED = '10.2.0.4';
/** The service's allow rules start at priority 100. With this rule, the service's rule comes second. */
const FIRST = { access: 'Deny', priority: 100 } as const;
const QUICK = { waitTimeout: '3s' };

describe('VirtualNetwork, which covers more than the virtual network,', () => {
  const task = usePackagedTask();

  /** Prepares a VM in 10.1.0.0/16 with a rule, and optionally something that extends its network. */
  async function stepWith(
    rule: NewRule,
    widen: 'peering' | 'gateway' | 'route table' | 'no access' | 'nothing',
  ): Promise<PackagedStep> {
    const step = await task.prepare({
      vm: {
        ...{ subnetNsg: false, privateIp: '10.1.0.4', vnetPrefixes: ['10.1.0.0/16'] },
        nicNsg: { name: 'nsg-web', rules: [rule] },
        ...(widen === 'route table' && { routeTable: 'rt-forced' }),
      },
    });
    const { azure, vm } = step;
    const peer = () =>
      azure.addVm({ name: 'hub-01', resourceGroup: 'rg-hub', vnet: 'hub', vnetPrefixes: ['10.2.0.0/16'] });
    if (widen === 'peering') azure.peerNetworks(vm, peer());
    if (widen === 'no access') azure.peerNetworks(vm, peer(), { allowVirtualNetworkAccess: false });
    if (widen === 'gateway') azure.addGateway(vm);
    return step;
  }

  for (const widen of ['peering', 'gateway', 'route table'] as const) {
    it(`might open a port to ${PEERED} because of a ${widen}, and the port is not reported as closed`, async () => {
      const step = await stepWith(byVnet({}), widen);
      const run = await step.run({ sourceIp: PEERED, closeAtJobEnd: 'true' });
      assertSucceeded(run);
      const after = await closeAfter(step, run);
      assertWarns(after, 'Still open: web-01, port 22', 'by-vnet', '500');
      assert.ok(!after.log.some((line) => line.includes('Closed:')), after.log.join('\n'));
    });

    it(`might block ${PEERED} because of a ${widen}, and the port is not reported as open`, async () => {
      const step = await stepWith(byVnet(FIRST), widen);
      const run = await step.run({ sourceIp: PEERED, ...QUICK });
      assertFailed(run, 'JIT702', 'by-vnet', '100', 'nsg-web');
      assert.deepEqual(
        endpointsOf(run).map(({ status }) => status),
        ['failed'],
      );
      const dry = await step.run({ sourceIp: PEERED, dryRun: 'true' });
      assertFailed(dry, 'JIT702', 'by-vnet');
    });
  }

  it('might block a public address if the subnet has a route table', async () => {
    const step = await stepWith(byVnet(FIRST), 'route table');
    assertFailed(await step.run(QUICK), 'JIT702', 'by-vnet', 'route table');
  });

  it('can give a peered address access without just-in-time access, which is reported', async () => {
    const step = await stepWith(byVnet({ priority: 110 }), 'peering');
    const run = await step.run({ sourceIp: PEERED });
    assertSucceeded(run);
    assert.ok(run.log.some((line) => line.includes('by-vnet') && line.includes('with no end time')));
  });

  for (const widen of ['no access', 'nothing'] as const) {
    it(`contains no outside address with ${widen === 'nothing' ? 'nothing that adds any' : 'a peering that allows nothing'}`, async () => {
      const [open, shut] = await Promise.all([stepWith(byVnet({}), widen), stepWith(byVnet(FIRST), widen)]);
      const run = await open.run({ sourceIp: PEERED, closeAtJobEnd: 'true' });
      assertSucceeded(run);
      assert.deepEqual((await closeAfter(open, run)).issues, []);
      assertSucceeded(await shut.run({ sourceIp: PEERED }));
    });
  }

  it('leaves nothing undecided for a public address on an ordinary network, or if the rules of the service decide', async () => {
    const steps = await Promise.all([task.prepare(), task.prepare({ vm: { routeTable: 'rt-forced' } })]);
    steps[1].azure.addGateway(steps[1].vm);
    for (const step of steps) {
      const run = await step.run({ closeAtJobEnd: 'true' });
      assertSucceeded(run);
      assert.deepEqual(warningsOf(run), []);
      assert.deepEqual((await closeAfter(step, run)).issues, []);
      assert.deepEqual(step.azure.callsTo('vnet'), [], 'which the rules do not depend on');
    }
  });

  it('is unknown without the right to read the network', async () => {
    const action = 'Microsoft.Network/virtualNetworks/read';
    const [open, shut] = await Promise.all([
      stepWith(byVnet({}), 'nothing'),
      stepWith(byVnet(FIRST), 'nothing'),
    ]);
    for (const { principal } of [open, shut]) principal.forbid(action);
    const run = await open.run({ sourceIp: PEERED, closeAtJobEnd: 'true' });
    assertSucceeded(run);
    assertWarns(await closeAfter(open, run), 'Still open', 'by-vnet');
    const failed = await shut.run({ sourceIp: PEERED, ...QUICK });
    assertFailed(failed, 'JIT702', 'by-vnet');
    assertWarns(failed, action);
  });
});
