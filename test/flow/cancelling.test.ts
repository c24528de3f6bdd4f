import assert from 'node:assert/strict';
import type { Kind } from '../support/azure';
import { aWorkflow, HOUR, MINUTE, type Workflow } from './workflow';

const whatIsOpen = ({ ledger }: Workflow) => ({
  open: ledger.open.map(({ port }) => port),
  perhaps: ledger.perhaps.map(({ requested }) => requested.port),
});

describe('cancellation', () => {
  for (const kind of ['policies.list', 'vm', 'nic', 'subnet'] as const satisfies readonly Kind[]) {
    it(`prevents the request when it comes while ${kind} is read`, async () => {
      const workflow = aWorkflow();
      workflow.azure.next(kind, () => {
        workflow.context.cancel();
      });
      await workflow.run();
      assert.equal(workflow.count('initiate'), 0);
      assert.deepEqual(workflow.policy.liveGrants(), []);
      assert.deepEqual(whatIsOpen(workflow), { open: [], perhaps: [] });
    });

    it(`ends the step immediately when ${kind} hangs`, async () => {
      const workflow = aWorkflow();
      workflow.azure.always(kind, 'hang');
      workflow.context.clock.at(3000, () => {
        workflow.context.cancel();
      });
      assert.notEqual((await workflow.run()).thrown, undefined);
      assert.ok(workflow.context.clock.now() < 5000);
      assert.deepEqual(whatIsOpen(workflow), { open: [], perhaps: [] });
    });
  }

  it('keeps a record of what might be open if the request is in progress', async () => {
    const workflow = aWorkflow();
    workflow.azure.always('initiate', 'hang');
    workflow.context.clock.at(3000, () => {
      workflow.context.cancel();
    });
    await workflow.run({ ports: '22,3389' });
    assert.deepEqual(whatIsOpen(workflow), { open: [], perhaps: [22, 3389] });
    assert.ok(workflow.context.clock.now() < 5000);
  });

  it('distinguishes what is open from what might be open if one of two requests was answered', async () => {
    const workflow = aWorkflow();
    const { azure, vm, context: context } = workflow;
    const other = azure.addVm({ name: 'db-01' });
    const ports = [{ number: 1433, protocol: 'TCP', sources: '*', maxRequestAccessDuration: 'PT3H' }];
    azure.addPolicy({
      name: 'jit-db',
      vms: [{ vm: other, ports: [...ports, { ...ports[0]!, number: 22 }] }],
    });
    azure.next('initiate', () => undefined, 'hang');
    context.clock.at(3000, () => {
      context.cancel();
    });
    await workflow.run({ vmResourceId: `${vm.id}\n${other.id}` });
    assert.deepEqual(
      workflow.ledger.open.map((access) => access.vm.name),
      ['web-01'],
    );
    assert.deepEqual(
      workflow.ledger.perhaps.map(({ requested }) => requested.vm.name),
      ['db-01'],
    );
  });

  it('keeps a record of what stays open if it comes during the wait', async () => {
    const workflow = aWorkflow({ settings: { ruleDelayMs: Infinity } });
    workflow.context.clock.at(MINUTE, () => {
      workflow.context.cancel();
    });
    await workflow.run();
    assert.deepEqual(whatIsOpen(workflow), { open: [22], perhaps: [] });
    assert.equal(workflow.context.clock.now(), MINUTE);
  });

  it('keeps a record of a reused request, which stays open as well', async () => {
    const workflow = aWorkflow({ settings: { ruleDelayMs: Infinity } });
    workflow.policy.requestByOther({
      vm: workflow.vm,
      port: 22,
      sources: ['20.50.1.7'],
      durationMs: 2 * HOUR,
    });
    workflow.context.clock.at(MINUTE, () => {
      workflow.context.cancel();
    });
    await workflow.run();
    assert.deepEqual(whatIsOpen(workflow), { open: [22], perhaps: [] });
  });

  it('prevents every call if it comes before the start', async () => {
    const workflow = aWorkflow();
    workflow.context.cancel();
    await workflow.run();
    assert.deepEqual(workflow.azure.calls, []);
    assert.deepEqual(whatIsOpen(workflow), { open: [], perhaps: [] });
  });
});

describe('a step that gets no response from Azure', () => {
  for (const kind of ['policies.list', 'vm', 'initiate'] as const satisfies readonly Kind[]) {
    it(`ends with JIT603 when ${kind} is never answered`, async () => {
      const { run, azure, context: context } = aWorkflow();
      azure.always(kind, 'hang');
      assert.deepEqual((await run()).codes, ['JIT603']);
      assert.ok(context.clock.now() <= 2 * MINUTE);
    });
  }
});
