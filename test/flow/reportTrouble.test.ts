import assert from 'node:assert/strict';
import { judgeReport } from '../../tasks/JitReport/JitReportV1/src/judge/verdict';
import { CodedError } from '../../tasks/shared/core/errors';
import type { Inventory } from '../../tasks/JitReport/JitReportV1/src/azure/inventory';
import { notReached, senselessAnswer, serverError } from '../../tasks/shared/messages/failures';
import { DEFAULT_SUBSCRIPTION } from '../support/azure';
import { AGENT_START, aReportWorkflow, coverOf, FAR, gapsOf } from './reportWorkflow';
import { HOUR, MINUTE } from './workflow';

describe('a report with a missing part', () => {
  it('keeps what came before a page that failed', async () => {
    const { azure, run, world: context } = aReportWorkflow({ listPageSize: 2 });
    for (let at = 0; at < 4; at++) azure.addVm({ name: `vm-${String(at)}`, subnet: `s${String(at)}` });
    azure.next('vms.list', () => undefined, serverError('x', 503, 'y'));
    const report = await run();
    assert.deepEqual(Object.keys(coverOf(report)).toSorted(), ['vm-0', 'web-01']);
    assert.deepEqual(gapsOf(report), ['vms JIT602']);
    assert.equal(context.texts('warning').length, 1);
  });

  it('does not use the first part of a list that failed later', async () => {
    const { azure, make } = aReportWorkflow({ listPageSize: 2 });
    for (let at = 0; at < 4; at++) azure.addVm({ name: `vm-${String(at)}`, subnet: `s${String(at)}` });
    azure.next('nics.list', () => undefined, serverError('x', 503, 'y'));
    const made = await make();
    const cover = coverOf(made.report);
    assert.deepEqual(
      [cover['web-01'], cover['vm-0'], cover['vm-1'], cover['vm-3']],
      ['configured', 'notConfigured', 'unknown', 'unknown'],
    );
    assert.equal(made.report.counts.unknown, 3);
    assert.equal(judgeReport(made.report, made.gaps, 'notConfigured')?.code, 'JIT602');
  });

  it('reports a subscription that cannot be read together with one that can', async () => {
    const { azure, make } = aReportWorkflow();
    azure.addVm({ name: 'far-01', subscriptionId: FAR });
    azure.principal.permissions = azure.principal.permissions.map((permission) => ({
      ...{ ...permission, scope: `/subscriptions/${DEFAULT_SUBSCRIPTION}` },
    }));
    const made = await make({ scope: `${FAR}\n${DEFAULT_SUBSCRIPTION}` });
    assert.deepEqual(coverOf(made.report), { 'web-01': 'configured' });
    const { gaps } = made.report;
    assert.ok(gaps.every(({ code, scope }) => code === 'JIT301' && scope === `/subscriptions/${FAR}`));
    assert.deepEqual(
      gaps.map(({ part, action }) => `${part} ${action ?? ''}`.split('/').at(0)),
      [
        'vms Microsoft.Compute',
        ...['Interfaces', 'Groups', 'Networks'].map(() => 'network Microsoft.Network'),
        'assessments Microsoft.Security',
        'activityLog Microsoft.Insights',
      ],
    );
    assert.equal(judgeReport(made.report, made.gaps, 'nothing'), undefined);
    assert.equal(judgeReport(made.report, made.gaps, 'openToInternet')?.code, 'JIT301');
  });

  it('shows VMs whose policies were not read as unknown, and VMs without Defender as uncovered', async () => {
    const { azure, run } = aReportWorkflow();
    azure.addVm({ name: 'apart-01', resourceGroup: 'rg-apart' });
    azure.next('policies.list', serverError('x', 503, 'y'));
    const report = await run();
    assert.deepEqual(
      [coverOf(report), gapsOf(report)],
      [{ 'apart-01': 'notConfigured', 'web-01': 'unknown' }, ['policies JIT602']],
    );
    const off = new CodedError({ code: 'JIT302', seen: 'Off.', remedy: 'Turn it on.' });
    azure.next('policies.list', off);
    assert.deepEqual(coverOf(await run()), { 'apart-01': 'notConfigured', 'web-01': 'notConfigured' });
  });

  it("has the agent's time as its date if the response did not come from Azure", async () => {
    const { azure, run, policy, vm, world: context } = aReportWorkflow();
    policy.requestByOther({ vm, port: 22, sources: ['20.9.9.9'], durationMs: HOUR });
    const noTime = senselessAnswer('Azure', 'it is a page');
    azure.always('vms.list', noTime);
    const azureNow = () => {
      throw noTime;
    };
    const report = await run({ days: '2' }, { ...azure.inventory, azureNow });
    const at = AGENT_START + context.clock.now();
    assert.deepEqual(
      [report.generatedAt, report.period.to, report.period.from],
      [at, at, at - 48 * HOUR].map((time) => new Date(time).toISOString()),
    );
    assert.deepEqual(gapsOf(report), ['vms JIT604']);
  });

  it('has a gap if the resources changed between two lists', async () => {
    const { azure, make } = aReportWorkflow();
    azure.addVm({ name: 'new-01', subnet: 'b' });
    const inventory: Inventory = {
      ...azure.inventory,
      async *nics(id, limit) {
        for await (const page of azure.inventory.nics(id, limit))
          yield page.filter((nic) => !nic.id.includes('new-01'));
      },
    };
    const made = await make({}, inventory);
    assert.deepEqual([coverOf(made.report)['new-01'], gapsOf(made.report)], ['unknown', ['network JIT406']]);
    assert.match(made.report.gaps[0]?.scope ?? '', /new-01$/);
    for (const failOn of ['notConfigured', 'openToInternet'] as const) {
      assert.equal(judgeReport(made.report, made.gaps, failOn)?.code, 'JIT406', failOn);
    }
  });

  it('has a gap if the kind of a public address that no NSG filters is unknown', async () => {
    const { azure, make } = aReportWorkflow();
    azure.addVm({ name: 'bare-01', nicNsg: false, vnet: 'vnet-bare', publicIp: '20.60.1.12' });
    const inventory: Inventory = {
      ...azure.inventory,
      publicAddress: async (id, limit) => ({
        ...(await azure.inventory.publicAddress(id, limit)),
        sku: 'unknown',
      }),
    };
    const made = await make({}, inventory);
    assert.deepEqual(gapsOf(made.report), ['network JIT604']);
    assert.equal(judgeReport(made.report, made.gaps, 'openToInternet')?.code, 'JIT604');
  });

  it('shows active requests whose rules were not read as active requests', async () => {
    const { azure, policy, vm, run } = aReportWorkflow();
    policy.requestByOther({ vm, port: 22, sources: ['20.9.9.9'], durationMs: HOUR });
    azure.always('nsgs.list', serverError('x', 503, 'y'));
    const report = await run();
    assert.deepEqual([report.liveRequests[0]?.rules, report.counts.openPorts], ['unknown', 1]);
  });

  it('takes the requests from the policy if the log is missing, and from the log if the policy is missing', async () => {
    const { azure, policy, vm, run } = aReportWorkflow({ activityLogCarries: 'requestBody' });
    policy.requestByOther({ vm, port: 22, sources: ['20.9.9.9'], durationMs: HOUR, requestor: 'ana' });
    azure.next('activityLog', serverError('x', 503, 'y'));
    const found = async () =>
      (await run()).requests.map((one) => [one.found, one.who, one.vmName, one.result]);
    assert.deepEqual(await found(), [['policy', 'ana', 'web-01', 'granted']]);
    azure.next('policies.list', serverError('x', 503, 'y'));
    assert.deepEqual(await found(), [['activityLog', 'ana', 'web-01', 'granted']]);
  });
});

describe('a report that cannot be created', () => {
  const codeOf = async (work: Promise<unknown>): Promise<string> => {
    try {
      await work;
      return 'none';
    } catch (error) {
      return error instanceof CodedError ? error.code : String(error);
    }
  };

  it('ends with the code for a scope that does not exist', async () => {
    const { make, vm } = aReportWorkflow();
    assert.equal(await codeOf(make({ scope: `${vm.id},rg-none` })), 'JIT406');
    assert.equal(await codeOf(make({ scope: FAR })), 'JIT406');
    assert.equal(await codeOf(make({ scope: 'rg-app/none' })), 'JIT406');
  });

  it('ends with an error that affects every part, wherever it occurs', async () => {
    for (const kind of ['vms.list', 'nics.list', 'policies.list', 'assessments', 'activityLog'] as const) {
      const { azure, make } = aReportWorkflow();
      azure.next(kind, new CodedError({ code: 'JIT202', seen: 'No.', remedy: 'Do.' }));
      assert.equal(await codeOf(make()), 'JIT202', kind);
    }
  });

  it('ends with the error that prevented every response', async () => {
    const { azure, make } = aReportWorkflow();
    azure.always('vms.list', notReached('Azure', 'it is away'));
    const azureNow = () => {
      throw senselessAnswer('Azure', 'no time');
    };
    assert.equal(await codeOf(make({}, { ...azure.inventory, azureNow })), 'JIT603');
    const { make: other, azure: answering } = aReportWorkflow();
    assert.equal(await codeOf(other({}, { ...answering.inventory, azureNow })), 'JIT604');
  });

  it('ends immediately when it is canceled, and sends nothing more', async () => {
    for (const kind of ['vms.list', 'nsgs.list', 'policies.list', 'assessments', 'activityLog'] as const) {
      const { azure, world: context, make } = aReportWorkflow();
      azure.always(kind, 'hang');
      context.clock.at(3000, () => {
        context.cancel();
      });
      assert.notEqual(await codeOf(make()), 'none', kind);
      assert.ok(context.clock.now() < 4000, kind);
      const requested = azure.calls.length;
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(azure.calls.length, requested, kind);
      assert.deepEqual(context.texts('warning'), [], kind);
    }
  });

  it('does not wait forever: a part without a response for an hour is a gap', async () => {
    const { azure, world: context, run } = aReportWorkflow();
    azure.always('assessments', 'hang');
    const report = await run();
    assert.deepEqual(gapsOf(report).slice(0, 1), ['assessments JIT603']);
    assert.ok(context.clock.now() <= HOUR + MINUTE, String(context.clock.now()));
    assert.deepEqual(coverOf(report), { 'web-01': 'configured' });
  });
});
