import assert from 'node:assert/strict';
import { DEFAULT_SUBSCRIPTION } from '../support/azure';
import { anyPort } from './workflow';
import { aPolicyWorkflow } from './policyWorkflow';

const ID = `/subscriptions/${DEFAULT_SUBSCRIPTION}`;

/** web-01 and db-01 in rg-app in jit-web, and far-01 and far-02 in rg-far in no policy. */
function twoGroups() {
  const workflow = aPolicyWorkflow();
  const far = ['far-01', 'far-02'].map((name) => workflow.azure.addVm({ name, resourceGroup: 'rg-far' }));
  return { ...workflow, far };
}

describe('all VMs of a group or a subscription', () => {
  const cases: readonly (readonly [vmResourceId: string, names: readonly string[]])[] = [
    ['rg-far/*', ['far-01', 'far-02']],
    [`${ID}/resourceGroups/RG-FAR/*`, ['far-01', 'far-02']],
    [`${ID}/resourcegroups/rg-far/providers/Microsoft.Compute/virtualMachines/*`, ['far-01', 'far-02']],
    ['rg-app/db-01, rg-app/*', ['db-01', 'web-01']],
    [`${ID}/*`, ['web-01', 'db-01', 'far-01', 'far-02']],
  ];
  for (const [vmResourceId, names] of cases) {
    it(`are those that exist: ${vmResourceId}`, async () => {
      const { run } = twoGroups();
      const { vms, changed } = await run({ vmResourceId, portRules: '443' });
      assert.deepEqual([vms.map(({ name }) => name), changed], [names, true]);
    });
  }

  it('are logged with their number and names before anything is written', async () => {
    const { run, world: context, azure } = twoGroups();
    let shown: readonly string[] = [];
    azure.next('policy.put', () => {
      shown = [...context.texts('group'), ...context.texts('line')];
    });
    await run({ vmResourceId: 'rg-far/*', portRules: '22' });
    for (const text of ['rg-far/* matches 2 VMs', 'far-01', 'far-02'])
      assert.ok(
        shown.some((line) => line.includes(text)),
        text,
      );
  });

  it('are limited by maxVms, and VMs that are named individually do not count', async () => {
    const { run, count, world: context } = twoGroups();
    const wanted = { portRules: '22', maxVms: '1' };
    const { codes, failures } = await run({ vmResourceId: 'rg-far/*', ...wanted });
    assert.deepEqual([codes, count('policy.put')], [['JIT101'], 0]);
    assert.match(failures[0]?.message ?? '', /maxVms.* 2 .* 1 /);
    assert.ok(context.texts('line').some((text) => text.includes('far-02')));
    assert.deepEqual((await run({ vmResourceId: 'rg-far/far-01,rg-far/far-02', ...wanted })).codes, []);
    const many = aPolicyWorkflow();
    for (let index = 0; index < 51; index++)
      many.azure.addVm({ name: `m-${String(index)}`, resourceGroup: 'rg-many' });
    assert.deepEqual((await many.run({ vmResourceId: 'rg-many/*' })).codes, ['JIT101']);
  });

  it('are those in policies, including deleted ones, if the action is to remove them', async () => {
    for (const [vmResourceId, left] of [
      ['rg-app/*', ['jit-far/far-01:22']],
      [`${ID}/*`, []],
    ] as const) {
      const { run, azure, vm, far, read, world: context } = twoGroups();
      const [first] = far;
      assert.ok(first);
      azure.addPolicy({ name: 'jit-far', vms: [{ vm: first, ports: [anyPort(22)] }] });
      azure.removeVm(vm);
      const { codes, vms } = await run({ vmResourceId, action: 'remove' });
      const heading = context.texts('group').find((text) => text.startsWith(vmResourceId));
      assert.match(heading ?? '', / matches \d VMs in policies:$/);
      assert.deepEqual(codes, []);
      assert.equal(vms.length, 3 - left.length);
      const jitFar = await read('rg-far');
      assert.deepEqual([await read(), jitFar], [[], left]);
    }
  });

  it('are those of the named policy if the action is to remove them from it', async () => {
    const { run, azure, read } = twoGroups();
    const other = azure.addVm({ name: 'other' });
    azure.addPolicy({ name: 'jit-b', vms: [{ vm: other, ports: [anyPort(22)] }] });
    const { vms } = await run({ vmResourceId: 'rg-app/*', action: 'remove', policyName: 'JIT-B' });
    assert.deepEqual(
      [vms.map(({ name }) => name), await read()],
      [['other'], ['jit-web/web-01:22', 'jit-web/db-01:22']],
    );
  });

  it('are none if no policy has the given name, and a warning names the policies that list VMs', async () => {
    const { run, count, world: context } = twoGroups();
    const raw = { vmResourceId: 'rg-app/*', action: 'remove', policyName: 'jit-tset' };
    const { codes, vms } = await run(raw);
    assert.deepEqual([codes, vms, count('policy.put'), count('policy.delete')], [[], [], 0, 0]);
    assert.match(context.texts('warning').join(), /rg-app\/\* .*no policy jit-tset.*in jit-web \(rg-app/i);
  });

  it('are none in an empty group, with a warning, and a missing group is JIT406', async () => {
    const { run, azure, world: context } = twoGroups();
    azure.addGroup(DEFAULT_SUBSCRIPTION, 'rg-empty');
    assert.deepEqual((await run({ vmResourceId: 'rg-empty/*' })).codes, []);
    assert.match(context.texts('warning').join(), /rg-empty/);
    assert.deepEqual((await run({ vmResourceId: 'rg-none/*' })).codes, ['JIT406']);
  });
});
