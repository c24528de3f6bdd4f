import assert from 'node:assert/strict';
import type { NewRule } from '../support/azure';
import {
  assertFailed,
  assertNames,
  assertSucceeded,
  assertWarns,
  usePackagedTask,
} from '../support/packagedTask';
import { coverOf, fileOf, REPORT_TASK, reportOf, vmIn } from '../support/reportRun';
import { checkedPortsText, DISAGREES, disagreementText } from '../../tasks/shared/view/messages/open';
import { REASONS } from '../../tasks/shared/view/messages/report';

const HOUR_MS = 3_600_000;
const JSON_TYPE = { 'content-type': 'application/json' };
const TAG: NewRule = {
  ...{ name: 'from-cloud', priority: 300, destinationPorts: ['22'], sources: ['AzureCloud'] },
  access: 'Allow',
};

describe('a report on what might be open', () => {
  const task = usePackagedTask('Node20_1', REPORT_TASK);

  it('finds the gap in a VM in a policy, names rule and reason, and fails because of it if configured', async () => {
    const step = await task.prepare();
    for (const group of [step.vm.nicNsg, step.vm.subnetNsg]) group?.addRule(TAG);
    const usual = await step.run({ failOn: 'openToInternet' });
    assertSucceeded(usual);
    const report = reportOf(usual);
    const { mayBeOpenPorts, counts } = report;
    assert.deepEqual(
      mayBeOpenPorts.map(({ vmName, port, reason, rules }) => [vmName, port, reason, rules[0]?.name]),
      [['web-01', 22, 'rules', 'from-cloud']],
    );
    assert.deepEqual(
      [counts.mayBeOpen, counts.openToInternet, vmIn(report, 'web-01').exposure],
      [1, 0, 'mayBeOpen'],
    );
    for (const page of [fileOf(usual, 'jit-report.html'), usual.summaries.join()]) {
      assertNames(page, 'from-cloud', 'AzureCloud', 'May be open', 'over IPv4 and IPv6');
    }
    assertNames(fileOf(usual, 'jit-report.html'), 'a port may be open');
    assertWarns(usual, 'web-01, port 22', 'from-cloud', 'AzureCloud');
    assertFailed(await step.run({ failOn: 'mayBeOpen' }), 'JIT424', 'web-01', 'from-cloud', 'AzureCloud');
    step.vm.nicNsg?.removeRule('from-cloud');
    assertSucceeded(await step.run({ failOn: 'mayBeOpen' }));
  });

  it('treats an address that nothing filters as the most exposed one', async () => {
    const step = await task.prepare();
    const apart = { vnet: 'vnet-apart', vnetPrefixes: ['10.9.0.0/16'] };
    step.azure.addVm({ name: 'bare-01', ...apart, nicNsg: false });
    const nic = (name: string, ip: string, nsg: boolean) => ({
      ...{ name, primary: nsg, nsg },
      addresses: [{ privateIp: ip, primary: true }],
    });
    step.azure.addVm({
      ...{ name: 'two-01', ...apart },
      nics: [nic('two-a', '10.9.0.8', true), nic('two-b', '10.9.0.9', false)],
    });
    const run = await step.run({ failOn: 'mayBeOpen' });
    assertFailed(run, 'JIT424', 'bare-01', 'no network security group');
    const report = reportOf(run);
    for (const name of ['bare-01', 'two-01']) assert.equal(vmIn(report, name).exposure, 'unfiltered', name);
    assert.equal(report.mayBeOpenPorts.length, 8);
    assert.match(fileOf(run, 'jit-report.html'), /<bdi class="mark bad">Unsupported/);
  });

  it('detects what is open over IPv6 only', async () => {
    const step = await task.prepare();
    const dual = step.azure.addVm({ name: 'dual-01', subnet: 'dual', ipv6: 'fd00:10::4' });
    dual.nicNsg?.addRule({ ...TAG, name: 'ssh-6', sources: ['::/0'] });
    step.azure.addVm({ name: 'ipv4-01', subnet: 'ipv4' }).nicNsg?.addRule({ ...TAG, sources: ['::/0'] });
    const run = await step.run({ failOn: 'openToInternet' });
    assertFailed(run, 'JIT422', 'dual-01', '22');
    const report = reportOf(run);
    assert.deepEqual(
      report.standingPorts.map(({ vmName, ipVersion, reach }) => [vmName, ipVersion, reach]),
      [['dual-01', 'IPv6', 'anyAddress']],
    );
    const cover = coverOf(report);
    assert.deepEqual(
      [cover['dual-01'], cover['ipv4-01']],
      ['notConfigured reachable', 'notConfigured closed'],
    );
    assertNames(fileOf(run, 'jit-report.html'), '22 over IPv6', 'ssh-6');
  });

  it('evaluates the network rules of a classic firewall, and a DNAT rule by its protocol', async () => {
    const step = await task.prepare();
    const { azure } = step;
    const behind = (name: string, privateIp: string) =>
      azure.addVm({ name, vnet: `vnet-${name}`, nicNsg: false, privateIp });
    const office = { name: 'office', sourceAddresses: ['10.50.0.0/16'], destinationPorts: ['22'] };
    azure.addFirewall({ name: 'fw-1', besides: behind('net-01', '10.6.0.4'), networkRules: [office] });
    const nat = { destinationAddresses: ['20.4.0.4'], destinationPorts: ['2222'], translatedPort: '22' };
    azure.addFirewall({
      ...{ name: 'fw-2', besides: behind('udp-01', '10.7.0.4') },
      natRules: [{ name: 'udp', protocols: ['UDP'], translatedAddress: '10.7.0.4', ...nat }],
    });
    const groups = { ...office, sourceAddresses: [], sourceIpGroups: ['/ip-groups/g'] };
    azure.addFirewall({ name: 'fw-3', besides: behind('grp-01', '10.8.0.4'), networkRules: [groups] });
    const report = reportOf(await step.run());
    const { 'net-01': net, 'udp-01': udp } = coverOf(report);
    assert.deepEqual([net, udp], ['notConfigured reachable', 'notConfigured closed']);
    assert.deepEqual(
      report.standingPorts.map(({ vmName, sources, rules }) => [vmName, sources.join(), rules[0]?.name]),
      [['net-01', '10.50.0.0/16', 'office']],
    );
    assert.deepEqual(
      report.mayBeOpenPorts.map(({ vmName, rules }) => [vmName, rules[0]?.why]),
      [['grp-01', 'ipGroup']],
    );
  });

  it('checks more ports if configured, and names the ports that it checked', async () => {
    const step = await task.prepare();
    const sql = step.azure.addVm({ name: 'sql-01', subnet: 'sql' });
    sql.nicNsg?.addRule({ ...TAG, sources: ['*'], destinationPorts: ['1433'] });
    const usual = await step.run({ failOn: 'openToInternet' });
    assertSucceeded(usual);
    assertNames(usual.log.join('\n'), checkedPortsText([22, 3389, 5985, 5986], ['IPv4', 'IPv6']));
    const run = await step.run({ failOn: 'openToInternet', ports: '1433' });
    assertFailed(run, 'JIT422', 'sql-01', '1433');
    assert.deepEqual(reportOf(run).lookedAt.ports, [22, 3389, 5985, 5986, 1433]);
  });

  it('names the rule that blocks a request, and where Defender disagrees', async () => {
    const step = await task.prepare();
    const { azure, policy, vm } = step;
    azure.addAssessment({ vm: azure.addVm({ name: 'calm-01', subnet: 'calm' }), status: 'Unhealthy' });
    vm.nicNsg?.addRule({ name: 'deny-all', priority: 105, access: 'Deny' });
    for (let priority = 100; priority < 105; priority++) {
      vm.nicNsg?.addRule({
        name: `taken-${String(priority)}`,
        priority,
        access: 'Deny',
        destinationPorts: ['1'],
      });
    }
    policy.requestByOther({ vm, port: 22, sources: ['20.9.9.9'], durationMs: HOUR_MS });
    const run = await step.run();
    const report = reportOf(run);
    const [active] = report.liveRequests;
    assert.deepEqual([active?.rules, active?.blockedBy[0]?.name], ['closed', 'deny-all']);
    assert.equal(run.outputs['openPorts'], '0');
    assert.equal(vmIn(report, 'calm-01').disagreement, true);
    for (const page of [fileOf(run, 'jit-report.html'), run.summaries.join()]) assertNames(page, 'deny-all');
    const both = disagreementText('Unhealthy', '', REASONS.closed);
    assertNames(fileOf(run, 'jit-report.html'), `${DISAGREES}: ${both}`);
  });
});

describe('the audit of a report', () => {
  const task = usePackagedTask('Node20_1', REPORT_TASK);
  const OPERATION = 'Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action';

  it('distinguishes two calls of one operation, whatever names the log has', async () => {
    const step = await task.prepare();
    const { azure, policy, vm } = step;
    const ports = [{ Number: 22, AllowedSourceAddressPrefix: '20.9.9.9', Duration: 'PT3H' }];
    const RequestBody = { VirtualMachines: [{ Id: vm.id, Ports: ports }], Justification: 'from the portal' };
    const common = {
      ...{ resourceId: policy.id, operation: OPERATION, correlationId: 'one-operation' },
      caller: 'ana@contoso.com',
    };
    azure.addActivity({
      ...{ ...common, atMs: azure.now() - HOUR_MS, status: 'Succeeded', statusCode: 200 },
      properties: { RequestBody },
    });
    const claims = { appid: 'program', NAME: 'Kim Park', upn: 'kim@contoso.com' };
    azure.addActivity({
      ...{ ...common, atMs: azure.now() - HOUR_MS + 1000, status: 'Failed', statusCode: 400 },
      ...{ properties: { Justification: 'again' }, wire: { caller: undefined, claims } },
    });
    const run = await step.run();
    const { requests, counts } = reportOf(run);
    assert.deepEqual(
      requests.map(({ result, who, whoId, justification }) => [result, who, whoId, justification]),
      [
        ['refused', 'Kim Park', 'kim@contoso.com', 'again'],
        ['granted', 'ana@contoso.com', null, 'from the portal'],
      ],
    );
    assert.deepEqual(
      [
        counts.refused,
        requests[1]?.vmName,
        requests[1]?.ports[0]?.port,
        requests[1]?.ports[0]?.durationSeconds,
      ],
      [1, 'web-01', 22, 3 * 3600],
    );
  });

  it('shows an early end as the end of the access, with requested and actual minutes', async () => {
    const step = await task.prepare();
    const requested = { vm: step.vm, port: 22, sources: ['20.9.9.9'] };
    step.policy.addPastRequest({ ...requested, agoMs: 5 * HOUR_MS, durationMs: HOUR_MS, superseded: true });
    step.policy.addPastRequest({ ...requested, agoMs: 5 * HOUR_MS - 600_000, durationMs: 8000 });
    const run = await step.run();
    const { requests, counts } = reportOf(run);
    const [port] = requests[0]?.ports ?? [];
    assert.deepEqual([counts.requests, port?.state, port?.openSeconds], [1, 'closed', 608]);
    assert.match(fileOf(run, 'jit-requests.csv'), /"60","[^"]+","10","closed"/);
    assertNames(fileOf(run, 'jit-report.html'), 'closed after 10 min');
  });

  it('shows refusals as unknown, and who requested as likely only, if the log does not contain them', async () => {
    const step = await task.prepare({ settings: { activityLogCarries: 'nothing' } });
    const requested = { vm: step.vm, port: 22, sources: ['20.9.9.9'], requestor: '' };
    step.policy.addPastRequest({ ...requested, agoMs: HOUR_MS, durationMs: HOUR_MS / 2 });
    const [row] = reportOf(await step.run()).requests;
    assert.equal(row?.whoLikely, true);
    const body = JSON.stringify({ Code: 'BadRequest', Message: 'The filter is wrong.' });
    step.azure.faults.always('activityLog', { status: 400, headers: JSON_TYPE, body });
    const blind = await step.run();
    assert.equal(reportOf(blind).counts.refused, null);
    assertNames(reportOf(blind).gaps[0]?.text ?? '', 'The filter is wrong');
    assert.match(fileOf(blind, 'jit-report.html'), /Refused<\/dt><dd>unknown/);
  });
});

describe('the VMs of a report', () => {
  const task = usePackagedTask('Node20_1', REPORT_TASK);

  it('must exist even if their group or subscription is also in the scope', async () => {
    const step = await task.prepare();
    assertFailed(await step.run({ scope: 'rg-app\nrg-app/nobody' }), 'JIT406', 'nobody');
    assertFailed(await step.run({ scope: `${step.vm.subscriptionId}\nrg-none` }), 'JIT406', 'rg-none');
    assertSucceeded(await step.run({ scope: `rg-app\nrg-app/web-01` }));
  });

  it('are a gap with files if their list is a page from elsewhere, or forbidden', async () => {
    await Promise.all(
      (['html', 'forbidden'] as const).map(async (kind) => {
        const step = await task.prepare();
        if (kind === 'html') step.azure.faults.always('vms.list', 'html');
        else step.principal.forbid('Microsoft.Compute/virtualMachines/read');
        const run = await step.run();
        assertFailed(run, kind === 'html' ? 'JIT604' : 'JIT301');
        const { gaps, generatedAt } = reportOf(run);
        assert.equal(gaps[0]?.part, 'vms', kind);
        assert.ok(generatedAt > '2020', generatedAt);
        assertNames(fileOf(run, 'jit-report.html'), 'What is missing');
        assert.doesNotMatch(run.log.join('\n'), /no VM in this scope/);
      }),
    );
  });
});
