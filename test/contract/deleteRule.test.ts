import assert from 'node:assert/strict';
import { ForbiddenError } from '../../tasks/shared/core/errors';
import type { Vm } from '../support/azure';
import { aLimit, BEDS, type Bed } from './beds';

for (const [kind, start] of BEDS) {
  describe(`deleting a rule with the network gateway ${kind}`, () => {
    let bed: Bed;
    let vm: Vm;

    beforeEach(async () => {
      bed = await start();
      vm = bed.addVm({ name: 'web-01' });
    });
    afterEach(() => bed.close());

    it('removes a rule, and succeeds if it no longer exists', async () => {
      const id = vm.nicNsg?.id ?? '';
      vm.nicNsg?.addRule({ name: 'one', priority: 300, access: 'Allow' });
      await bed.network.deleteRule(id, 'one', aLimit());
      assert.deepEqual(vm.nicNsg?.rules(), []);
      await bed.network.deleteRule(id, 'one', aLimit());
    });

    it('names the permission to delete rules if it is missing', async () => {
      const id = vm.nicNsg?.id ?? '';
      const action = 'Microsoft.Network/networkSecurityGroups/securityRules/delete';
      vm.nicNsg?.addRule({ name: 'one', priority: 300, access: 'Allow' });
      bed.principal.forbid(action);
      await assert.rejects(
        bed.network.deleteRule(id, 'one', aLimit()),
        (error) => error instanceof ForbiddenError && error.action === action && error.scope.startsWith(id),
      );
      assert.equal(vm.nicNsg?.rules().length, 1);
    });
  });
}
