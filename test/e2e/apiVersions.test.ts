import assert from 'node:assert/strict';
import { API_VERSIONS, type SimulatedAzure } from '../support/azure';
import { OLDER_VERSIONS } from '../support/azure/arm/routes';
import { assertSucceeded, closeAfter, usePackagedTask, warningsOf } from '../support/packagedTask';
import { REPORT_TASK, reportOf } from '../support/reportRun';

/** The newest stable one of those that the cloud has. */
const NEWEST = '2014-11-01';

const TASKS = {
  JitOpenPorts: 'tasks/JitOpenPorts/JitOpenPortsV1',
  JitConfigurePolicy: 'tasks/JitConfigurePolicy/JitConfigurePolicyV1',
  JitReport: REPORT_TASK,
} as const;

/** The versions that Azure Resource Manager was asked with, for one thing after the other, each with its own count. */
const versionsOf = ({ calls }: SimulatedAzure) =>
  calls
    .filter(({ service }) => service === 'arm')
    .map(({ kind, query }) => ({ kind, version: query['api-version'] }));

describe('a cloud that has older api-versions only', () => {
  const open = usePackagedTask('Node20_1', TASKS.JitOpenPorts);
  const configure = usePackagedTask('Node20_1', TASKS.JitConfigurePolicy);
  const report = usePackagedTask('Node20_1', TASKS.JitReport);

  for (const olderVersions of [
    'NoRegisteredProviderFound',
    'InvalidApiVersionParameter',
    'InvalidResourceType',
  ] as const) {
    const settings = { olderVersions };

    it(`has its ports opened and closed, when it refuses others by ${olderVersions}`, async () => {
      const stage = await open.stage({ settings });
      const run = await stage.run({ closeAtJobEnd: 'true' }, { variables: { 'System.Debug': 'true' } });
      assertSucceeded(run);
      assert.deepEqual(warningsOf(run), []);
      assert.equal(stage.policy.liveGrants().length, 1);
      const asked = versionsOf(stage.azure);
      assert.equal(asked.filter(({ kind }) => kind === 'initiate').length, 2, 'one refused, one carried out');
      // Each kind of thing is refused once, and what is taken for it is told once.
      const told = run.log.filter((line) => line.includes(NEWEST));
      assert.equal(new Set(told).size, told.length, told.join('\n'));
      assert.ok(told.some((line) => line.includes('microsoft.compute/virtualmachines')));
      const after = await closeAfter(stage, run);
      assert.deepEqual(after.issues, []);
      assert.ok(
        after.log.some((line) => line.startsWith('Closed: ')),
        after.log.join('\n'),
      );
    });

    it(`gets its policies, when it refuses others by ${olderVersions}`, async () => {
      const stage = await configure.stage({ settings });
      const vm = stage.azure.addVm({ name: 'new-01', resourceGroup: 'rg-new' });
      const run = await stage.run({ vmResourceId: vm.id });
      assertSucceeded(run);
      assert.equal(run.outputs['changed'], 'true');
    });

    it(`is reported without a gap, when it refuses others by ${olderVersions}`, async () => {
      const stage = await report.stage({ settings });
      const run = await stage.run();
      assertSucceeded(run);
      assert.deepEqual(reportOf(run).gaps, []);
      const refused = versionsOf(stage.azure).filter(({ version = '' }) => !OLDER_VERSIONS.includes(version));
      assert.equal(
        new Set(refused.map(({ kind }) => kind)).size,
        refused.length,
        'each kind is refused once',
      );
    });
  }

  it('is asked first with what every cloud has', async () => {
    const stage = await open.stage();
    assertSucceeded(await stage.run());
    const versions = new Set(versionsOf(stage.azure).map(({ version }) => version));
    assert.deepEqual([...versions].sort(), [API_VERSIONS.jit, API_VERSIONS.network, API_VERSIONS.compute]);
  });
});
