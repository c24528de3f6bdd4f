import assert from 'node:assert/strict';
import { judgeReport } from '../../tasks/JitReport/JitReportV1/src/judge/verdict';
import type { NewAdminRule } from '../support/azure';
import { aReportWorkflow, EVERYBODY, FAR, gapsOf } from './reportWorkflow';

const ACTION = 'Microsoft.Network/virtualNetworks/listNetworkManagerEffectiveSecurityAdminRules/action';
const RULE: NewAdminRule = { name: 'no-ssh', priority: 10, access: 'Deny', sources: ['Internet'] };

describe('a report on networks with security admin rules', () => {
  it('counts what they always allow as open to the internet, and what they deny as closed', async () => {
    const always = aReportWorkflow();
    always.azure.addAdminRule(always.vm, { ...RULE, access: 'AlwaysAllow' });
    const open = await always.run();
    assert.equal(open.counts.openToInternet, 4);
    assert.deepEqual(open.standingPorts[0]?.rules[0]?.attachedTo, 'vnet');

    const denied = aReportWorkflow();
    denied.vm.nicNsg?.addRule(EVERYBODY);
    assert.equal((await denied.run()).counts.openToInternet, 1);
    denied.azure.addAdminRule(denied.vm, RULE);
    const shut = await denied.run();
    assert.deepEqual([shut.counts.openToInternet, gapsOf(shut)], [0, []]);
  });

  it('counts a port as open if two network managers with the same name differ, because their order is not known', async () => {
    const { azure, vm, make } = aReportWorkflow();
    const far = { managerGroup: `/subscriptions/${FAR}/resourceGroups/rg-landing` };
    azure.addAdminRule(vm, { ...RULE, sources: ['*'] });
    azure.addAdminRule(vm, {
      ...RULE,
      ...far,
      priority: 20,
      access: 'AlwaysAllow',
      destinationPorts: ['22'],
    });
    const { report, gaps } = await make();
    assert.equal(report.counts.openToInternet, 1);
    assert.equal(judgeReport(report, gaps, 'openToInternet')?.code, 'JIT422');
  });

  it('reads each network that has VMs once, in whatever subscription', async () => {
    const { azure, run, count } = aReportWorkflow();
    for (let at = 0; at < 5; at++) azure.addVm({ name: `vm-${String(at)}`, subnet: `s${String(at)}` });
    azure.addVm({ name: 'far-01', subscriptionId: FAR });
    await run();
    assert.equal(count('adminRules'), 1);
    await run({ scope: FAR });
    assert.equal(count('adminRules'), 2);
  });

  it('has a gap if they cannot be read, and the gates that depend on them fail', async () => {
    const { azure, make } = aReportWorkflow();
    azure.principal.forbid(ACTION);
    const { report, gaps } = await make();
    assert.deepEqual(
      report.gaps.map(({ part, action }) => [part, action]),
      [['network', ACTION]],
    );
    assert.equal(judgeReport(report, gaps, 'nothing'), undefined);
    for (const failOn of ['openToInternet', 'mayBeOpen', 'notConfigured'] as const)
      assert.equal(judgeReport(report, gaps, failOn)?.code, 'JIT301', failOn);
    // They might allow what the NSGs deny.
    assert.equal(report.vms[0]?.exposure, 'unknown');
  });

  it('has a gap for an invalid rule, and counts the port as possibly open', async () => {
    const { azure, vm, run } = aReportWorkflow();
    azure.addAdminRule(vm, { ...RULE, properties: { access: 'Perhaps' } });
    const report = await run();
    assert.deepEqual(gapsOf(report), ['network JIT604']);
    assert.equal(report.counts.mayBeOpen, 4);
    assert.equal(report.mayBeOpenPorts[0]?.rules[0]?.why, 'senseless');
  });
});
