import assert from 'node:assert/strict';
import type { Json } from '../../tasks/shared/core/json';
import type { Code } from '../../tasks/shared/core/codes';
import { CodedError, ForbiddenError } from '../../tasks/shared/core/errors';
import {
  createPolicyWriter,
  WriteError,
} from '../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/azure/policyWriter';
import type { PolicyRef } from '../../tasks/shared/core/policy';
import { DEFAULT_SUBSCRIPTION, startAzure, type PolicyHandle, type Vm } from '../support/azure';
import { anyPort } from '../support/scenario';
import { aLimit, BEDS, connectTo, type Bed } from './beds';
import { forbids, rejects, toId } from './expecting';

const JIT = 'Microsoft.Security/locations/jitNetworkAccessPolicies';
const PORT = { number: 22, protocol: '*', allowedSourceAddressPrefix: '*', maxRequestAccessDuration: 'PT3H' };
const bodyFor = (...ids: readonly string[]): Json => ({
  kind: 'Basic',
  properties: { virtualMachines: ids.map((id) => ({ id, ports: [PORT] })) },
});

/** Asserts that a write failed permanently, and returns its cause. */
async function refused(work: Promise<unknown>, code: Code): Promise<unknown> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof WriteError, String(error));
  assert.ok(['refused', 'lasting'].includes(error.trouble), error.trouble);
  assert.ok(error.cause instanceof CodedError && error.cause.code === code, String(error.cause));
  return error.cause;
}

for (const [kind, start] of BEDS) {
  describe(`the policy writer ${kind}`, () => {
    let bed: Bed;
    let vm: Vm;
    let policy: PolicyHandle;
    let ref: PolicyRef;
    beforeEach(async () => {
      bed = await start();
      vm = bed.addVm({ name: 'web-01' });
      policy = bed.addPolicy({
        name: 'jit-web',
        vms: [{ vm, ports: [anyPort(22)], publicIpAddress: '20.1.1.1' }],
      });
      ref = {
        ...{ id: policy.id, name: 'jit-web', subscriptionId: DEFAULT_SUBSCRIPTION },
        ...{ resourceGroup: 'rg-app', location: 'westeurope' },
      };
    });
    afterEach(() => bed.close());

    const named = (name: string): PolicyRef => ({ ...ref, name, id: ref.id.replace('jit-web', name) });

    it('lists the policies of a group from all pages, as Azure returns them', async () => {
      for (const name of ['a', 'b', 'c']) bed.addPolicy({ name, vms: [{ vm, ports: [anyPort(22)] }] });
      const found = await bed.policies.list(DEFAULT_SUBSCRIPTION, 'rg-app', aLimit());
      assert.deepEqual(found.map(({ policy: { name } }) => name).toSorted(), ['a', 'b', 'c', 'jit-web']);
      assert.match(JSON.stringify(found[0]?.body), /"appendMode":false.*|publicIpAddress/);
      await rejects(bed.policies.list(DEFAULT_SUBSCRIPTION, 'rg-none', aLimit()), 'JIT406');
    });

    it('returns a policy with every field, and nothing for one that does not exist', async () => {
      const found = await bed.policies.get(ref, aLimit());
      assert.equal(found?.policy.name, 'jit-web');
      assert.match(JSON.stringify(found.body), /"publicIpAddress":"20.1.1.1".*"appendMode":false/);
      assert.equal(await bed.policies.get(named('none'), aLimit()), undefined);
    });

    it('writes a new policy, replaces the VMs of an existing one, and reads Updating at first', async () => {
      await bed.policies.put(named('default'), bodyFor(vm.id), aLimit());
      const other = bed.addVm({ name: 'db-01' });
      await bed.policies.put(ref, bodyFor(other.id), aLimit());
      const found = await bed.policies.get(ref, aLimit());
      assert.deepEqual(
        found?.policy.vms.map((one) => one.vm.key),
        [toId(other).key],
      );
      assert.match(JSON.stringify(found.body), /"provisioningState":"Updating"/);
      assert.ok(found.policy.requests.length > 0, 'requests stay');
      bed.advance(1000);
      assert.match(JSON.stringify((await bed.policies.get(ref, aLimit()))?.body), /"Succeeded"/);
      assert.ok(await bed.policies.get(named('default'), aLimit()));
    });

    it('deletes a policy, and succeeds for one that does not exist', async () => {
      await bed.policies.delete(ref, aLimit());
      assert.equal(await bed.policies.get(ref, aLimit()), undefined);
      await bed.policies.delete(ref, aLimit());
    });

    it('rejects VMs of another group or region, and names that are too long', async () => {
      const far = bed.addVm({ name: 'far', location: 'northeurope' });
      const apart = bed.addVm({ name: 'apart', resourceGroup: 'rg-other' });
      await refused(bed.policies.put(ref, bodyFor(vm.id, far.id), aLimit()), 'JIT413');
      await refused(bed.policies.put(ref, bodyFor(apart.id), aLimit()), 'JIT413');
      await refused(bed.policies.put(named('n'.repeat(51)), bodyFor(vm.id), aLimit()), 'JIT413');
    });

    it('reads the region and the operating system of a VM', async () => {
      const systems = ['Linux', 'Windows', 'profile:Windows', null] as const;
      const read = await Promise.all(
        systems.map((system, index) => {
          const made = bed.addVm({ name: `vm-${String(index)}`, system, location: 'northeurope' });
          return bed.policies.getVm(toId(made), aLimit());
        }),
      );
      assert.deepEqual(
        read.map(({ system }) => system),
        ['linux', 'windows', 'windows', undefined],
      );
      assert.equal(read[0]?.location, 'northeurope');
      bed.removeVm(vm);
      await rejects(bed.policies.getVm(toId(vm), aLimit()), 'JIT406');
    });

    it('does not write or delete a policy that is being written, and does not accept a deleted VM', async () => {
      const trouble = (work: Promise<unknown>) =>
        work.then(
          () => undefined,
          (error: unknown) => (error instanceof WriteError ? [error.trouble, error.mayBeDone] : error),
        );
      await bed.policies.put(ref, bodyFor(vm.id), aLimit());
      assert.deepEqual(await trouble(bed.policies.put(ref, bodyFor(vm.id), aLimit())), ['busy', false]);
      assert.deepEqual(await trouble(bed.policies.delete(ref, aLimit())), ['busy', false]);
      bed.advance(1000);
      bed.removeVm(vm);
      assert.deepEqual(await trouble(bed.policies.put(ref, bodyFor(vm.id), aLimit())), ['refused', false]);
    });

    it('lists the VMs of a group', async () => {
      bed.addVm({ name: 'apart', resourceGroup: 'rg-other' });
      const found = await bed.policies.listVms(DEFAULT_SUBSCRIPTION, 'rg-app', aLimit());
      assert.deepEqual(
        found.map(({ key }) => key),
        [toId(vm).key],
      );
      await rejects(bed.policies.listVms(DEFAULT_SUBSCRIPTION, 'rg-none', aLimit()), 'JIT406');
    });

    it('names the missing action', async () => {
      bed.principal.forbid('Microsoft.Compute/virtualMachines/write');
      const cause = await refused(bed.policies.put(ref, bodyFor(vm.id), aLimit()), 'JIT301');
      assert.ok(cause instanceof ForbiddenError && cause.action.endsWith('virtualMachines/write'));
      bed.principal.forbid(`${JIT}/write`, `${JIT}/delete`, `${JIT}/read`, `${JIT}/*/read`);
      await refused(bed.policies.put(ref, bodyFor(vm.id), aLimit()), 'JIT301');
      await refused(bed.policies.delete(ref, aLimit()), 'JIT301');
      await forbids(bed.policies.get(ref, aLimit()), `${JIT}/read`, ref.id);
    });
  });
}

describe('a resource group that does not exist, in whatever case Azure writes its code,', () => {
  it('does not count as an absent policy, or as a policy that Azure rejects', async () => {
    const azure = await startAzure();
    try {
      const writer = createPolicyWriter(connectTo(azure).arm);
      const scope = {
        subscriptionId: DEFAULT_SUBSCRIPTION,
        resourceGroup: 'rg-none',
        location: 'westeurope',
      };
      const id = `/subscriptions/${scope.subscriptionId}/resourceGroups/rg-none/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default`;
      const ref = { ...scope, id, name: 'default' };
      for (const code of ['ResourceGroupNotFound', 'RESOURCEGROUPNOTFOUND', 'resourceGroupNotFound']) {
        azure.faults.always(['policy.get', 'policy.put', 'policy.delete'], { status: 404, code });
        await rejects(writer.get(ref, aLimit()), 'JIT406');
        for (const write of [writer.put(ref, {}, aLimit()), writer.delete(ref, aLimit())]) {
          const error: unknown = await write.catch((thrown: unknown) => thrown);
          assert.ok(error instanceof WriteError && error.trouble === 'lasting', code);
        }
        azure.faults.clear();
      }
    } finally {
      await azure.close();
    }
  });
});
