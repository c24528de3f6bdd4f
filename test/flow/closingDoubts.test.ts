import assert from 'node:assert/strict';
import { parsePrefixes, type Prefix } from '../../tasks/shared/core/prefixes';
import { serverError } from '../../tasks/shared/messages/failures';
import { toOpened } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/state';
import { AGENT, START } from '../support/fakes/fakeContext';
import { close, DELETE } from './closing';
import { aWorkflow, HOUR, type Workflow } from './workflow';

const OTHER = '20.70.1.1';
const INITIATE = 'Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action';

/** Notes a request as sent, with its response still pending. */
async function request(
  workflow: Workflow,
  port: number,
  others?: { sources: readonly Prefix[]; endsAt: number },
) {
  const [policy] = await workflow.azure.jit.listPolicies(workflow.vm.subscriptionId, 'rg-app', {
    signal: workflow.context.signal,
    remainingMs: () => HOUR,
  });
  const [entry] = policy?.vms ?? [];
  assert.ok(policy && entry);
  const requested = { vm: entry.vm, port, sources: parsePrefixes([AGENT]), endsAt: START + HOUR };
  const ports = [{ requested, planned: { own: requested.sources, others } }];
  workflow.ledger.requesting([{ policy, ports }]);
}

/** Azure carries out a request at a given time. The request ends at the same time as the noted one. */
const carryOut = ({ context: context, policy, vm }: Workflow, port: number, atMs: number): void => {
  context.clock.at(atMs, () => {
    policy.requestByOther({ vm, port, sources: [AGENT], durationMs: HOUR - atMs });
  });
};

describe('closing with uncertain information', () => {
  it('waits for a request that Azure carries out late, and closes it', async () => {
    const workflow = aWorkflow();
    await request(workflow, 22);
    carryOut(workflow, 22, 3000);
    const outcomes = await close(workflow);
    assert.deepEqual(
      outcomes.map(({ kind, opened }) => [kind, opened.startedAt !== undefined]),
      [['closed', true]],
    );
    assert.deepEqual(workflow.policy.liveGrants(), []);
  });

  it('does not report that a request never arrived while a rule allows its source', async () => {
    const workflow = aWorkflow();
    await request(workflow, 22);
    workflow.vm.nicNsg?.addRule({ name: 'by-hand', priority: 300, access: 'Allow', sources: [AGENT] });
    workflow.vm.subnetNsg?.addRule({ name: 'by-hand', priority: 300, access: 'Allow', sources: [AGENT] });
    const [outcome] = await close(workflow);
    assert.equal(outcome?.kind, 'open');
    assert.equal(workflow.count('rule.delete'), 0);
  });

  it('does not report that either while a rule for some source ports allows its source', async () => {
    const workflow = aWorkflow();
    await request(workflow, 22);
    const rule = { name: 'by-hand', priority: 300, access: 'Allow', sources: [AGENT] } as const;
    const sourcePorts = ['1024-65535'];
    workflow.vm.nicNsg?.addRule({ ...rule, sourcePorts });
    workflow.vm.subnetNsg?.addRule({ ...rule, sourcePorts });
    const [outcome] = await close(workflow);
    assert.deepEqual([outcome?.kind, outcome?.kind === 'open' && outcome.until], ['open', undefined]);
  });

  it('does not report that either when the rules cannot be read', async () => {
    const workflow = aWorkflow();
    await request(workflow, 22);
    workflow.azure.principal.forbid('Microsoft.Network/networkInterfaces/read');
    const [outcome] = await close(workflow);
    assert.ok(outcome?.kind === 'open');
    assert.equal(outcome.until, START + HOUR);
    assert.match(outcome.why, /policy does not list the request/);
  });

  for (const supersession of ['vm+port', 'vm+port+source'] as const) {
    it(`closes a request that Azure carried out with an additional source in its own notation (${supersession})`, async () => {
      const workflow = aWorkflow({ settings: { supersession } });
      await request(workflow, 22);
      const sources = [AGENT, 'Internet'];
      workflow.policy.requestByOther({ vm: workflow.vm, port: 22, sources, durationMs: HOUR });
      const [outcome] = await close(workflow);
      assert.equal(outcome?.kind, 'closed');
      assert.deepEqual(outcome.opened.sources, parsePrefixes([AGENT]));
      assert.deepEqual(workflow.vm.nicNsg?.jitAllowRules(), []);
    });
  }

  it('reports that the request never arrived when neither the policy nor the rules show it', async () => {
    const workflow = aWorkflow();
    await request(workflow, 22);
    const [outcome] = await close(workflow);
    assert.deepEqual([outcome?.kind, outcome?.kind === 'closed' && outcome.how], ['closed', 'neverOpened']);
    assert.ok(workflow.count('nsg') > 0);
  });

  it('finds two requests whose responses were lost, each separately', async () => {
    const workflow = aWorkflow();
    await request(workflow, 22);
    await request(workflow, 3389);
    carryOut(workflow, 22, 0);
    carryOut(workflow, 3389, 0);
    await workflow.context.clock.sleep(1, workflow.context.signal);
    const outcomes = await close(workflow);
    assert.ok(outcomes.every((outcome) => outcome.kind === 'closed' && outcome.how === 'verified'));
    assert.deepEqual(workflow.policy.liveGrants(), []);
  });

  it('waits for the later one of two requests whose responses were lost', async () => {
    const workflow = aWorkflow();
    await request(workflow, 22);
    await request(workflow, 3389);
    carryOut(workflow, 22, 0);
    carryOut(workflow, 3389, 3000);
    await workflow.context.clock.sleep(1, workflow.context.signal);
    const outcomes = await close(workflow);
    assert.ok(outcomes.every((outcome) => outcome.kind === 'closed' && outcome.how === 'verified'));
    assert.deepEqual(workflow.policy.liveGrants(), []);
  });

  it('continues with what it has read when the policy cannot be read again', async () => {
    const workflow = aWorkflow();
    await request(workflow, 22);
    workflow.azure.next('policy.get', () => undefined, serverError('x', 503, 'y'));
    const [outcome] = await close(workflow);
    assert.deepEqual([outcome?.kind, outcome?.kind === 'closed' && outcome.how], ['closed', 'neverOpened']);
  });

  it('does not read the list of the group for a request with a lost response that the policy shows', async () => {
    const workflow = aWorkflow();
    await request(workflow, 22);
    carryOut(workflow, 22, 0);
    await workflow.context.clock.sleep(1, workflow.context.signal);
    const before = workflow.count('policies.list');
    await close(workflow);
    assert.equal(workflow.count('policies.list'), before);
  });

  it('requests nothing without a source, because Azure would use the address that the call comes from', async () => {
    const workflow = aWorkflow();
    await request(workflow, 22);
    const [entry] = toOpened([], workflow.ledger);
    assert.ok(entry);
    workflow.policy.requestByOther({ vm: workflow.vm, port: 22, sources: ['Internet'], durationMs: HOUR });
    await close(workflow, [{ ...entry, sources: undefined }]);
    assert.equal(workflow.count('initiate'), 0);
  });

  it('keeps what was requested for others, and the protocol, while the response is pending', async () => {
    const workflow = aWorkflow();
    const others = { sources: parsePrefixes([OTHER]), endsAt: START + HOUR };
    await request(workflow, 22, others);
    const [noted] = toOpened([], workflow.ledger);
    assert.deepEqual(noted?.others, others);
    assert.equal(noted.protocol, '*');
  });

  it('does not delete a rule that others use if their access could not be requested again', async () => {
    const workflow = aWorkflow({ settings: { supersession: 'vm+port' } });
    workflow.policy.requestByOther({ vm: workflow.vm, port: 22, sources: [OTHER], durationMs: HOUR });
    await workflow.run({ shareActiveRequests: 'true' });
    workflow.azure.principal.forbid(INITIATE);
    const [outcome] = await close(workflow);
    assert.equal(outcome?.kind, 'open');
    assert.equal(workflow.count('rule.delete'), 0);
    assert.ok(workflow.vm.nicNsg?.jitAllowRules().length);
  });

  it('does not report a request as closed that is not initiated yet, because its rule might still be written', async () => {
    const workflow = aWorkflow({ settings: { ruleDelayMs: 90_000, initiatingMs: 90_000 } });
    await workflow.run({ waitFor: 'nothing' });
    workflow.azure.principal.forbid(INITIATE, DELETE);
    const [outcome] = await close(workflow);
    assert.equal(outcome?.kind, 'open');
  });
});
