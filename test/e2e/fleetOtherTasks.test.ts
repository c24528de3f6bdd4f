import assert from 'node:assert/strict';
import { byQuery, FLEET, QUICK } from '../support/fleet';
import {
  assertFailed,
  assertSucceeded,
  assertWarns,
  usePackagedTask,
  type PackagedStep,
} from '../support/packagedTask';
import { REPORT_TASK, reportOf } from '../support/reportRun';

describe('a fleet in the other tasks', () => {
  const configure = usePackagedTask('Node20_1', 'tasks/JitConfigurePolicy/JitConfigurePolicyV1');
  const report = usePackagedTask('Node20_1', REPORT_TASK);
  const quiet = (step: PackagedStep, count: number) =>
    step.azure.addManyVms({ count, groups: 2, each: () => ({ tags: { fleet: 'a' } }) });

  it('is added to policies, except for what is gone', async () => {
    const step = await configure.prepare(QUICK);
    const [gone] = quiet(step, 30);
    assert.ok(gone);
    step.azure.removeVm(gone);
    const run = await step.run(byQuery({ portRules: '22' }));
    assertSucceeded(run);
    assert.equal((JSON.parse(run.outputs['diff'] ?? '[]') as unknown[]).length, 29);
    assertWarns(run, 'JIT406', 'vm-00000');
    assert.equal(step.azure.callsTo('policy.put').length, 2);
    assert.ok(step.azure.callsTo('vm').length <= 2, 'the one that no list has, in two looks');
    assertFailed(
      await step.run(byQuery({ maxVms: '', vmQuery: "name != ''", portRules: '22', allowEmpty: 'maybe' })),
      'JIT101',
    );
    const empty = await step.run(byQuery({ vmQuery: "name == 'x'", allowEmpty: 'true' }));
    assertSucceeded(empty);
    assert.equal(empty.outputs['changed'], 'false');
    assertFailed(await step.run(byQuery({ maxVms: '20' })), 'JIT101', 'maxVms', '30');
  });

  it('is reported on, except for what is gone', async () => {
    const step = await report.prepare(QUICK);
    const [gone] = quiet(step, 30);
    assert.ok(gone);
    step.azure.removeVm(gone);
    const run = await step.run({ vmQuery: FLEET });
    assertSucceeded(run);
    assert.equal(reportOf(run).vms.length, 29);
    assertWarns(run, 'JIT406', 'vm-00000');
    assert.deepEqual([step.azure.callsTo('vm').length, step.azure.callsTo('nic').length], [1, 0]);
    assertFailed(await step.run({ vmQuery: FLEET, scope: 'rg-0' }), 'JIT101', 'scope');
    assertFailed(await step.run({ vmQuery: "name == 'x'" }), 'JIT406', "name == 'x'");
  });
});
