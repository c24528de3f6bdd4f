import assert from 'node:assert/strict';
import type { StatusFault } from '../support/azure';
import { anyPort, type Scenario } from '../support/scenario';
import {
  assertFailed,
  assertSucceeded,
  assertWarns,
  onFirst,
  usePackagedTask,
  warningsOf,
} from '../support/packagedTask';

const GONE: StatusFault = {
  status: 404,
  code: 'PolicyNotFound',
  message: 'Just in time policy was not found.',
};
const PAGE: StatusFault = {
  status: 404,
  body: '<html>Not here</html>',
  headers: { 'content-type': 'text/html' },
};

describe('JitConfigurePolicy, when one response contradicts another,', () => {
  const task = usePackagedTask('Node20_1', 'tasks/JitConfigurePolicy/JitConfigurePolicyV1');

  /** Creates two VMs in jit-web, and a third one to add. */
  const withThree = async () => {
    const step = await task.prepare();
    const { azure, vm } = step;
    const db = azure.addVm({ name: 'db-01' });
    const late = azure.addVm({ name: 'late-01' });
    azure.addPolicy({ name: 'jit-web', vms: [vm, db].map((one) => ({ vm: one, ports: [anyPort(22)] })) });
    return { stage: step, inputs: { vmResourceId: late.id, policyName: 'jit-web', portRules: '22' } };
  };
  /** Returns the VMs of each PUT. */
  const sent = ({ azure }: Scenario) =>
    azure
      .callsTo('policy.put')
      .map(({ body }) =>
        (body as { properties: { virtualMachines: { id: string }[] } }).properties.virtualMachines
          .map(({ id }) => id.split('/').at(-1))
          .join(),
      );
  const ALL_THREE = ['web-01,db-01,late-01'];

  it('does not create a new policy after a single 404 if the list has shown one', async () => {
    const { stage: step, inputs } = await withThree();
    step.azure.faults.next('policy.get', GONE);
    const run = await step.run(inputs);
    assertSucceeded(run);
    assert.deepEqual([sent(step), warningsOf(run)], [ALL_THREE, []]);
  });

  it('writes nothing while 404s continue and the list shows the policy', async () => {
    const { stage: step, inputs } = await withThree();
    step.azure.faults.always('policy.get', GONE);
    assertFailed(await step.run(inputs), 'JIT604', 'jit-web', 'the list');
    assertFailed(await step.run({ ...inputs, dryRun: 'true' }), 'JIT604', 'jit-web');
    assert.deepEqual(sent(step), []);
  });

  it('does not accept a 404 that is not from Azure, in a dry run either', async () => {
    const { stage: step, inputs } = await withThree();
    for (const dryRun of ['false', 'true']) {
      step.azure.faults.next('policy.get', PAGE);
      assertFailed(await step.run({ ...inputs, dryRun }), 'JIT604', 'jit-web');
    }
    assert.deepEqual(sent(step), []);
  });

  it('writes without the other VMs, with a warning that names them, if the list agrees', async () => {
    const { stage: step, inputs } = await withThree();
    onFirst(step, 'policy.get', () => {
      step.azure.removePolicy('jit-web');
    });
    const run = await step.run(inputs);
    assertSucceeded(run);
    assert.deepEqual(sent(step), ['late-01']);
    assertWarns(run, 'jit-web', 'web-01', 'db-01');
  });

  it('reads again after a failed write before it assumes that the other VMs are gone', async () => {
    const { stage: step, inputs } = await withThree();
    step.azure.faults.next('policy.put', 503);
    step.azure.faults.next('policy.get', ['pass', GONE]);
    const run = await step.run(inputs);
    assertSucceeded(run);
    assert.deepEqual([sent(step), warningsOf(run)], [[...ALL_THREE, ...ALL_THREE], []]);
  });

  it('does not use the response about another policy for this one', async () => {
    const { stage: step, inputs } = await withThree();
    const other = step.azure.addPolicy({ name: 'other', vms: [{ vm: step.vm, ports: [anyPort(22)] }] });
    const body = { kind: 'Basic', id: other.id, name: 'other', properties: { virtualMachines: [] } };
    step.azure.faults.next('policy.get', {
      ...{ status: 200, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } },
    });
    assertFailed(await step.run(inputs), 'JIT604', 'other');
    assert.deepEqual(sent(step), []);
  });
});
