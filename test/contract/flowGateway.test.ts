import assert from 'node:assert/strict';
import type { FlowToVerify } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/flowGateway';
import { ForbiddenError } from '../../tasks/shared/core/errors';
import type { NewAdminRule, NewRule, Vm } from '../support/azure';
import { aLimit, BEDS, type Bed } from './beds';
import { rejects, toId } from './expecting';

const TYPE = 'Microsoft.Network/networkWatchers';
const FAR = '99999999-2222-4333-8444-555555555555';

for (const [kind, start] of BEDS) {
  describe(`IP flow verify with the gateway ${kind}`, () => {
    let bed: Bed;
    let vm: Vm;
    beforeEach(async () => {
      bed = await start();
      vm = bed.addVm({ name: 'web-01', subnetNsg: true });
    });
    afterEach(() => bed.close());

    const flowFrom = (source: string, to = vm, port = 22): FlowToVerify => ({
      ...{ vm: toId(to), nicId: to.nicIds[0] ?? '', privateIpAddress: to.privateIp },
      ...{ port, protocol: 'TCP', source },
    });
    const verify = (watcher: string, source: string, to = vm, port = 22) =>
      bed.flows.verify(watcher, flowFrom(source, to, port), aLimit());
    const allow = (given: Partial<NewRule> & { readonly priority: number }): void => {
      const rule = { name: 'by-hand', access: 'Allow', destinationPorts: ['22'], ...given } as const;
      for (const group of [vm.nicNsg, vm.subnetNsg]) group?.addRule(rule);
    };

    it('lists the network watchers of a subscription from all pages, with their regions', async () => {
      const { subscriptionId } = toId(vm);
      assert.deepEqual(await bed.flows.listWatchers(subscriptionId, aLimit()), []);
      const regions = ['westeurope', 'northeurope', 'eastus', 'westus', 'uksouth'];
      const ids = regions.map((location) => bed.addWatcher({ location }));
      bed.addWatcher({ subscriptionId: FAR });
      const found = await bed.flows.listWatchers(subscriptionId, aLimit());
      assert.deepEqual(
        found,
        ids.map((id, at) => ({ id, location: regions[at] })),
      );
      bed.principal.forbid(`${TYPE}/read`);
      await assert.rejects(bed.flows.listWatchers(subscriptionId, aLimit()), ForbiddenError);
    });

    it('returns the result for a packet after the groups on the subnet and the network interface, with the name of the rule', async () => {
      const watcher = bed.addWatcher({ tags: { azurecloud: ['20.0.0.0/8'] } });
      assert.deepEqual(await verify(watcher, '20.50.1.7'), {
        ...{ access: 'Deny', ruleName: 'DefaultRule_DenyAllInBound' },
      });
      allow({ priority: 300, sources: ['AzureCloud'] });
      assert.deepEqual(await verify(watcher, '20.50.1.7'), { access: 'Allow', ruleName: 'UserRule_by-hand' });
      assert.equal((await verify(watcher, '40.50.1.7')).access, 'Deny');
      assert.equal((await verify(watcher, '20.50.1.7', vm, 443)).access, 'Deny');
      vm.nicNsg?.addRule({ name: 'no', priority: 200, access: 'Deny', sources: ['20.50.1.0/24'] });
      assert.deepEqual(await verify(watcher, '20.50.1.7'), { access: 'Deny', ruleName: 'UserRule_no' });
      assert.deepEqual(await verify(watcher, '10.0.0.9', vm, 443), {
        ...{ access: 'Allow', ruleName: 'DefaultRule_AllowVnetInBound' },
      });
    });

    it('applies the security admin rules of Virtual Network Manager first', async () => {
      const watcher = bed.addWatcher();
      const rule: NewAdminRule = { name: 'corp', priority: 10, access: 'Deny', sources: ['Internet'] };
      allow({ priority: 300 });
      bed.addAdminRule(vm, { ...rule, priority: 20 });
      assert.deepEqual(await verify(watcher, '20.50.1.7'), { access: 'Deny', ruleName: 'corp' });
      bed.addAdminRule(vm, { ...rule, name: 'on', access: 'Allow' });
      assert.deepEqual(await verify(watcher, '20.50.1.7'), { access: 'Allow', ruleName: 'UserRule_by-hand' });
      bed.addAdminRule(vm, { ...rule, name: 'always', priority: 5, access: 'AlwaysAllow' });
      assert.equal((await verify(watcher, '20.50.1.7', vm, 443)).ruleName, 'always');
    });

    it('is refused for a VM that is not running, in another region, or without a group, and without permission', async () => {
      const watcher = bed.addWatcher();
      const stopped = bed.addVm({ name: 'stopped-01', powerState: 'deallocated' });
      const far = bed.addVm({ name: 'far-01', location: 'eastus' });
      const bare = bed.addVm({ name: 'bare-01', resourceGroup: 'rg-bare', nicNsg: false });
      for (const other of [stopped, far, bare]) await rejects(verify(watcher, '20.50.1.7', other), 'JIT604');
      await rejects(verify(`${watcher}-none`, '20.50.1.7'), 'JIT406');
      bed.principal.forbid(`${TYPE}/ipFlowVerify/action`);
      await assert.rejects(verify(watcher, '20.50.1.7'), (error: unknown) => {
        assert.ok(error instanceof ForbiddenError);
        assert.deepEqual([error.action, error.scope], [`${TYPE}/ipFlowVerify/action`, watcher]);
        return true;
      });
    });
  });
}
