import assert from 'node:assert/strict';
import { DEFAULT_SUBSCRIPTION } from '../support/azure';
import {
  assertFailed,
  assertNames,
  assertSucceeded,
  usePackagedTask,
  warningsOf,
  type PackagedStep,
} from '../support/packagedTask';
import { CONNECTION_KINDS } from '../support/scenario';
import { coverOf, fileOf, REPORT_TASK, reportOf, vmIn } from '../support/reportRun';

const HOUR_MS = 3_600_000;
const RUN = 'https://dev.azure.com/contoso/shop/_build/results?buildId=7';
const EVERYBODY = { name: 'ssh-for-all', priority: 200, access: 'Allow', destinationPorts: ['22'] } as const;

/** Adds VMs of every kind that Defender's evaluation distinguishes. */
function addEveryKind({ azure }: PackagedStep): void {
  const open = azure.addVm({ name: 'open-01', subnet: 'open' });
  open.nicNsg?.addRule(EVERYBODY);
  azure.addVm({ name: 'closed-01', subnet: 'closed' });
  const apart = { vnet: 'vnet-apart', vnetPrefixes: ['10.9.0.0/16'], nicNsg: false };
  azure.addVm({ name: 'bare-01', ...apart });
  azure.addVm({ name: 'nowhere-01', nics: [] });
  const classic = azure.addVm({ name: 'classic-01', vnet: 'vnet-fw', nicNsg: false, privateIp: '10.7.0.4' });
  const nat = { destinationAddresses: ['20.4.0.4'], destinationPorts: ['2222'] };
  azure.addFirewall({
    besides: classic,
    natRules: [{ name: 'to-ssh', ...nat, translatedAddress: '10.7.0.4', translatedPort: '22' }],
  });
  const managed = azure.addVm({ name: 'managed-01', vnet: 'vnet-policy', nicNsg: false });
  azure.addFirewall({ besides: managed, name: 'firewall-2', policy: 'corporate' });
}

for (const handler of ['Node20_1', 'Node24'] as const) {
  describe(`JitReport on ${handler}`, () => {
    const task = usePackagedTask(handler, REPORT_TASK);

    it("reports every VM as covered, uncovered, or unsupported, with the reason and Defender's assessment", async () => {
      const step = await task.prepare();
      addEveryKind(step);
      step.azure.addAssessment({ vm: step.vm, status: 'Healthy' });
      const run = await step.run();
      assertSucceeded(run);
      const report = reportOf(run);
      assert.deepEqual(coverOf(report), {
        'web-01': 'configured policy',
        'open-01': 'notConfigured reachable',
        'closed-01': 'notConfigured closed',
        'bare-01': 'unsupported noFilter',
        'nowhere-01': 'unsupported noNetwork',
        'classic-01': 'notConfigured reachable',
        'managed-01': 'unsupported firewallPolicy',
      });
      assert.deepEqual(report.gaps, []);
      assert.deepEqual(vmIn(report, 'web-01').defender, { status: 'Healthy', cause: '' });
      assert.equal(vmIn(report, 'open-01').defender, null);
      const { configured, notConfigured, unsupported, openPorts } = run.outputs;
      assert.deepEqual([configured, notConfigured, unsupported, openPorts], ['1', '3', '3', '2']);
      assert.deepEqual(
        report.standingPorts.map(({ vmName, port, reach, rules }) => [vmName, port, reach, rules[0]?.name]),
        [
          ['classic-01', 22, 'anyAddress', 'to-ssh'],
          ['open-01', 22, 'anyAddress', 'ssh-for-all'],
        ],
      );
      assert.equal(report.counts.openToInternet, 2);
      assert.equal(warningsOf(run).length, 2);
      assert.equal(run.progress.at(-1)?.percent, 100);
    });

    it('shows who holds what open now, and who did before, from the policy and from the log', async () => {
      const step = await task.prepare({ settings: { activityLogCarries: 'justification' } });
      const { azure, policy, vm } = step;
      const requested = { vm, sources: ['20.9.9.9'], durationMs: HOUR_MS };
      const past = { ...requested, agoMs: 5 * HOUR_MS, requestor: 'bo@contoso.com' };
      policy.addPastRequest({ ...past, port: 3389, justification: '=cmd|calc' });
      policy.addPastRequest({ ...past, agoMs: 24 * 30 * HOUR_MS, port: 22 });
      azure.addActivity({
        ...{ atMs: azure.now() - HOUR_MS, resourceId: policy.id, caller: 'eve@contoso.com' },
        operation: 'Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action',
        ...{ status: 'Failed', statusCode: 400, justification: 'please' },
      });
      policy.requestByOther({
        ...requested,
        port: 22,
        requestor: 'ana@contoso.com',
        justification: `Shop, ${RUN}`,
      });
      const run = await step.run(
        {},
        { variables: { 'System.CollectionUri': 'https://dev.azure.com/attacker/' } },
      );
      assertSucceeded(run);
      const report = reportOf(run);
      const [active] = report.liveRequests;
      assert.deepEqual(
        [active?.vmName, active?.port, active?.sources, active?.who, active?.rules, active?.runUrl],
        ['web-01', 22, ['20.9.9.9'], 'ana@contoso.com', 'open', RUN],
      );
      assert.deepEqual(
        report.requests.map(({ who, result, found, ports }) => [who, result, found, ports[0]?.state]),
        [
          ['ana@contoso.com', 'granted', 'both', 'live'],
          ['eve@contoso.com', 'refused', 'activityLog', undefined],
          ['bo@contoso.com', 'granted', 'both', 'ended'],
        ],
      );
      const { requests, lastUser } = vmIn(report, 'web-01');
      assert.deepEqual([requests, lastUser], [2, 'ana@contoso.com']);
      assert.deepEqual([run.outputs['openPorts'], report.counts.refused], ['1', 1]);
      assert.doesNotMatch(fileOf(run, 'jit-requests.csv'), /(?:^|,|")=cmd/m);
      assertNames(fileOf(run, 'jit-report.html'), 'ana@contoso.com', RUN, '<svg');
      assertNames(run.summaries.join(), 'web-01', 'ana');
      // The policy's own list goes back further than the log of this Azure.
      const quarter = reportOf(await step.run({ days: '90' })).requests;
      assert.deepEqual(
        quarter.filter(({ found }) => found !== 'policy').map(({ who }) => who),
        ['ana@contoso.com', 'eve@contoso.com', 'bo@contoso.com', 'bo@contoso.com'],
      );
      assert.ok(quarter.some(({ found, who }) => found === 'policy' && who === null));
    });
  });
}

describe('a report', () => {
  const task = usePackagedTask('Node20_1', REPORT_TASK);

  it('can be created with every kind of connection, with one sign-in', async () => {
    await Promise.all(
      CONNECTION_KINDS.map(async (kind) => {
        const step = await task.prepare({ kind });
        const run = await step.run();
        assertSucceeded(run);
        assert.deepEqual([reportOf(run).gaps, run.outputs['configured']], [[], '1'], kind);
        const signIns = step.azure.calls.filter((call) => call.kind === 'token' || call.kind === 'imds');
        assert.equal(signIns.length, 1, kind);
      }),
    );
  });
});

describe('a report with a gate for ports that the internet can reach', () => {
  const task = usePackagedTask('Node20_1', REPORT_TASK);

  it('fails because of a rule for everyone from the source ports that clients use', async () => {
    const rule = { ...EVERYBODY, sourcePorts: ['1024-65535'] };
    const step = await task.prepare({ vm: { subnetNsg: false, nicNsg: { rules: [rule] } } });
    const run = await step.run({ failOn: 'openToInternet' });
    assertFailed(run, 'JIT422', 'web-01', '22');
    assert.deepEqual(
      reportOf(run).standingPorts.map(({ reach, rules }) => [reach, rules.map(({ name }) => name)]),
      [['anyAddress', ['ssh-for-all']]],
    );
  });
});

describe('the scope of a report', () => {
  const task = usePackagedTask('Node20_1', REPORT_TASK);

  it('is the subscription of the connection, or the given subscriptions, groups, and VMs', async () => {
    const step = await task.prepare();
    const { azure, vm } = step;
    const far = '99999999-2222-4333-8444-555555555555';
    azure.addVm({ name: 'far-01', subscriptionId: far });
    azure.addVm({ name: 'db-01', resourceGroup: 'rg-db' });
    azure.addVm({ name: 'app-02' });
    const names = async (scope: string) => {
      const run = await step.run({ scope });
      assertSucceeded(run);
      return reportOf(run).vms.map(({ name }) => name);
    };
    assert.deepEqual(await names(''), ['app-02', 'db-01', 'web-01']);
    assert.deepEqual(await names(`${far}\n/subscriptions/${DEFAULT_SUBSCRIPTION}/resourceGroups/rg-db`), [
      'db-01',
      'far-01',
    ]);
    const lists = azure.calls.filter(({ kind }) => kind === 'nics.list').length;
    assert.deepEqual(await names(`rg-db, ${vm.id.toUpperCase()}`), ['db-01', 'web-01']);
    assert.equal(azure.calls.filter(({ kind }) => kind === 'nics.list').length, lists);
  });

  it('can be empty, and can be without Defender', async () => {
    const step = await task.prepare();
    const { azure } = step;
    const gone = azure.addVm({ name: 'gone-01', resourceGroup: 'rg-empty' });
    azure.removeVm(gone);
    const empty = await step.run({ scope: 'rg-empty', failOn: 'notConfigured' });
    assertSucceeded(empty);
    assert.deepEqual([reportOf(empty).vms, empty.outputs['configured']], [[], '0']);
    azure.planTwoOff(DEFAULT_SUBSCRIPTION, 'everything');
    const run = await step.run();
    assertSucceeded(run);
    assert.equal(reportOf(run).gaps[0]?.code, 'JIT302');
    assert.deepEqual(coverOf(reportOf(run)), { 'web-01': 'notConfigured closed' });
    assertNames(warningsOf(run).join(), 'JIT302', DEFAULT_SUBSCRIPTION);
  });

  it('is named in an error if it does not exist', async () => {
    const step = await task.prepare();
    const missing = '/subscriptions/00000000-0000-4000-8000-000000000001';
    assertFailed(await step.run({ scope: 'rg-none' }), 'JIT406', 'rg-none');
    assertFailed(await step.run({ scope: `${step.vm.id}\n${missing}` }), 'JIT406', missing);
    assertFailed(await step.run({ scope: 'rg-app/no-such-vm' }), 'JIT406', 'no-such-vm');
  });

  it('is reported together with all other invalid inputs at once, before any call', async () => {
    const step = await task.prepare();
    const run = await step.run({
      scope: 'a/b/c',
      days: '91',
      failOn: 'everything',
      outputFolder: '$(folder)',
    });
    assertFailed(run, 'JIT101', 'a/b/c', 'days', 'everything', '$(folder)');
    assert.deepEqual(step.azure.calls, []);
  });
});
