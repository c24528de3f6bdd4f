import assert from 'node:assert/strict';
import { anyPort } from '../support/scenario';
import { documentOf } from '../support/attachments';
import { itWithSignals } from '../support/agent/signals';
import { assertFailed, assertSucceeded, closeAfter, usePackagedTask } from '../support/packagedTask';
import { reportOf, REPORT_TASK } from '../support/reportRun';

const SECOND = 1000;
const HOUR = 3_600_000;

describe('the document of JitOpenPorts for the tab of the run', () => {
  const task = usePackagedTask('Node24');

  it('names every port with source and end, and then what was closed, as one step', async () => {
    const step = await task.prepare();
    const run = await step.run({ ports: '22,3389', duration: '45m', closeAtJobEnd: 'true' });
    assertSucceeded(run);
    const endsAt = new Date(step.policy.liveGrants()[0]?.endsAt ?? 0).toISOString();
    const main = documentOf(run);
    assert.deepEqual([main.task, main.part, main.failure], ['JitOpenPorts', 'main', null]);
    assert.ok(main.content.kind === 'opened');
    const port = {
      ...{ vmId: step.vm.id, vmName: 'web-01', sources: ['20.61.99.7'], endsAt },
      ...{ state: 'open', code: null, reused: false, permanent: false },
    };
    assert.deepEqual(
      main.content.ports.map(({ waitedSeconds, ...rest }) => [typeof waitedSeconds, rest]),
      [22, 3389].map((number) => ['number', { ...port, port: number }]),
    );
    const after = await closeAfter(step, run);
    const closed = documentOf(after);
    assert.deepEqual([closed.part, closed.step], ['postJob', main.step]);
    assert.ok(closed.content.kind === 'closed');
    assert.deepEqual(
      closed.content.ports.map(({ port: number, state, until }) => [number, state, until]).toSorted(),
      [
        [22, 'closed', null],
        [3389, 'closed', null],
      ],
    );
    for (const { text } of closed.content.ports) assert.ok(after.log.includes(text), text);
    const names = [...run.attachments, ...after.attachments].map(({ name }) => name);
    assert.equal(new Set(names).size, 2);
    // The agent uploads it later.
    assert.equal(documentOf(run).part, 'main');
  });

  it("contains the time at which a port was verified as closed, by Azure's clock", async () => {
    const step = await task.prepare({ settings: { clockSkewMs: 2 * HOUR } });
    const run = await step.run({ closeAtJobEnd: 'true' });
    const before = step.azure.now();
    const { content } = documentOf(await closeAfter(step, run));
    assert.ok(content.kind === 'closed');
    const at = Date.parse(content.ports[0]?.closedAt ?? '');
    // Azure reports its time in whole seconds.
    assert.ok(at > before - SECOND && at < step.azure.now() + SECOND, String(at - before));
  });

  it('contains no closing time for a port that stays open', async () => {
    const step = await task.prepare({ settings: { honoursEarlyEnd: false, supersession: 'none' } });
    step.principal.forbid('Microsoft.Network/networkSecurityGroups/securityRules/delete');
    const run = await step.run({ closeAtJobEnd: 'true' });
    const { content } = documentOf(await closeAfter(step, run));
    assert.ok(content.kind === 'closed');
    assert.deepEqual(
      content.ports.map(({ state, closedAt }) => [state, closedAt]),
      [['open', undefined]],
    );
  });

  it('exists with the failure if an invalid input ends the step', async () => {
    const step = await task.prepare();
    const run = await step.run({ ports: 'nonsense' });
    assertFailed(run, 'JIT101');
    const { content, failure } = documentOf(run);
    assert.deepEqual(content, { kind: 'none' });
    assert.equal(`${failure?.code ?? ''}: ${failure?.seen ?? ''} ${failure?.remedy ?? ''}`, run.message);
  });

  it('shows a port that does not open as granted until its end, with the code of the failed wait', async () => {
    const step = await task.prepare();
    step.vm.subnetNsg?.addRule({ name: 'deny', priority: 100, access: 'Deny', sources: ['Internet'] });
    const run = await step.run({ waitTimeout: '1s' });
    assertFailed(run, 'JIT702');
    const { content, failure } = documentOf(run);
    assert.ok(content.kind === 'opened');
    assert.deepEqual(
      content.ports.map(({ state, code }) => [state, code]),
      [['notOpen', 'JIT702']],
    );
    assert.equal(failure?.code, 'JIT702');
  });

  it('shows that rules allow the source without a request', async () => {
    const step = await task.prepare();
    for (const group of [step.vm.subnetNsg, step.vm.nicNsg])
      group?.addRule({ name: 'by-hand', priority: 100, access: 'Allow', sources: ['20.61.99.7'] });
    const { content } = documentOf(await step.run());
    assert.ok(content.kind === 'opened' && content.ports[0]?.permanent);
  });

  it('contains the check list of a dry run', async () => {
    const step = await task.prepare();
    const run = await step.run({ dryRun: 'true' });
    assertSucceeded(run);
    const { content } = documentOf(run);
    assert.ok(content.kind === 'checks');
    assert.ok(content.checks.some(({ topic, mark }) => topic === 'Policy' && mark === 'ok'));
  });

  itWithSignals('shows what a canceled step leaves open', async () => {
    const step = await task.prepare({ settings: { ruleDelayMs: 60_000 } });
    const running = step.start();
    await running.waitForLine(/Waiting until/);
    running.cancel();
    const { content, failure } = documentOf(await running.finished);
    assert.equal(failure?.code, 'JIT801');
    assert.ok(content.kind === 'opened');
    assert.deepEqual(
      content.ports.map(({ port, state }) => [port, state]),
      [[22, 'requested']],
    );
  });

  it('is not created in a classic release', async () => {
    const step = await task.prepare();
    const run = await step.run({}, { host: 'release' });
    assertSucceeded(run);
    assert.deepEqual(run.attachments, []);
  });

  it('exists even if the agent does not set the variables of the job', async () => {
    const step = await task.prepare();
    const run = await step.run({}, { variables: { 'System.JobId': undefined, 'System.JobAttempt': 'x' } });
    assertSucceeded(run);
    assert.deepEqual(documentOf(run).step.jobAttempt, 1);
  });
});

describe('the document of JitConfigurePolicy', () => {
  const task = usePackagedTask('Node20_1', 'tasks/JitConfigurePolicy/JitConfigurePolicyV1');

  it('contains every VM with its ports before and after, and the policies that were written', async () => {
    const step = await task.prepare();
    const run = await step.run({ portRules: '22/tcp max 1h from *' });
    assertSucceeded(run);
    const { content } = documentOf(run);
    assert.ok(content.kind === 'policies' && !content.dryRun);
    assert.deepEqual(
      content.policies.map(({ id, state }) => [id.toLowerCase(), state]),
      [[step.policy.id.toLowerCase(), 'changed']],
    );
    const [vm] = content.vms;
    assert.deepEqual([vm?.vmId, vm?.vmName, vm?.change], [step.vm.id, 'web-01', 'changed']);
    assert.deepEqual(vm?.ports, [
      {
        port: 22,
        before: { port: 22, protocol: '*', sources: ['*'], maxRequestAccessDuration: 'PT3H' },
        after: { port: 22, protocol: 'TCP', sources: ['*'], maxRequestAccessDuration: 'PT1H' },
      },
    ]);
  });

  it('shows for a dry run that nothing was written, with its check list', async () => {
    const step = await task.prepare();
    const run = await step.run({ portRules: '22/tcp max 1h from *', dryRun: 'true' });
    const { content } = documentOf(run);
    assert.ok(content.kind === 'policies' && content.dryRun && content.checks.length > 0);
    assert.deepEqual(content.policies[0]?.state, 'unchanged');
  });
});

describe('the document of JitReport', () => {
  const task = usePackagedTask('Node24', REPORT_TASK);

  it('contains the report, even if the step fails because of what it found', async () => {
    const step = await task.prepare();
    const open = step.azure.addVm({ name: 'db-01', subnet: 'data' });
    open.nicNsg?.addRule({ name: 'all', priority: 200, access: 'Allow', destinationPorts: ['22'] });
    step.azure.addPolicy({
      name: 'jit-db',
      vms: [{ vm: step.azure.addVm({ name: 'app-01' }), ports: [anyPort(22)] }],
    });
    const run = await step.run({ failOn: 'openToInternet' });
    assert.equal(run.result, 'Failed');
    const { content, failure } = documentOf(run);
    assert.ok(failure && content.kind === 'report');
    const report = reportOf(run);
    assert.deepEqual(content.report.counts, report.counts);
    assert.deepEqual(new Set(content.report.vms), new Set(report.vms));
  });
});
