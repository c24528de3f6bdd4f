import assert from 'node:assert/strict';
import {
  assertFailed,
  assertNames,
  assertSucceeded,
  usePackagedTask,
  type PackagedStep,
} from '../support/packagedTask';

describe('JitConfigurePolicy over many VMs and ports', () => {
  const task = usePackagedTask('Node20_1', 'tasks/JitConfigurePolicy/JitConfigurePolicyV1');

  /** Returns the VMs and ports of each PUT. */
  const sent = ({ azure }: PackagedStep) =>
    azure.callsTo('policy.put').map(({ path, body }) => {
      const { virtualMachines } = (
        body as { properties: { virtualMachines: { id: string; ports: { number: number }[] }[] } }
      ).properties;
      const vms = virtualMachines.map(
        ({ id, ports }) => `${id.split('/').at(-1) ?? ''}:${ports.map(({ number }) => number).join()}`,
      );
      return `${path.split('/').at(-1) ?? ''} ${vms.join(' ')}`;
    });

  it('adds a whole group to one policy, or to one for each VM, with the ports that Defender recommends', async () => {
    const [one, each] = await Promise.all([task.prepare(), task.prepare()]);
    for (const { azure } of [one, each])
      for (const name of ['app-1', 'app-2']) azure.addVm({ name, resourceGroup: 'rg-new' });
    const inputs = { vmResourceId: 'rg-new/*', portRules: 'recommended' };
    const [together, apart] = await Promise.all([
      one.run(inputs),
      each.run({ ...inputs, portRules: '22', policyName: '$(vmName)' }),
    ]);
    for (const run of [together, apart]) {
      assertSucceeded(run);
      assertNames(run.log.join('\n'), 'rg-new/* matches 2 VMs:', 'app-1 (rg-new)', 'app-2 (rg-new)');
    }
    const ports = '22,3389,5985,5986';
    assert.deepEqual(sent(one), [`default app-1:${ports} app-2:${ports}`]);
    assert.deepEqual(sent(each).toSorted(), ['app-1 app-1:22', 'app-2 app-2:22']);
    const bounded = await one.run({ ...inputs, action: 'ensure', maxVms: '1' });
    assertFailed(bounded, 'JIT101', 'maxVms', '2', '1');
  });

  it('removes one port, and identifies a classic VM as such', async () => {
    const step = await task.prepare();
    const classic = step.vm.id.replace('Microsoft.Compute', 'Microsoft.ClassicCompute');
    const [run, refused] = await Promise.all([
      step.run({ portRules: '-3389' }),
      step.run({ vmResourceId: classic }),
    ]);
    assertSucceeded(run);
    assert.deepEqual(sent(step), ['jit-web web-01:22']);
    assertFailed(refused, 'JIT101', 'classic VM', 'not support');
  });
});
