import assert from 'node:assert/strict';
import { policyText } from '../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/messages/policies';
import { notReached, serverError, throttled } from '../../tasks/shared/messages/failures';
import { toPolicyContent } from '../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/content';
import {
  splitWritten,
  type Written,
} from '../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/plan/written';
import { aPolicyWorkflow, type Raw } from './policyWorkflow';
import { HOUR } from './workflow';

const namesIn = (policies: Written['changed']): readonly string[] =>
  [...policies.values()].map(({ name }) => name);

const ALL = { portRules: '22\n443 max 1h' };

describe('configuring a policy', () => {
  it('writes once, waits until the policy is in place, and writes nothing the second time', async () => {
    const { world: context, run, count, read } = aPolicyWorkflow();
    assert.equal((await run(ALL)).changed, true);
    assert.ok(context.clock.now() >= 3000, 'it waited for Succeeded');
    assert.deepEqual(await read(), ['jit-web/web-01:22,443', 'jit-web/db-01:22']);
    assert.equal((await run(ALL)).changed, false);
    assert.deepEqual([count('policy.put'), context.texts('warning')], [1, []]);
  });

  it('logs that a policy is created if there is none, and changed if there is one', async () => {
    const { world: context, azure, run } = aPolicyWorkflow();
    const alone = azure.addVm({ name: 'alone-01', resourceGroup: 'rg-alone' });
    const place = { location: 'westeurope' };
    await run({ vmResourceId: alone.id });
    await run(ALL);
    // Azure does not preserve the case of a group name.
    assert.deepEqual(
      context.texts('group').map((text) => text.replace('RG-APP', 'rg-app')),
      [
        policyText({ ...place, name: 'default', resourceGroup: 'rg-alone' }, 'make'),
        policyText({ ...place, name: 'jit-web', resourceGroup: 'rg-app' }, 'put'),
      ],
    );
  });

  it('removes from the named policy only, and warns of a name with a typo, which changes nothing', async () => {
    for (const dryRun of ['true', 'false']) {
      const { world: context, run, count, read } = aPolicyWorkflow();
      const { changed, codes, uncovered } = await run({ action: 'remove', policyName: 'jit-test', dryRun });
      assert.deepEqual([changed, codes, uncovered.map(({ name }) => name)], [false, [], ['web-01']]);
      assert.deepEqual(await read(), ['jit-web/web-01:22', 'jit-web/db-01:22']);
      assert.equal(count('policy.put') + count('policy.delete'), 0);
      assert.match(context.texts('warning').join(), /jit-test.*web-01.*jit-web/);
      assert.doesNotMatch(context.texts('line').join(), /is also in the policy/);
    }
  });

  it('changes the policy that lists the VM, and logs that the given name differs', async () => {
    const { world: context, run, read } = aPolicyWorkflow();
    await run({ portRules: '443', policyName: 'jit-test' });
    assert.deepEqual(await read(), ['jit-web/web-01:22,443', 'jit-web/db-01:22']);
    assert.ok(context.texts('line').some((text) => text.includes('jit-web') && text.includes('jit-test')));
  });

  it('keeps what another writer adds between the first check and the write', async () => {
    const { world: context, azure, run, read, vm, db, otherWrites } = aPolicyWorkflow();
    const third = azure.addVm({ name: 'third' });
    azure.next('policy.get', () => otherWrites(vm, db, third));
    assert.equal((await run(ALL)).changed, true);
    assert.deepEqual(await read(), ['jit-web/web-01:22,443', 'jit-web/db-01:22', 'jit-web/third:22']);
    assert.ok(context.texts('line').some((text) => text.includes('Another writer')));
  });

  it('writes again when another writer has undone its change', async () => {
    const { azure, run, read, vm, db, otherWrites, count } = aPolicyWorkflow();
    azure.next(
      'policy.get',
      () => undefined,
      () => otherWrites(vm, db),
    );
    assert.equal((await run(ALL)).changed, true);
    assert.deepEqual([count('policy.put'), await read()], [2, ['jit-web/web-01:22,443', 'jit-web/db-01:22']]);
  });

  it('warns that another VM is gone after the write, and restores it', async () => {
    const { world: context, azure, run, read, vm, otherWrites } = aPolicyWorkflow();
    azure.next(
      'policy.get',
      () => undefined,
      () => otherWrites(vm),
    );
    assert.equal((await run(ALL)).changed, true);
    assert.deepEqual((await read()).toSorted(), ['jit-web/db-01:22', 'jit-web/web-01:22,443']);
    assert.ok(context.texts('warning').some((text) => text.includes('db-01')));
    assert.match(JSON.stringify((await run(ALL)).results), /none/);
  });

  it('gives up against a writer that never stops, and names what is missing', async () => {
    const { azure, run, count, vm, otherWrites } = aPolicyWorkflow();
    azure.always('policy.get', () => otherWrites(vm));
    const { codes, failures } = await run(ALL);
    assert.deepEqual(codes, ['JIT414']);
    assert.match(failures[0]?.message ?? '', /web-01/);
    assert.equal(count('policy.put'), 5);
  });

  it('reports what it wrote even if that did not settle or did not last', async () => {
    const failed = aPolicyWorkflow({ provisioningEnds: 'Failed' });
    const slow = aPolicyWorkflow({ updatingMs: Infinity });
    const undone = aPolicyWorkflow();
    undone.azure.always('policy.get', () => undone.otherWrites(undone.vm));
    for (const [{ run }, code] of [
      [failed, 'JIT412'],
      [slow, 'JIT412'],
      [undone, 'JIT414'],
    ] as const) {
      const { codes, changed, results } = await run(ALL);
      assert.deepEqual([codes, changed, results.map(({ ref }) => ref.name)], [[code], true, ['jit-web']]);
      assert.deepEqual(
        results[0]?.differences.map(({ vm, change, ports }) => [
          vm.name,
          change,
          ports.map(({ after }) => after?.port),
        ]),
        [['web-01', 'changed', [443]]],
      );
    }
  });

  it('shows no result for a policy that was not written', async () => {
    const { run, azure } = aPolicyWorkflow();
    azure.always('policy.put', throttled('x', 'y'));
    const { codes, changed, results } = await run(ALL);
    assert.deepEqual([codes, changed, results], [['JIT601'], false, []]);
  });

  it('ends with JIT412 if the policy is not in place in time', async () => {
    const { run, world: context, written } = aPolicyWorkflow({ updatingMs: Infinity });
    const { codes, failures } = await run({ ...ALL, waitTimeout: '20s' });
    assert.deepEqual([codes, namesIn(written.changed)], [['JIT412'], ['jit-web']]);
    assert.match(failures[0]?.message ?? '', /Updating/);
    assert.ok(context.clock.now() >= 19_000 && context.clock.now() <= 21_000);
  });

  it('reads again before it repeats a write that failed or whose response was lost', async () => {
    for (const fault of [serverError('x', 503, 'y'), notReached('x', 'y'), 'lostAnswer' as const]) {
      const { azure, run, read, count } = aPolicyWorkflow();
      azure.next('policy.put', fault);
      assert.equal((await run(ALL)).changed, true);
      assert.deepEqual(await read(), ['jit-web/web-01:22,443', 'jit-web/db-01:22']);
      assert.equal(count('policy.put'), fault === 'lostAnswer' ? 1 : 2);
    }
  });

  it("ends with Azure's response if writing fails every time", async () => {
    const { azure, run, count, written } = aPolicyWorkflow();
    azure.always('policy.put', serverError('x', 503, 'y'));
    const { codes, changed } = await run(ALL);
    // Azure might have carried it out.
    assert.deepEqual([codes, changed], [['JIT602'], true]);
    assert.deepEqual([count('policy.put'), namesIn(written.underWay)], [3, ['jit-web']]);
  });

  it('has changed nothing if Azure throttles each write', async () => {
    const { azure, run, written } = aPolicyWorkflow();
    azure.always('policy.put', throttled('x', 'y'));
    assert.deepEqual((await run(ALL)).codes, ['JIT601']);
    assert.deepEqual([...namesIn(written.underWay), ...namesIn(written.changed)], []);
  });

  it('takes into account that an earlier write might have been carried out', async () => {
    const { azure, run, written } = aPolicyWorkflow();
    azure.next('policy.put', serverError('x', 503, 'y'));
    azure.always('policy.put', throttled('x', 'y'));
    assert.deepEqual((await run(ALL)).codes, ['JIT601']);
    assert.deepEqual(namesIn(written.underWay), ['jit-web']);
  });

  it('counts a policy once if its second write got no response, with an unknown outcome', async () => {
    const { azure, run, written, vm, db, count, otherWrites } = aPolicyWorkflow();
    azure.next('policy.put', () => undefined);
    azure.always('policy.put', notReached('x', 'y'));
    azure.always('policy.get', () => {
      if (count('policy.put') === 1) otherWrites(vm, db);
    });
    await run(ALL);
    assert.deepEqual([namesIn(written.changed), namesIn(written.underWay)], [['jit-web'], ['jit-web']]);
    const { changed, pending } = splitWritten(written);
    assert.deepEqual([changed, pending.map(({ name }) => name)], [[], ['jit-web']]);
    const content = toPolicyContent(undefined, written, false);
    assert.ok(content.kind === 'policies');
    assert.deepEqual(
      content.policies.map(({ name, state }) => [name, state]),
      [['jit-web', 'unknown']],
    );
  });

  it('warns of active requests that the change ends, and of no others', async () => {
    const { world: context, run, policy, vm } = aPolicyWorkflow();
    policy.requestByOther({ vm, port: 22, sources: ['20.9.9.9'], durationMs: HOUR });
    await run({ portRules: '443' });
    assert.deepEqual(context.texts('warning'), []);
    await run({ portRules: '443', mode: 'exact', dryRun: 'true' });
    assert.equal(context.texts('warning').length, 1);
    assert.match(context.texts('warning')[0] ?? '', /port 22 of web-01.*20\.9\.9\.9/);
  });

  it('warns of an active request that a write lost', async () => {
    const { world: context, azure, run, policy, vm, db, otherWrites } = aPolicyWorkflow();
    policy.requestByOther({ vm, port: 22, sources: ['20.9.9.9'], durationMs: HOUR });
    const drop = () => {
      const stored = azure.stored('jit-web');
      stored.entries.splice(0);
      otherWrites(vm, db);
    };
    azure.next('policy.get', () => undefined, drop);
    await run(ALL);
    assert.ok(context.texts('warning').some((text) => text.includes('20.9.9.9')));
  });

  it('reports when a canceled run had changed something', async () => {
    const { world: context, run, written } = aPolicyWorkflow({ updatingMs: Infinity });
    context.clock.at(2000, () => {
      context.cancel();
    });
    await run(ALL);
    assert.deepEqual(namesIn(written.changed), ['jit-web']);
  });
});

describe('a dry run of configuring a policy', () => {
  const JIT = 'Microsoft.Security/locations/jitNetworkAccessPolicies';
  const VM_WRITE = 'Microsoft.Compute/virtualMachines/write';
  const cases: readonly (readonly [forbidden: string, raw: Raw])[] = [
    [`${JIT}/write`, { portRules: '443' }],
    [`${JIT}/delete`, { portRules: '443' }],
    [`${JIT}/write`, { action: 'remove' }],
    [`${JIT}/delete`, { action: 'remove' }],
    [VM_WRITE, { portRules: '443' }],
    [VM_WRITE, { portRules: '22 max 3h', mode: 'merge' }],
    ['Microsoft.Authorization/permissions/read', { portRules: '443' }],
  ];
  for (const [forbidden, raw] of cases) {
    it(`ends as the real run does without ${forbidden}: ${Object.values(raw).join(' ')}`, async () => {
      const [dry, real] = [aPolicyWorkflow(), aPolicyWorkflow()];
      for (const workflow of [dry, real]) workflow.azure.principal.forbid(forbidden);
      // Both VMs are removed, which leaves the policy empty.
      const vmResourceId = `${dry.vm.id},${dry.db.id}`;
      const { codes } = await dry.run({ vmResourceId, ...raw, dryRun: 'true' });
      assert.deepEqual(codes, (await real.run({ vmResourceId, ...raw })).codes);
      assert.deepEqual([dry.count('policy.put'), dry.count('policy.delete')], [0, 0]);
    });
  }

  it('checks no permission when nothing differs', async () => {
    const { run, count } = aPolicyWorkflow();
    assert.deepEqual((await run({ portRules: '22 max 3h', dryRun: 'true' })).codes, []);
    assert.equal(count('permissions'), 0);
  });

  it('names the VM in the policy for which the write permission is missing, even if the run changes another VM', async () => {
    const { run, azure, vm, db } = aPolicyWorkflow();
    azure.principal.permissions = [
      { actions: ['*'], notActions: [VM_WRITE] },
      { actions: [VM_WRITE], scope: vm.id },
    ];
    const { codes, failures } = await run({ portRules: '443', dryRun: 'true' });
    assert.deepEqual(codes, ['JIT301']);
    assert.ok(failures[0]?.message.toLowerCase().includes(db.id.toLowerCase()));
  });

  it('checks permissions at the group for a policy that does not exist yet', async () => {
    const { run, azure, count } = aPolicyWorkflow();
    const free = azure.addVm({ name: 'free-01' });
    const raw = { vmResourceId: free.id, policyName: 'new', dryRun: 'true' };
    assert.deepEqual((await run(raw)).codes, []);
    azure.principal.forbid(`${JIT}/write`);
    assert.deepEqual((await run(raw)).codes, ['JIT301']);
    assert.equal(count('permissions'), 2);
  });
});
