import { groupIdOf } from '../../tasks/shared/core/resourceIds';
import assert from 'node:assert/strict';
import { permits } from '../../tasks/shared/core/permissions';
import { ForbiddenError } from '../../tasks/shared/core/errors';
import type { PolicyHandle, Vm } from '../support/azure';
import { aLimit, BEDS, type Bed } from './beds';

const INITIATE = 'Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action';

for (const [kind, start] of BEDS) {
  describe(`the permissions gateway ${kind}`, () => {
    let bed: Bed;
    let vm: Vm;
    let policy: PolicyHandle;
    beforeEach(async () => {
      bed = await start();
      vm = bed.addVm({ name: 'web-01' });
      policy = bed.addPolicy({ vms: [{ vm, ports: [] }] });
    });
    afterEach(() => bed.close());

    const may = async (action: string, scope = policy.id) =>
      permits(await bed.rights.list(scope, aLimit()), action);

    it('reports a granted action, regardless of case', async () => {
      assert.equal(await may(INITIATE), true);
      assert.equal(await may(INITIATE.toUpperCase()), true);
    });

    it('reports an action that is not granted', async () => {
      assert.equal(await may('Microsoft.Compute/virtualMachines/delete', vm.id), false);
    });

    it('reports an action that is granted and excluded', async () => {
      bed.principal.forbid(INITIATE);
      assert.equal(await may(INITIATE), false);
    });

    it('reads all pages, with inherited permissions and without those for other scopes', async () => {
      const delete_ = 'Microsoft.Network/networkSecurityGroups/securityRules/delete';
      const group = groupIdOf(vm.id);
      bed.principal.permissions = [
        { actions: ['Microsoft.Authorization/permissions/read'] },
        { actions: ['Microsoft.Compute/*/read'], scope: group },
        { actions: ['Microsoft.Network/*'], notActions: [delete_], scope: group },
        { actions: ['Microsoft.Security/*'], scope: policy.id },
        { actions: ['*'], scope: '/subscriptions/another' },
      ];
      const requested = [
        may('Microsoft.Compute/virtualMachines/read', vm.id),
        may('Microsoft.Compute/virtualMachines/write', vm.id),
        may('Microsoft.Network/networkSecurityGroups/read', group),
        may(delete_, group),
        may(INITIATE, group),
        may(INITIATE),
      ];
      assert.deepEqual(await Promise.all(requested), [true, false, true, false, false, true]);
      assert.equal((await bed.rights.list(vm.id, aLimit())).length, 3);
    });

    it('names the permission that is required to read permissions', async () => {
      const action = 'Microsoft.Authorization/permissions/read';
      bed.principal.forbid(action);
      await assert.rejects(
        may(INITIATE),
        (error) => error instanceof ForbiddenError && error.action === action,
      );
    });
  });
}
