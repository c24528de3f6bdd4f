import assert from 'node:assert/strict';
import { notFound, throttled } from '../../tasks/shared/messages/failures';
import { policyRefused } from '../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/messages/policyFailures';
import { forbidden } from '../../tasks/shared/messages/refusals';
import {
  WriteError,
  type PolicyWriter,
} from '../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/azure/policyWriter';
import { anyPort } from './workflow';
import { aPolicyWorkflow } from './policyWorkflow';

const RULES = { portRules: '22\n443 max 1h' };
const AFTER = ['jit-web/web-01:22,443', 'jit-web/db-01:22'];
const PLACE = { name: 'jit-web', resourceGroup: 'rg-app', location: 'westeurope' };
/** Another writer was faster: status 412. */
const stale = () => new WriteError(policyRefused(PLACE, 'stale'), 'stale', false);

describe('a policy that another writer is changing', () => {
  it('is retried while Azure refuses to write it, for longer than a failing write', async () => {
    for (const raw of [RULES, { action: 'remove' }]) {
      const { azure, world: context, run } = aPolicyWorkflow({ updatingMs: 0 });
      azure.stored('jit-web').updatingUntil = azure.now() + 60_000;
      const { codes, changed } = await run(raw);
      assert.deepEqual([codes, changed], [[], true]);
      assert.ok(context.clock.now() >= 60_000 && context.clock.now() < 70_000);
      assert.deepEqual(context.texts('warning'), []);
    }
  });

  it('is retried until waitTimeout at most, and is then unchanged', async () => {
    const { azure, world: context, run, read } = aPolicyWorkflow();
    azure.stored('jit-web').updatingUntil = Infinity;
    const { codes, changed, results } = await run({ ...RULES, waitTimeout: '30s' });
    assert.deepEqual([codes, changed, results], [['JIT602'], false, []]);
    assert.ok(context.clock.now() > 20_000 && context.clock.now() <= 30_000);
    assert.deepEqual(await read(), ['jit-web/web-01:22', 'jit-web/db-01:22']);
  });

  it('is not retried to the end of waitTimeout, because no time would be left to write', async () => {
    const { azure, world: context, run } = aPolicyWorkflow();
    azure.stored('jit-web').updatingUntil = Infinity;
    // The pauses are 1, 2, 3, and 5 seconds. The last one would end together with the time.
    assert.deepEqual((await run({ ...RULES, waitTimeout: '11s' })).codes, ['JIT602']);
    assert.ok(context.clock.now() >= 6000 && context.clock.now() < 11_000, String(context.clock.now()));
  });

  it('is read and merged again when the other writer was faster, at PUT and at DELETE', async () => {
    const put = aPolicyWorkflow();
    const third = put.azure.addVm({ name: 'third' });
    put.azure.next('policy.put', stale());
    put.azure.next(
      'policy.get',
      () => undefined,
      () => put.otherWrites(put.vm, put.db, third),
    );
    assert.deepEqual((await put.run(RULES)).codes, []);
    assert.deepEqual(await put.read(), [...AFTER, 'jit-web/third:22']);
    const gone = aPolicyWorkflow();
    gone.otherWrites(gone.vm);
    gone.azure.next('policy.delete', stale());
    gone.azure.next(
      'policy.get',
      () => undefined,
      () => gone.otherWrites(gone.vm, gone.db),
    );
    assert.deepEqual((await gone.run({ action: 'remove' })).codes, []);
    assert.deepEqual(await gone.read(), ['jit-web/db-01:22']);
  });

  it('is shown with the remaining changes when the other writer was faster and has changed it', async () => {
    const { azure, run, world: context, vm, db } = aPolicyWorkflow();
    azure.next('policy.put', stale());
    azure.next(
      'policy.get',
      () => undefined,
      () =>
        azure.addPolicy({
          name: 'jit-web',
          vms: [
            { vm, ports: [anyPort(22), anyPort(80)] },
            { vm: db, ports: [anyPort(22)] },
          ],
        }),
    );
    const { codes, results } = await run({ portRules: '80\n443' });
    assert.deepEqual(codes, []);
    const lines = context.texts('line');
    const after = lines.slice(lines.findIndex((text) => text.includes('Another writer')));
    assert.ok(after.some((text) => text.includes('+ 443 max')));
    assert.ok(!after.some((text) => text.includes('+ 80 max')));
    assert.deepEqual(
      results[0]?.differences[0]?.ports.map(({ before, after: now }) => [before, now?.port]),
      [[undefined, 443]],
    );
  });

  it('is not given up because of failures before and after a write that was carried out', async () => {
    const { azure, run, read, vm, db, count, otherWrites } = aPolicyWorkflow();
    const fails = () => throttled('x', 'y');
    azure.next('policy.put', fails(), () => undefined, fails(), fails());
    azure.always('policy.get', () => {
      if (count('policy.put') === 2) otherWrites(vm, db);
    });
    assert.deepEqual([(await run(RULES)).codes, count('policy.put')], [[], 5]);
    assert.deepEqual(await read(), AFTER);
  });

  it('is not written, and causes JIT414, if the other writer is always faster', async () => {
    const { azure, run, count } = aPolicyWorkflow();
    azure.always('policy.put', stale());
    const { codes, changed } = await run(RULES);
    assert.deepEqual([codes, changed, count('policy.put')], [['JIT414'], false, 5]);
  });

  it('does not get back what the other writer removed while making the same change', async () => {
    const { azure, run, read, vm, count } = aPolicyWorkflow();
    azure.next('policy.put', stale());
    azure.next(
      'policy.get',
      () => undefined,
      () => azure.addPolicy({ name: 'jit-web', vms: [{ vm, ports: [anyPort(443)] }] }),
    );
    assert.deepEqual((await run({ portRules: '443' })).codes, []);
    assert.deepEqual([await read(), count('policy.put')], [['jit-web/web-01:443'], 1]);
  });
});

describe('a policy that someone left in the state Failed', () => {
  const REST = { portRules: '22' };
  const failed = () => {
    const workflow = aPolicyWorkflow();
    const { azure, vm, db } = workflow;
    const vms = [vm, db].map((one) => ({ vm: one, ports: [anyPort(22)] }));
    azure.addPolicy({ name: 'jit-web', vms, failed: true });
    return workflow;
  };

  it('is written once more although nothing differs, with the reason, and then no more', async () => {
    const { run, count, world: context } = failed();
    const { codes, changed, results } = await run(REST);
    assert.deepEqual([codes, changed, results[0]?.differences[0]?.change], [[], true, 'none']);
    assert.ok(context.texts('line').some((text) => /jit-web.*Failed/.test(text)));
    assert.deepEqual([(await run(REST)).changed, count('policy.put')], [false, 1]);
  });

  it('is written only once if that fails too, and its state is reported', async () => {
    const { run, count, azure } = failed();
    azure.settings.provisioningEnds = 'Failed';
    const { codes, failures } = await run(REST);
    assert.deepEqual([codes, count('policy.put')], [['JIT412'], 1]);
    assert.match(failures[0]?.seen ?? '', /written.*Failed/);
  });

  it('is only reported in a dry run, which checks for the right to write', async () => {
    const { run, count, world: context, azure } = failed();
    assert.deepEqual((await run({ ...REST, dryRun: 'true' })).codes, []);
    assert.ok(context.texts('line').some((text) => /jit-web.*Failed/.test(text)));
    azure.principal.forbid('Microsoft.Security/locations/jitNetworkAccessPolicies/write');
    assert.deepEqual((await run({ ...REST, dryRun: 'true' })).codes, ['JIT301']);
    assert.equal(count('policy.put'), 0);
  });

  it('is written when another writer has just failed to change it', async () => {
    const { run, count, azure, world: context } = aPolicyWorkflow();
    Object.assign(azure.stored('jit-web'), { updatingUntil: azure.now() + 5000, endState: 'Failed' });
    assert.deepEqual([(await run(REST)).codes, count('policy.put')], [[], 1]);
    assert.ok(context.texts('line').some((text) => /jit-web.*Failed/.test(text)));
  });

  it('is not reported as written while another writer is still writing it', async () => {
    const { run, count, azure } = aPolicyWorkflow();
    azure.stored('jit-web').updatingUntil = Infinity;
    const { codes, failures } = await run({ ...REST, waitTimeout: '20s' });
    assert.deepEqual([codes, count('policy.put')], [['JIT412'], 0]);
    assert.match(failures[0]?.seen ?? '', /another writer.*Updating/);
    assert.match(failures[0]?.remedy ?? '', /waitTimeout/);
  });
});

describe('a policy with VMs that no longer exist', () => {
  for (const goneVms of ['refused', 'fails', 'dropped', 'kept'] as const) {
    it(`loses the VM to remove even if another VM is gone too (goneVms: ${goneVms})`, async () => {
      const { azure, run, read, world: context, vm, db, otherWrites } = aPolicyWorkflow({ goneVms });
      const third = azure.addVm({ name: 'third' });
      otherWrites(vm, db, third);
      azure.removeVm(vm);
      azure.removeVm(db);
      assert.deepEqual((await run({ action: 'remove' })).codes, []);
      const kept = goneVms === 'kept';
      assert.deepEqual(await read(), kept ? ['jit-web/db-01:22', 'jit-web/third:22'] : ['jit-web/third:22']);
      const warnings = context.texts('warning');
      assert.deepEqual(
        [warnings.length, warnings.every((text) => text.includes('db-01'))],
        [kept ? 0 : 1, true],
      );
      assert.ok(!context.texts('line').some((text) => text.includes('Another writer')));
    });
  }

  it('causes no warning about lost requests of the VM that is left out', async () => {
    const { azure, run, world: context, db, policy, count } = aPolicyWorkflow();
    policy.requestByOther({ vm: db, port: 22, sources: ['20.9.9.9'], durationMs: 3_600_000 });
    azure.removeVm(db);
    azure.always('policy.get', () => {
      if (count('policy.put') > 1) azure.stored('jit-web').entries.splice(0);
    });
    assert.deepEqual((await run(RULES)).codes, []);
    assert.deepEqual(
      context.texts('warning').filter((text) => text.includes('20.9.9.9')),
      [],
    );
  });

  it('is deleted when no existing VM is left in it', async () => {
    const { azure, run, read, vm, db } = aPolicyWorkflow();
    azure.removeVm(vm);
    azure.removeVm(db);
    assert.deepEqual([(await run({ action: 'remove' })).codes, await read()], [[], []]);
  });

  it('keeps a VM that only one response reports as gone', async () => {
    const lies: readonly ((policies: PolicyWriter) => Partial<PolicyWriter>)[] = [
      () => ({ listVms: () => Promise.resolve([]) }),
      (policies) => ({
        getVm: (vm, limit) =>
          vm.name === 'db-01' ? Promise.reject(notFound('VM', vm.id)) : policies.getVm(vm, limit),
      }),
    ];
    for (const lie of lies) {
      const { azure, run, read } = aPolicyWorkflow({}, {}, lie);
      azure.next('policy.put', new WriteError(policyRefused(PLACE, 'no'), 'refused', false));
      assert.deepEqual((await run(RULES)).codes, ['JIT413']);
      assert.deepEqual(await read(), ['jit-web/web-01:22', 'jit-web/db-01:22']);
    }
  });

  it('is refused with a matching hint: a VM might be gone only if reading the VMs was forbidden', async () => {
    for (const isForbidden of [false, true]) {
      const { azure, run } = aPolicyWorkflow();
      azure.always('policy.put', new WriteError(policyRefused(PLACE, 'no'), 'refused', false));
      if (isForbidden) azure.always('vms.list', forbidden('Microsoft.Compute/virtualMachines/read', '/x'));
      const { codes, failures } = await run(RULES);
      assert.deepEqual(codes, ['JIT413']);
      assert.equal(failures[0]?.remedy.includes('no longer exists'), isForbidden);
    }
  });

  it('is not reported as changed by another writer when Azure itself removes a VM that exists', async () => {
    const { azure, run, vm, otherWrites } = aPolicyWorkflow();
    // What was written stays, except for the other VM.
    azure.next('policy.get', () => undefined);
    azure.always('policy.get', () => {
      if (azure.calls.some(({ kind }) => kind === 'policy.put'))
        azure.addPolicy({ name: 'jit-web', vms: [{ vm, ports: [anyPort(443)] }], oldRequests: false });
    });
    otherWrites(vm, azure.addVm({ name: 'third' }));
    const { codes, failures } = await run({ portRules: '443', mode: 'exact' });
    assert.deepEqual(codes, ['JIT414']);
    assert.match(failures[0]?.seen ?? '', /third/);
    assert.doesNotMatch(failures[0]?.seen ?? '', /Another writer kept/);
  });
});

describe('a policy with appendMode', () => {
  it('is written with a complete list', async () => {
    const { azure, run, read, vm, db, world: context } = aPolicyWorkflow();
    const vms = [vm, db].map((one) => ({ vm: one, ports: [anyPort(22)] }));
    azure.addPolicy({ name: 'jit-web', vms, appendMode: true });
    assert.deepEqual((await run({ action: 'remove' })).codes, []);
    assert.deepEqual(await read(), ['jit-web/db-01:22']);
    assert.ok(context.texts('line').some((text) => text.includes('appendMode')));
  });
});
