import assert from 'node:assert/strict';
import { itWithSignals } from '../support/agent/signals';
import {
  assertFailed,
  assertNames,
  assertSucceeded,
  assertWarns,
  onFirst,
  usePackagedTask,
  type PackagedStep,
} from '../support/packagedTask';
import { anyPort } from '../support/scenario';

/** Returns the VMs of the last PUT. */
const vmsSent = ({ azure }: PackagedStep) => {
  const body = azure.callsTo('policy.put').at(-1)?.body as {
    properties: { virtualMachines: { id: string }[] };
  };
  return body.properties.virtualMachines.map(({ id }) => id.split('/').at(-1));
};

describe('JitConfigurePolicy, when Azure or other writers interfere,', () => {
  const task = usePackagedTask('Node20_1', 'tasks/JitConfigurePolicy/JitConfigurePolicyV1');

  /** Adds two VMs in two groups that each need a policy with the same name. */
  const twoDefaults = ({ azure }: PackagedStep) => {
    const vms = ['rg-a', 'rg-b'].map((resourceGroup) => azure.addVm({ name: 'web', resourceGroup }));
    return { vmResourceId: vms.map(({ id }) => id).join(), portRules: '443' };
  };
  const names = ['default (rg-a, westeurope)', 'default (rg-b, westeurope)'];

  it('distinguishes policies with the same name by their groups, in the log, errors, and summary', async () => {
    const step = await task.prepare();
    step.azure.faults.always(({ kind, path }) => kind === 'policy.put' && path.includes('rg-b'), {
      ...{ status: 400, code: 'InvalidPolicy', message: 'Not like this.' },
    });
    const run = await step.run(twoDefaults(step));
    assertFailed(run, 'JIT413', ...names);
    assertNames(run.log.join(), ...names.map((name) => `Policy ${name} needs to be created`));
    assertNames(run.summaries.join(), ...names);
  });

  it('does not say that Azure is silent where a page came in place of its answer', async () => {
    const step = await task.prepare();
    step.azure.faults.always('policy.put', 'html');
    const run = await step.run({ portRules: '443' });
    assertFailed(run, 'JIT604', 'text/html', 'might have changed', 'jit-web (rg-app, westeurope)');
    assert.doesNotMatch(run.message, /not respond/i);
    assert.equal(run.outputs['changed'], 'true');
  });

  itWithSignals('names both when it is cancelled while both are written', async () => {
    const step = await task.prepare();
    let writes = 0;
    step.azure.faults.always(({ kind }) => {
      if (kind === 'policy.put' && ++writes === 2) running.cancel();
      return kind === 'policy.put';
    }, 'hang');
    const running = step.start(twoDefaults(step), { cancelTimes: { interruptMs: 2500, terminateMs: 0 } });
    const { message } = await running.finished;
    assertNames(message, /^JIT801: /, 'might have changed', ...names);
  });

  it('waits for a busy policy, merges again after 412, and repairs one that was left Failed', async () => {
    const [busy, stale, failed] = await Promise.all([
      task.prepare({ settings: { updatingMs: 20_000 } }),
      task.prepare(),
      task.prepare(),
    ]);
    const inputs = { portRules: '443' };
    const keys = (await busy.run({ portRules: '80', waitTimeout: '2s' })).message;
    assertNames(keys, /^JIT412: /, 'jit-web (rg-app, westeurope)', 'Updating');
    // Azure finishes as soon as the step has received the response that it must wait.
    onFirst(busy, 'policy.put', () => {
      onFirst(busy, 'policy.get', () => {
        busy.azure.advance(20_000);
        busy.azure.settings.updatingMs = 0;
      });
    });
    const other = stale.azure.addVm({ name: 'other-01' });
    stale.azure.faults.next('policy.put', { status: 412, code: 'PreconditionFailed', message: 'Changed.' });
    onFirst(stale, 'policy.put', () => {
      const vms = [stale.vm, other].map((vm) => ({ vm, ports: [anyPort(22)] }));
      stale.azure.addPolicy({ name: 'jit-web', vms });
    });
    failed.azure.addPolicy({ name: 'jit-web', vms: [{ vm: failed.vm, ports: [anyPort(22)] }], failed: true });
    const [waited, merged, mended] = await Promise.all([
      busy.run(inputs),
      stale.run(inputs),
      failed.run({ portRules: '22' }),
    ]);
    for (const run of [waited, merged, mended]) {
      assertSucceeded(run);
      assert.equal(run.outputs['changed'], 'true');
    }
    assertNames(waited.log.join(), 'in progress');
    assert.deepEqual(vmsSent(stale), ['web-01', 'other-01']);
    assertNames(mended.log.join(), 'Failed', 'is written again');
  });

  it('removes a VM that is gone even if another one is gone too, and names the other one', async () => {
    const step = await task.prepare();
    const { azure, vm } = step;
    const [dead, alive] = ['dead-01', 'alive-01'].map((name) => azure.addVm({ name }));
    assert.ok(dead && alive);
    const vms = [vm, dead, alive].map((one) => ({ vm: one, ports: [anyPort(22)] }));
    azure.addPolicy({ name: 'jit-web', vms });
    azure.removeVm(vm);
    azure.removeVm(dead);
    const run = await step.run({ action: 'remove' });
    assertSucceeded(run);
    assertWarns(run, 'dead-01', 'no longer exist');
    assert.deepEqual(vmsSent(step), ['alive-01']);
  });

  it('treats any error of Azure about the content of a write as a refusal, and checks for VMs that are gone', async () => {
    const gone = { code: 'ResourceNotFound', message: "The Resource 'dead-01' was not found." };
    for (const status of [404, 422]) {
      const step = await task.prepare();
      const { azure, vm } = step;
      const [dead, alive] = ['dead-01', 'alive-01'].map((name) => azure.addVm({ name }));
      assert.ok(dead && alive);
      const vms = [vm, dead, alive].map((one) => ({ vm: one, ports: [anyPort(22)] }));
      azure.addPolicy({ name: 'jit-web', vms });
      azure.faults.next('policy.put', { status, ...gone });
      const refused = await step.run({ action: 'remove' });
      assertFailed(refused, 'JIT413', 'dead-01', 'jit-web (rg-app, westeurope)');
      azure.removeVm(dead);
      azure.faults.next('policy.put', { status, ...gone });
      const run = await step.run({ action: 'remove' });
      assertSucceeded(run);
      assertWarns(run, 'dead-01', 'no longer exist');
      assert.deepEqual(vmsSent(step), ['alive-01']);
    }
  });

  it('treats a policy that Azure no longer finds as deleted', async () => {
    const step = await task.prepare();
    const { azure, vm } = step;
    azure.addPolicy({ name: 'jit-web', vms: [{ vm, ports: [anyPort(22)] }] });
    azure.faults.next('policy.delete', { status: 404, code: 'PolicyNotFound', message: 'No such policy.' });
    onFirst(step, 'policy.delete', () => {
      azure.removePolicy('jit-web');
    });
    const run = await step.run({ action: 'remove' });
    assertSucceeded(run);
    assert.equal(run.outputs['changed'], 'true');
    assertNames(run.log.join(), 'jit-web (rg-app, westeurope) is deleted');
  });
});
