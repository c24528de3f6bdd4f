import assert from 'node:assert/strict';
import { ANY } from '../../tasks/shared/core/prefixes';
import { aLimit, BEDS, type Bed } from './beds';
import { rejects } from './expecting';

const MANAGER =
  '/subscriptions/99999999-2222-4333-8444-555555555555/resourceGroups/rg-avnm/providers/Microsoft.Network/networkManagers/corp-manager';

for (const [kind, start] of BEDS) {
  describe(`security admin rules from the network gateway ${kind}`, () => {
    let bed: Bed;
    beforeEach(async () => {
      bed = await start();
    });
    afterEach(() => bed.close());

    it('are listed for a network from all pages, including in another subscription', async () => {
      const far = '99999999-2222-4333-8444-555555555555';
      const other = bed.addVm({ name: 'far-01', subscriptionId: far });
      const names = Array.from({ length: 8 }, (_none, at) => `rule-${String(at)}`);
      for (const name of names) bed.addAdminRule(other, { name, priority: 7, access: 'AlwaysAllow' });
      const list = (id: string) => bed.network.listAdminRules(id, aLimit());
      const vm = bed.addVm({ name: 'web-01' });
      assert.deepEqual(await list(vm.vnetId), []);
      const found = await list(other.vnetId.toUpperCase());
      assert.deepEqual(
        found.map(({ name }) => name),
        names,
      );
      assert.deepEqual(found[0], {
        ...{ name: 'rule-0', managerId: MANAGER, configuration: 'corp', collection: 'baseline' },
        ...{ priority: 7, access: 'AlwaysAllow', direction: 'Inbound', protocol: '*' },
        ...{ sources: [ANY], sourceGroupIds: [], sourcePorts: ['0-65535'] },
        ...{ destinations: [ANY], destinationGroupIds: [], destinationPorts: ['0-65535'] },
      });
      await rejects(list(`${other.vnetId}-none`), 'JIT406');
    });
  });
}
