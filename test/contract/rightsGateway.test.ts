import assert from 'node:assert/strict';
import { ForbiddenError } from '../../tasks/shared/messages/failures';
import type { PolicyHandle, Vm } from '../support/azure';
import { aLimit, BEDS, type Bed } from './beds';

const INITIATE = 'Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action';

for (const [kind, start] of BEDS) {
  describe(`the gateway to the own rights ${kind}`, () => {
    let bed: Bed;
    let vm: Vm;
    let policy: PolicyHandle;
    beforeEach(async () => {
      bed = await start();
      vm = bed.addVm({ name: 'web-01' });
      policy = bed.addPolicy({ vms: [{ vm, ports: [] }] });
    });
    afterEach(() => bed.close());

    const may = (action: string, scope = policy.id) => bed.rights.allows(action, scope, aLimit());

    it('knows an action that is granted, in any case', async () => {
      assert.equal(await may(INITIATE), true);
      assert.equal(await may(INITIATE.toUpperCase()), true);
    });

    it('knows an action that is not', async () => {
      assert.equal(await may('Microsoft.Compute/virtualMachines/delete', vm.id), false);
    });

    it('knows an action that is granted and taken away', async () => {
      bed.principal.forbid(INITIATE);
      assert.equal(await may(INITIATE), false);
    });

    it('names the right that asking needs', async () => {
      const action = 'Microsoft.Authorization/permissions/read';
      bed.principal.forbid(action);
      await assert.rejects(
        may(INITIATE),
        (error) => error instanceof ForbiddenError && error.action === action,
      );
    });
  });
}
