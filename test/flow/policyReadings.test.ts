import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Json } from '../../tasks/shared/core/json';
import { LISTED_STORED_POLICY } from '../../tasks/shared/azure/read/policy';
import { serverError } from '../../tasks/shared/messages/failures';
import type { StoredPolicy } from '../../tasks/shared/core/policy';
import { aPolicyWorkflow } from './policyWorkflow';

type Distortion = (answer: readonly StoredPolicy[]) => readonly StoredPolicy[];

const asIs: Distortion = (answer) => answer;
const nothing: Distortion = () => [];
/** Returns the same policies with another list of VMs. */
const withVms =
  (change: (entries: readonly Json[]) => readonly Json[] | undefined): Distortion =>
  (answer) =>
    answer.map(({ policy, body }) => {
      const properties = body['properties'] as Json;
      const virtualMachines = change(properties['virtualMachines'] as readonly Json[]);
      return {
        policy: { ...policy, vms: [] },
        body: { ...body, properties: { ...properties, virtualMachines } },
      };
    });
const emptied = withVms(() => []);
const withoutList = withVms(() => undefined);
const shortened = withVms((entries) => entries.slice(0, 1));
const withoutPorts = withVms((entries) => entries.map((entry) => ({ ...entry, ports: [] })));

const LOSSES = { nothing, emptied, withoutList, shortened, withoutPorts };
const ALL = { portRules: '443 max 1h' };
const AFTER = ['jit-web/web-01:22,443', 'jit-web/db-01:22'];

describe('JitConfigurePolicy, when responses about a policy differ,', () => {
  for (const [name, loss] of Object.entries(LOSSES)) {
    it(`keeps what the list has shown if the read before the write is once incomplete (${name})`, async () => {
      const { run, read, world: context, count } = aPolicyWorkflow({}, { get: [loss] });
      assert.deepEqual((await run(ALL)).codes, []);
      assert.deepEqual([await read(), context.texts('warning')], [AFTER, []]);
      assert.equal(count('policy.put'), 1);
    });

    it(`keeps the other VMs if the read after a write is once incomplete (${name})`, async () => {
      const { run, read, world: context, count } = aPolicyWorkflow({}, { get: [asIs, loss] });
      assert.deepEqual((await run(ALL)).codes, []);
      assert.deepEqual([await read(), context.texts('warning')], [AFTER, []]);
      assert.equal(count('policy.put'), 1);
    });

    it(`keeps the other VMs if the read after a failed write is once incomplete (${name})`, async () => {
      const { run, read, world: context, azure } = aPolicyWorkflow({}, { get: [asIs, loss] });
      azure.next('policy.put', serverError('x', 503, 'y'));
      assert.deepEqual((await run(ALL)).codes, []);
      assert.deepEqual([await read(), context.texts('warning')], [AFTER, []]);
    });

    it(`does not delete a policy that has other VMs if the read before it is once incomplete (${name})`, async () => {
      const { run, read, count } = aPolicyWorkflow({}, { get: [loss] });
      assert.deepEqual((await run({ action: 'remove' })).codes, []);
      assert.deepEqual([await read(), count('policy.delete')], [['jit-web/db-01:22'], 0]);
    });

    it(`writes nothing while the reads stay incomplete and the list differs (${name})`, async () => {
      const { run, read, count } = aPolicyWorkflow({}, { get: Array<Distortion>(9).fill(loss) });
      const { codes, failures } = await run(ALL);
      assert.deepEqual(codes, ['JIT604']);
      assert.match(failures[0]?.message ?? '', /jit-web/);
      assert.deepEqual([count('policy.put'), count('policy.delete')], [0, 0]);
      assert.deepEqual(await read(), ['jit-web/web-01:22', 'jit-web/db-01:22']);
    });

    it(`shows in a dry run what the real run would do if one read is incomplete (${name})`, async () => {
      const { run, world: context } = aPolicyWorkflow({}, { get: [loss] });
      const { codes, results } = await run({ ...ALL, dryRun: 'true' });
      assert.deepEqual([codes, context.texts('warning')], [[], []]);
      assert.equal(results[0]?.differences[0]?.ports.length, 1);
      const lasting = aPolicyWorkflow({}, { get: Array<Distortion>(9).fill(loss) });
      assert.deepEqual((await lasting.run({ ...ALL, dryRun: 'true' })).codes, ['JIT604']);
    });
  }

  it('finds in the second list what the first one left out, and creates no second policy', async () => {
    for (const loss of [nothing, emptied]) {
      const { run, read } = aPolicyWorkflow({}, { list: [loss] });
      assert.deepEqual((await run(ALL)).codes, []);
      assert.deepEqual(await read(), AFTER);
    }
  });

  it('distinguishes policies without an ID, so that one does not hide what a list shows of another', async () => {
    const readings: { list: Distortion[] } = { list: [] };
    const { run, azure, count } = aPolicyWorkflow({}, readings);
    const [vm, bare] = [azure.addVm({ name: 'new-01' }), azure.addVm({ name: 'bare-01' })];
    const withoutId = (name: string, ...virtualMachines: readonly Json[]) =>
      LISTED_STORED_POLICY.read({ name, properties: { virtualMachines } });
    const [other, own] = [withoutId('other'), withoutId('own', { id: vm.id, ports: [] })];
    readings.list.push(
      (answer) => [...answer, other, own],
      (answer) => [...answer, other],
    );
    assert.deepEqual((await run({ ...ALL, vmResourceId: `${vm.id}, ${bare.id}` })).codes, ['JIT604']);
    assert.equal(count('policy.put'), 0);
  });

  it('does not report a VM as uncovered because one list leaves it out', async () => {
    const { run, read } = aPolicyWorkflow({}, { list: [nothing] });
    assert.equal((await run({ action: 'remove' })).changed, true);
    assert.deepEqual(await read(), ['jit-web/db-01:22']);
  });

  it('writes without the other VMs, and names them, if two responses say that the policy is gone', async () => {
    const { azure, run, read, world: context } = aPolicyWorkflow();
    azure.next('policy.get', () => {
      azure.removePolicy('jit-web');
    });
    assert.deepEqual((await run(ALL)).codes, []);
    assert.deepEqual(await read(), ['jit-web/web-01:443']);
    assert.equal(context.texts('warning').length, 1);
    assert.match(context.texts('warning')[0] ?? '', /jit-web.*db-01/);
  });

  it('also names the other VMs if it was to remove its own from a policy that is gone', async () => {
    const { azure, run, world: context, count } = aPolicyWorkflow();
    azure.next('policy.get', () => {
      azure.removePolicy('jit-web');
    });
    assert.equal((await run({ action: 'remove' })).changed, false);
    assert.match(context.texts('warning').join(), /db-01/);
    assert.deepEqual([count('policy.put'), count('policy.delete')], [0, 0]);
  });

  it('names a VM that another writer removed before the write, and does not restore it', async () => {
    const { azure, run, read, world: context, vm, otherWrites } = aPolicyWorkflow();
    azure.next('policy.get', () => otherWrites(vm));
    assert.deepEqual((await run(ALL)).codes, []);
    assert.deepEqual(await read(), ['jit-web/web-01:22,443']);
    assert.match(context.texts('warning').join(), /db-01/);
  });

  it('does not stop at "nothing differs" if the policy is gone while its state is awaited', async () => {
    const { azure, run, read, otherWrites, vm, db, world: context } = aPolicyWorkflow({ updatingMs: 3000 });
    otherWrites(vm, db);
    azure.stored('jit-web').updatingUntil = azure.now() + 3000;
    azure.next('policy.get', () => {
      azure.removePolicy('jit-web');
    });
    assert.equal((await run({ portRules: '22 max 3h' })).changed, true);
    assert.deepEqual(await read(), ['jit-web/web-01:22']);
    assert.match(context.texts('warning').join(), /db-01/);
  });

  it('loses no other VM, whatever one of the two responses leaves out', async () => {
    const losses = fc.array(fc.constantFrom(asIs, ...Object.values(LOSSES)), { maxLength: 12 });
    const raw = fc.constantFrom(ALL, { action: 'remove' }, { ...ALL, mode: 'exact' });
    await fc.assert(
      fc.asyncProperty(losses, fc.constantFrom('get', 'list'), raw, async (distortions, kind, inputs) => {
        const { run, read } = aPolicyWorkflow({}, { [kind]: distortions });
        await run(inputs);
        assert.ok((await read()).includes('jit-web/db-01:22'));
      }),
    );
  });
});
