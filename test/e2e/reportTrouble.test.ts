import assert from 'node:assert/strict';
import { itWithSignals } from '../support/agent/signals';
import { DEFAULT_SUBSCRIPTION, type Fault, type Kind } from '../support/azure';
import {
  assertFailed,
  assertNames,
  assertSucceeded,
  assertWarns,
  onFirst,
  usePackagedTask,
} from '../support/packagedTask';
import { coverOf, fileOf, REPORT_TASK, reportOf, vmIn } from '../support/reportRun';
import { BASIC_ADDRESS } from '../../tasks/shared/view/messages/report';

const NETWORK = 'Microsoft.Network';
const JIT = 'Microsoft.Security/locations/jitNetworkAccessPolicies';
const LOG = 'Microsoft.Insights/eventtypes/values/read';
const SUBSCRIPTION = `/subscriptions/${DEFAULT_SUBSCRIPTION}`;
const EVERYBODY = { name: 'ssh-for-all', priority: 200, access: 'Allow', destinationPorts: ['22'] } as const;

describe('a report without all rights', () => {
  const task = usePackagedTask('Node20_1', REPORT_TASK);

  it('names each missing right with its scope, and reports what it can', async () => {
    const cases = [
      { part: 'network', action: `${NETWORK}/networkInterfaces/read`, cover: 'configured policy' },
      { part: 'network', action: `${NETWORK}/networkSecurityGroups/read`, cover: 'configured policy' },
      { part: 'network', action: `${NETWORK}/virtualNetworks/read`, cover: 'configured policy' },
      { part: 'policies', action: `${JIT}/read`, cover: 'unknown notRead' },
      { part: 'activityLog', action: LOG, cover: 'configured policy' },
    ] as const;
    await Promise.all(
      cases.map(async ({ part, action, cover }) => {
        const step = await task.prepare();
        step.principal.forbid(action, ...(action === `${JIT}/read` ? [`${JIT}/*/read`] : []));
        const run = await step.run();
        assertSucceeded(run);
        const { gaps, ...report } = reportOf(run);
        assert.deepEqual(
          gaps.map((gap) => [gap.part, gap.code, gap.action]),
          [[part, 'JIT301', action]],
        );
        assertNames(gaps[0]?.scope ?? '', SUBSCRIPTION);
        assertWarns(run, 'JIT301', action);
        assertNames(run.summaries.join(), action);
        assert.deepEqual(coverOf({ ...report, gaps }), { 'web-01': cover });
      }),
    );
  });

  it('does not report a request as permanent access because its policy could not be read', async () => {
    const step = await task.prepare();
    const requested = { vm: step.vm, port: 22, sources: ['20.9.9.9'], durationMs: 3_600_000 };
    step.policy.requestByOther(requested);
    step.principal.forbid(`${JIT}/read`, `${JIT}/*/read`);
    const run = await step.run();
    assertSucceeded(run);
    assert.deepEqual([reportOf(run).standingPorts, reportOf(run).gaps[0]?.part], [[], 'policies']);
  });

  it('fails if no VM could be read, and says where the report is', async () => {
    const step = await task.prepare();
    step.principal.forbid('Microsoft.Compute/virtualMachines/read');
    const run = await step.run();
    assertFailed(run, 'JIT301', 'Microsoft.Compute/virtualMachines/read', SUBSCRIPTION);
    assert.equal(reportOf(run).gaps[0]?.part, 'vms');
  });

  it('needs no right on the subscription for the VMs of a group', async () => {
    const step = await task.prepare();
    const [everything] = step.principal.permissions;
    assert.ok(everything);
    step.principal.permissions = [{ ...everything, scope: `${SUBSCRIPTION}/resourceGroups/rg-app` }];
    const run = await step.run({ scope: 'rg-app' });
    assertSucceeded(run);
    assert.deepEqual(coverOf(reportOf(run)), { 'web-01': 'configured policy' });
    assert.deepEqual(
      reportOf(run).gaps.map(({ part, action }) => [part, action]),
      [
        ['activityLog', LOG],
        ...reportOf(run)
          .gaps.slice(1)
          .map(({ part, action }) => [part, action]),
      ],
    );
  });
});

describe('a report with a gate', () => {
  const task = usePackagedTask('Node20_1', REPORT_TASK);

  it('fails because of a VM that should have just-in-time access, but not because of one that is closed anyway', async () => {
    const step = await task.prepare();
    step.azure.addVm({ name: 'closed-01', subnet: 'closed' });
    assertSucceeded(await step.run({ failOn: 'notConfigured' }));
    step.azure.addVm({ name: 'open-01', subnet: 'open' }).nicNsg?.addRule(EVERYBODY);
    const run = await step.run({ failOn: 'notConfigured' });
    assertFailed(run, 'JIT421', 'open-01');
    assert.equal(vmIn(reportOf(run), 'open-01').recommended, true);
    assert.equal(run.outputs['notConfigured'], '2');
  });

  it('fails because of a management port that any address reaches, through a rule or through a request', async () => {
    const step = await task.prepare();
    assertSucceeded(await step.run({ failOn: 'openToInternet' }));
    const requested = { vm: step.vm, port: 22, durationMs: 3_600_000 };
    step.policy.requestByOther({ ...requested, sources: ['20.9.9.9'] });
    assertSucceeded(await step.run({ failOn: 'openToInternet' }));
    step.policy.requestByOther({ ...requested, sources: ['*'] });
    assertFailed(await step.run({ failOn: 'openToInternet' }), 'JIT422', 'web-01', '22');
  });

  it('fails because of a rule for everyone except one address, and shows how much it allows', async () => {
    const step = await task.prepare({ vm: { subnetNsg: false, nicNsg: { rules: [EVERYBODY] } } });
    step.vm.nicNsg?.addRule({ name: 'but-one', priority: 150, access: 'Deny', sources: ['20.1.1.1'] });
    const run = await step.run({ failOn: 'openToInternet' });
    assertFailed(run, 'JIT422', 'web-01', '22', 'more than 99.9%');
    const { counts, internetPorts, standingPorts } = reportOf(run);
    const [open] = internetPorts;
    assert.deepEqual([counts.openToInternet, internetPorts.length, open?.port], [1, 1, 22]);
    assert.ok(open && open.publicShare > 0.999 && open.publicShare < 1);
    assert.equal(standingPorts[0]?.publicShare, open.publicShare);
    for (const page of [fileOf(run, 'jit-report.html'), run.summaries.join()]) assertNames(page, '99.9%');
    assertWarns(run, 'web-01, port 22', '99.9%');
    const half = await task.prepare();
    const narrow = { ...EVERYBODY, sources: ['200.0.0.0/5'] };
    for (const group of [half.vm.nicNsg, half.vm.subnetNsg]) group?.addRule(narrow);
    assertSucceeded(await half.run({ failOn: 'openToInternet' }));
  });

  it('fails because of a Basic public address without an NSG, but not because of a Standard one', async () => {
    const vm = { nicNsg: false, subnetNsg: false } as const;
    const basic = await task.prepare({ vm: { ...vm, publicSku: 'Basic' } });
    const run = await basic.run({ failOn: 'openToInternet' });
    assertFailed(run, 'JIT422', 'web-01', '22', '5986');
    const ports = reportOf(run).standingPorts.map(({ port, reach, rules }) => [port, reach, rules.length]);
    assert.deepEqual(ports[0], [22, 'anyAddress', 0]);
    assertNames(run.summaries.join(), BASIC_ADDRESS);
    const standard = await task.prepare({ vm: { ...vm, publicSku: 'Standard' } });
    assertSucceeded(await standard.run({ failOn: 'openToInternet' }));
    standard.principal.forbid(`${NETWORK}/publicIPAddresses/read`);
    const unread = await standard.run({ failOn: 'openToInternet' });
    assertFailed(unread, 'JIT301', `${NETWORK}/publicIPAddresses/read`);
  });

  it('also fails if an invalid rule leaves the result unknown', async () => {
    for (const wire of [{ access: 'Maybe' }, { destinationPortRange: '20 - 25' }]) {
      const step = await task.prepare();
      step.vm.nicNsg?.addRule({ ...EVERYBODY, name: 'odd', wire });
      const run = await step.run({ failOn: 'openToInternet' });
      assertFailed(run, 'JIT604', 'odd');
      assert.equal(coverOf(reportOf(run))['web-01'], 'configured policy');
    }
  });

  it('also fails if a missing right leaves the result unknown', async () => {
    const step = await task.prepare();
    step.principal.forbid(`${NETWORK}/networkSecurityGroups/read`);
    for (const failOn of ['notConfigured', 'openToInternet']) {
      assertFailed(await step.run({ failOn }), 'JIT301', `${NETWORK}/networkSecurityGroups/read`);
    }
    assertSucceeded(await step.run({ failOn: 'nothing' }));
  });
});

describe('a report with errors', () => {
  const task = usePackagedTask('Node20_1', REPORT_TASK);

  it('retries after temporary failures, also for Resource Graph', async () => {
    const step = await task.prepare();
    const kinds: readonly Kind[] = ['vms.list', 'nics.list', 'policies.list', 'assessments', 'activityLog'];
    for (const kind of kinds) {
      step.azure.faults.next(kind, ['reset', { status: 429, retryAfterMs: 1 }]);
    }
    const run = await step.run();
    assertSucceeded(run);
    assert.deepEqual(reportOf(run).gaps, []);
  });

  it('marks an invalid response as a gap, and never follows a link to another host', async () => {
    const faults: readonly (readonly [Fault, Kind])[] = [
      ['html', 'nsgs.list'],
      ['linkLoop', 'nics.list'],
      ['foreignLink', 'activityLog'],
      ['notJson', 'assessments'],
    ];
    await Promise.all(
      faults.map(async ([fault, kind]) => {
        const step = await task.prepare();
        step.azure.addManyVms({ count: 8 });
        step.azure.addManyActivities({ count: 40, policy: step.policy });
        step.azure.faults.always(kind, fault);
        const run = await step.run();
        assertSucceeded(run);
        assert.deepEqual(
          reportOf(run).gaps.map(({ code, action }) => [code, action]),
          [['JIT604', null]],
          kind,
        );
        assertWarns(run, 'JIT604');
      }),
    );
  });

  it('skips an invalid policy, and keeps the others', async () => {
    const step = await task.prepare();
    const other = step.azure.addVm({ name: 'odd-01' });
    const ports = [{ number: 22, protocol: '*', sources: '*', maxRequestAccessDuration: 'P1W' }] as const;
    step.azure.addPolicy({ name: 'odd', vms: [{ vm: other, ports }] });
    const run = await step.run();
    assertSucceeded(run);
    assert.deepEqual(coverOf(reportOf(run)), {
      'odd-01': 'configured policy',
      'web-01': 'configured policy',
    });
    assert.equal(reportOf(run).gaps[0]?.code, 'JIT604');
  });

  it('skips an invalid entry of the Activity Log, and keeps those after it', async () => {
    const step = await task.prepare();
    const call = {
      operationName: { value: `${JIT}/initiate/action` },
      ...{ eventTimestamp: new Date(step.azure.now()).toISOString(), status: { value: 'Failed' } },
      resourceId: step.policy.id,
    };
    const body = JSON.stringify({ value: [{ ...call, eventTimestamp: 'soon' }, call] });
    const headers = { 'content-type': 'application/json' };
    step.azure.faults.always('activityLog', { status: 200, headers, body });
    const { counts, gaps } = reportOf(await step.run());
    assert.deepEqual(
      [counts.refused, gaps.map(({ part, code }) => [part, code])],
      [1, [['activityLog', 'JIT604']]],
    );
  });

  itWithSignals('stops when it is canceled, and writes nothing', async () => {
    const step = await task.prepare();
    step.azure.faults.always('nsgs.list', 'hang');
    const running = step.start();
    onFirst(step, 'nsgs.list', () => {
      running.cancel();
    });
    const run = await running.finished;
    assert.equal(run.result, 'Canceled');
    assertNames(run.log.join(), 'JIT801');
    assert.equal(run.outputs['reportPath'], undefined);
  });
});
