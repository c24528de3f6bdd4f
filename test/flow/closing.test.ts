import assert from 'node:assert/strict';
import { parsePrefixes } from '../../tasks/shared/core/prefixes';
import { notFound } from '../../tasks/shared/messages/failures';
import { START } from '../support/fakes/fakeContext';
import { close, noted } from './closing';
import { aWorkflow, HOUR, MINUTE, type Workflow } from './workflow';

const CLOSED = { kind: 'closed', how: 'verified' };
const outcomeOf = async (workflow: Workflow) =>
  (await close(workflow)).map((outcome) => ({ ...outcome, opened: undefined }));
const shut = { ...CLOSED, opened: undefined };

async function opened(given: Parameters<typeof aWorkflow>[0] = {}, inputs = {}): Promise<Workflow> {
  const workflow = aWorkflow(given);
  const { codes } = await workflow.run(inputs);
  assert.deepEqual(codes, []);
  return workflow;
}

describe('closing what a step opened', () => {
  it('requests a near end, and reports the port as closed when the rules no longer allow the source', async () => {
    const workflow = await opened();
    assert.deepEqual(await outcomeOf(workflow), [shut]);
    assert.deepEqual(workflow.policy.liveGrants(), []);
    assert.equal(workflow.count('rule.delete'), 0);
    assert.deepEqual(workflow.vm.nicNsg?.jitAllowRules(), []);
  });

  it("requests an end a few seconds ahead of Azure's clock, in one request for all ports", async () => {
    const workflow = await opened({}, { ports: '22,3389' });
    const before = workflow.azure.now();
    const asks: number[] = [];
    const { jit } = workflow.context;
    const initiate = jit.initiate.bind(jit);
    Object.assign(jit, {
      initiate: (...args: Parameters<typeof initiate>) => {
        asks.push(...args[1].ports.map(({ endsAt }) => endsAt - before));
        return initiate(...args);
      },
    });
    assert.deepEqual(await outcomeOf(workflow), [shut, shut]);
    assert.equal(asks.length, 2);
    assert.ok(
      asks.every((ahead) => ahead > 2000 && ahead < 15_000),
      asks.join(),
    );
  });

  it('deletes the allow rules of its own request if an early end is not honored', async () => {
    const workflow = await opened({ settings: { honoursEarlyEnd: false, supersession: 'none' } });
    assert.deepEqual(await outcomeOf(workflow), [shut]);
    assert.equal(workflow.count('rule.delete'), 2);
    assert.deepEqual(workflow.vm.nicNsg?.jitAllowRules(), []);
  });

  it('reports until when the port stays open if neither method works, and never reports it as closed', async () => {
    const workflow = await opened({ settings: { honoursEarlyEnd: false, supersession: 'none' } });
    workflow.azure.principal.forbid('Microsoft.Network/networkSecurityGroups/securityRules/delete');
    const [outcome] = await close(workflow);
    assert.equal(outcome?.kind, 'open');
    assert.ok(outcome.until !== undefined && outcome.until > START + 59 * MINUTE);
    assert.match(outcome.why, /securityRules\/delete/);
  });

  it('does not rely on the request: a rule that stays keeps the port open', async () => {
    const workflow = await opened();
    workflow.azure.settings.ruleRemovalMs = Infinity;
    workflow.azure.principal.forbid('Microsoft.Network/networkSecurityGroups/securityRules/delete');
    const [outcome] = await close(workflow);
    assert.equal(outcome?.kind, 'open');
  });

  it('waits for a rule that is not written yet instead of reporting the port as closed', async () => {
    const workflow = aWorkflow({
      settings: { ruleDelayMs: 5000, honoursEarlyEnd: false, supersession: 'none' },
    });
    await workflow.run({ waitFor: 'nothing' });
    await close(workflow);
    assert.equal(workflow.count('rule.delete'), 2, 'it saw the rules that came late');
  });

  it('names a manually created rule that still allows the source, and leaves it in place', async () => {
    const workflow = await opened();
    workflow.vm.nicNsg?.addRule({
      name: 'by-hand',
      priority: 900,
      access: 'Allow',
      destinationPorts: ['22'],
    });
    workflow.vm.subnetNsg?.addRule({
      name: 'by-hand',
      priority: 900,
      access: 'Allow',
      destinationPorts: ['22'],
    });
    const [outcome] = await close(workflow);
    assert.equal(outcome?.kind, 'open');
    assert.equal(outcome.until, undefined);
    assert.match(outcome.why, /by-hand/);
    assert.equal(workflow.count('rule.delete'), 0);
    assert.ok(workflow.vm.nicNsg?.rules().some(({ name }) => name === 'by-hand'));
  });

  it('does not change another active request for the same port and source', async () => {
    const workflow = await opened({ settings: { supersession: 'none' } });
    const durationMs = 2 * HOUR;
    workflow.policy.requestByOther({ vm: workflow.vm, port: 22, sources: ['20.50.1.7'], durationMs });
    const before = workflow.count('initiate');
    const [outcome] = await close(workflow);
    assert.equal(outcome?.kind, 'open');
    assert.ok(outcome.until !== undefined && outcome.until > START + 110 * MINUTE);
    assert.equal(workflow.count('initiate'), before);
    assert.equal(workflow.count('rule.delete'), 0);
    assert.equal(workflow.policy.liveGrants().length, 2);
  });

  it('does not affect another run with another address', async () => {
    const workflow = await opened();
    const durationMs = HOUR;
    workflow.policy.requestByOther({ vm: workflow.vm, port: 22, sources: ['20.70.1.1'], durationMs });
    assert.deepEqual(await outcomeOf(workflow), [shut]);
    assert.deepEqual(
      workflow.policy.liveGrants().map(({ sources }) => sources),
      [['20.70.1.1']],
    );
  });

  it('can be repeated without further requests', async () => {
    const workflow = await opened();
    const notes = noted(workflow);
    await close(workflow, notes);
    const before = workflow.count('initiate');
    const again = await close(workflow, notes);
    assert.deepEqual(
      again.map(({ kind }) => kind),
      ['closed'],
    );
    assert.equal(workflow.count('initiate'), before);
  });

  it('treats a deleted VM as closed', async () => {
    const workflow = await opened();
    workflow.azure.removeVm(workflow.vm);
    const [outcome] = await close(workflow);
    assert.deepEqual(outcome && { kind: outcome.kind, how: 'how' in outcome && outcome.how }, {
      kind: 'closed',
      how: 'vmGone',
    });
  });

  it('does not treat a VM as deleted because its network interface is not found', async () => {
    const workflow = await opened();
    workflow.azure.always('nic', notFound('network interface', 'web-01-nic'));
    const [outcome] = await close(workflow);
    assert.equal(outcome?.kind, 'open');
    assert.equal(outcome.until, noted(workflow)[0]?.endsAt);
  });

  it('searches for a request whose response was lost, and closes it', async () => {
    const workflow = aWorkflow();
    workflow.azure.next('initiate', 'lostAnswer');
    await workflow.run({ waitFor: 'nothing' });
    assert.equal(workflow.ledger.perhaps.length, 1);
    assert.equal(workflow.policy.liveGrants().length, 1);
    assert.deepEqual(await outcomeOf(workflow), [shut]);
    assert.deepEqual(workflow.policy.liveGrants(), []);
  });

  it('recognizes that a request that never arrived opened nothing', async () => {
    const workflow = await opened({}, { dryRun: 'true' });
    const [policy] = await workflow.azure.jit.listPolicies(workflow.vm.subscriptionId, 'rg-app', {
      signal: workflow.context.signal,
      remainingMs: () => HOUR,
    });
    const [entry] = policy?.vms ?? [];
    assert.ok(policy && entry);
    const requested = { vm: entry.vm, port: 22, sources: parsePrefixes(['20.50.1.7']), endsAt: START + HOUR };
    const [rule] = entry.ports;
    assert.ok(rule);
    const ports = [{ requested, planned: { rule, own: requested.sources, others: undefined } }];
    workflow.ledger.requesting([{ policy, ports }]);
    const [outcome] = await close(workflow);
    assert.deepEqual(outcome && 'how' in outcome && outcome.how, 'neverOpened');
  });

  it('deletes no rule when the policy cannot be read, and reports what stays open', async () => {
    const workflow = await opened();
    workflow.azure.principal.forbid('Microsoft.Security/locations/jitNetworkAccessPolicies/read');
    const [outcome] = await close(workflow);
    assert.equal(outcome?.kind, 'open');
    assert.equal(outcome.until, noted(workflow)[0]?.endsAt);
    assert.equal(workflow.count('rule.delete'), 0, 'no rule is deleted by its looks');
  });

  it('reports what it could not check when the rules cannot be read', async () => {
    const workflow = await opened();
    workflow.azure.principal.forbid('Microsoft.Network/networkSecurityGroups/read');
    const [outcome] = await close(workflow);
    assert.equal(outcome?.kind, 'open');
  });
});
