import assert from 'node:assert/strict';
import { API_VERSIONS, type SimulatedAzure } from '../support/azure';
import { OLDER_VERSIONS } from '../support/azure/arm/routes';
import { assertSucceeded, closeAfter, usePackagedTask, warningsOf } from '../support/packagedTask';
import { REPORT_TASK, reportOf } from '../support/reportRun';

/** The newest stable version that the cloud supports. */
const NEWEST = '2014-11-01';

const TASKS = {
  JitOpenPorts: 'tasks/JitOpenPorts/JitOpenPortsV1',
  JitConfigurePolicy: 'tasks/JitConfigurePolicy/JitConfigurePolicyV1',
  JitReport: REPORT_TASK,
} as const;

/** Returns the kind and the version of every call to Azure Resource Manager. */
const versionsOf = ({ calls }: SimulatedAzure) =>
  calls
    .filter(({ service }) => service === 'arm')
    .map(({ kind, query }) => ({ kind, version: query['api-version'] }));

describe('a cloud that supports older api-versions only', () => {
  const open = usePackagedTask('Node20_1', TASKS.JitOpenPorts);
  const configure = usePackagedTask('Node20_1', TASKS.JitConfigurePolicy);
  const report = usePackagedTask('Node20_1', TASKS.JitReport);

  for (const olderVersions of [
    'NoRegisteredProviderFound',
    'InvalidApiVersionParameter',
    'InvalidResourceType',
  ] as const) {
    const settings = { olderVersions };

    it(`has its ports opened and closed if it refuses others with ${olderVersions}`, async () => {
      const step = await open.prepare({ settings });
      const run = await step.run({ closeAtJobEnd: 'true' }, { variables: { 'System.Debug': 'true' } });
      assertSucceeded(run);
      assert.deepEqual(warningsOf(run), []);
      assert.equal(step.policy.liveGrants().length, 1);
      const requested = versionsOf(step.azure);
      assert.equal(
        requested.filter(({ kind }) => kind === 'initiate').length,
        2,
        'one refused, one carried out',
      );
      // Each resource type is refused once, and the version that replaces it is logged once.
      const record = run.log.filter((line) => line.includes(NEWEST));
      assert.equal(new Set(record).size, record.length, record.join('\n'));
      assert.ok(record.some((line) => line.includes('microsoft.compute/virtualmachines')));
      const after = await closeAfter(step, run);
      assert.deepEqual(after.issues, []);
      assert.ok(
        after.log.some((line) => line.startsWith('Closed: ')),
        after.log.join('\n'),
      );
    });

    it(`gets its policies if it refuses others with ${olderVersions}`, async () => {
      const step = await configure.prepare({ settings });
      const vm = step.azure.addVm({ name: 'new-01', resourceGroup: 'rg-new' });
      const run = await step.run({ vmResourceId: vm.id });
      assertSucceeded(run);
      assert.equal(run.outputs['changed'], 'true');
    });

    it(`is reported without a gap if it refuses others with ${olderVersions}`, async () => {
      const step = await report.prepare({ settings });
      const run = await step.run();
      assertSucceeded(run);
      assert.deepEqual(reportOf(run).gaps, []);
      const refused = versionsOf(step.azure).filter(({ version = '' }) => !OLDER_VERSIONS.includes(version));
      assert.equal(
        new Set(refused.map(({ kind }) => kind)).size,
        refused.length,
        'each kind is refused once',
      );
    });
  }

  it('has its ports opened if the version of the first list is refused too, with another list', async () => {
    const step = await open.prepare({ settings: { olderVersions: 'NoRegisteredProviderFound' } });
    const listed = ['2014-12-01', ...OLDER_VERSIONS];
    // The list of Azure Resource Manager itself. The text names the same version for every service.
    const message =
      "The api-version '2022-01-01' is invalid. The supported versions are '2014-12-01,2014-04'.";
    step.azure.faults.always(
      ({ service, query }) => service === 'arm' && !listed.includes(query.get('api-version') ?? ''),
      { status: 400, code: 'InvalidApiVersionParameter', message },
    );
    const run = await step.run();
    assertSucceeded(run);
    assert.deepEqual(warningsOf(run), []);
    assert.equal(step.policy.liveGrants().length, 1);
    const requested = versionsOf(step.azure).filter(({ kind }) => kind === 'initiate');
    assert.deepEqual(
      requested.map(({ version }) => version),
      [API_VERSIONS.jit, '2014-12-01', NEWEST],
    );
  });

  it('is called first with the version that every cloud supports', async () => {
    const step = await open.prepare();
    assertSucceeded(await step.run());
    const versions = new Set(versionsOf(step.azure).map(({ version }) => version));
    assert.deepEqual([...versions].sort(), [API_VERSIONS.jit, API_VERSIONS.network, API_VERSIONS.compute]);
  });
});
