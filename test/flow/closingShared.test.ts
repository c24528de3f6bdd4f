import assert from 'node:assert/strict';
import { notFound, serverError } from '../../tasks/shared/messages/failures';
import type { AccessRequest, Policy } from '../../tasks/shared/core/policy';
import { AGENT, START } from '../support/fakes/fakeContext';
import { close, noted } from './closing';
import { aWorkflow, HOUR, MINUTE, type RawInputs, type Workflow } from './workflow';

const OTHER = '20.70.1.1';
const DELETE = 'Microsoft.Network/networkSecurityGroups/securityRules/delete';

async function opened(
  given: Parameters<typeof aWorkflow>[0] = {},
  inputs: RawInputs = {},
): Promise<Workflow> {
  const workflow = aWorkflow(given);
  assert.deepEqual((await workflow.run(inputs)).codes, []);
  return workflow;
}
const byOther = (
  { policy, vm }: Workflow,
  sources: readonly string[],
  durationMs: number,
  port = 22,
): void => {
  policy.requestByOther({ vm, port, sources, durationMs, justification: 'buildId=7' });
};
const active = ({ policy }: Workflow) =>
  policy.liveGrants().map(({ port, sources, endsAt }) => ({ port, sources: [...sources].sort(), endsAt }));
const pass = ({ context }: Workflow, ms: number) => context.clock.sleep(ms, context.signal);
/** Something happens when the rules are read for the first time. */
const onRules = ({ azure }: Workflow, happen: () => void): void => {
  let isFirst = true;
  azure.always('nsg', () => {
    if (isFirst) happen();
    isFirst = false;
  });
};
/** Leaves requests out of the answers about the policy, as many times as said. */
function hide(workflow: Workflow, isHidden: (request: AccessRequest) => boolean, times = Infinity): void {
  const { jit } = workflow.context;
  const read = jit.getPolicy.bind(jit);
  let left = times;
  Object.assign(jit, {
    getPolicy: async (...given: Parameters<typeof read>): Promise<Policy> => {
      const policy = await read(...given);
      return left-- > 0 ? { ...policy, requests: policy.requests.filter((one) => !isHidden(one)) } : policy;
    },
  });
}

describe("closing beside other runs' requests for the source", () => {
  const NONE = { settings: { supersession: 'none' as const } };

  it('stays open until the last of them ends, in whatever order they are', async () => {
    for (const times of [
      [30, 90],
      [90, 30],
    ]) {
      const workflow = await opened(NONE);
      for (const minutes of times) byOther(workflow, ['20.50.0.0/16'], minutes * MINUTE);
      const [outcome] = await close(workflow);
      assert.ok(outcome?.kind === 'open');
      assert.ok(outcome.until !== undefined && outcome.until > START + 85 * MINUTE, times.join());
    }
  });

  it('names the part of the source that they hold', async () => {
    const workflow = await opened(NONE, { sourceIp: `${AGENT},20.50.9.9,20.50.8.8` });
    byOther(workflow, [AGENT], HOUR);
    byOther(workflow, ['20.50.9.0/24'], HOUR);
    const [outcome] = await close(workflow);
    assert.ok(outcome?.kind === 'open');
    assert.deepEqual(outcome.sources, [AGENT, '20.50.9.9']);
  });

  it('stays open until theirs ends where the own rule stays until before', async () => {
    const workflow = await opened({ settings: { supersession: 'none', honoursEarlyEnd: false } });
    workflow.azure.principal.forbid(DELETE);
    byOther(workflow, ['*'], 2 * HOUR);
    const [outcome] = await close(workflow);
    assert.ok(outcome?.kind === 'open');
    assert.ok(outcome.until !== undefined && outcome.until > START + 115 * MINUTE);
    assert.match(outcome.why, /still allows it/);
  });

  it('sees its own rule that stays behind theirs for more', async () => {
    const workflow = await opened({ settings: { supersession: 'none', honoursEarlyEnd: false } });
    workflow.azure.principal.forbid(DELETE);
    byOther(workflow, ['*'], 5 * MINUTE);
    const [outcome] = await close(workflow);
    assert.ok(outcome?.kind === 'open');
    assert.equal(outcome.until, noted(workflow)[0]?.endsAt);
  });

  it('leaves rules of theirs alone, for just the same, for more and for a part', async () => {
    const workflow = await opened(NONE);
    byOther(workflow, [AGENT], 90 * MINUTE);
    byOther(workflow, ['20.50.1.0/24'], 30 * MINUTE);
    const rule = {
      ...{ name: 'MicrosoftDefenderForCloud-JITRule-77-0123456789ABCDEF0123456789ABCDEF', priority: 150 },
      ...{ access: 'Allow' as const, sources: ['20.50.1.0/25'], destinationPorts: ['22'] },
    };
    workflow.vm.nicNsg?.addRule(rule);
    workflow.vm.subnetNsg?.addRule(rule);
    const [outcome] = await close(workflow);
    assert.ok(outcome?.kind === 'open');
    assert.ok(outcome.until !== undefined && outcome.until > START + 85 * MINUTE);
    assert.match(outcome.why, /other active requests hold the source/);
    assert.equal(workflow.count('rule.delete'), 0);
  });

  it('is over when their policy is gone by then, and not when it cannot be read', async () => {
    for (const [failure, kind] of [
      [notFound('just-in-time policy', 'jit-web'), 'closed'],
      [serverError('x', 503, 'y'), 'open'],
    ] as const) {
      const workflow = await opened(NONE);
      byOther(workflow, ['20.50.0.0/16'], HOUR);
      onRules(workflow, () => {
        workflow.azure.always('policy.get', failure);
        if (kind === 'closed') workflow.azure.removePolicy('jit-web');
      });
      assert.equal((await close(workflow))[0]?.kind, kind);
    }
  });

  it('does not change what never opened', async () => {
    const workflow = aWorkflow(NONE);
    const [policy] = await workflow.azure.jit.listPolicies(workflow.vm.subscriptionId, 'rg-app', {
      signal: workflow.context.signal,
      remainingMs: () => HOUR,
    });
    const [entry] = policy?.vms ?? [];
    const [rule] = entry?.ports ?? [];
    assert.ok(policy && entry && rule);
    const requested = { vm: entry.vm, port: 22, sources: [AGENT], endsAt: START + HOUR };
    workflow.ledger.requesting(policy, [{ requested, planned: { rule, own: [AGENT], others: undefined } }]);
    byOther(workflow, ['*'], 5 * MINUTE);
    const [outcome] = await close(workflow);
    assert.ok(outcome?.kind === 'closed');
    assert.equal(outcome.how, 'neverOpened');
  });
});

describe("closing that has cut off another run's request", () => {
  const cutOff = async (inputs: RawInputs = {}, sources = [OTHER], port = 22) => {
    const workflow = aWorkflow({ settings: { supersession: 'none' } });
    byOther(workflow, sources, 90 * MINUTE, port);
    assert.deepEqual((await workflow.run(inputs)).codes, []);
    return workflow;
  };
  const END = START + 90 * MINUTE;

  it('says for whom it requests it again', async () => {
    const workflow = await cutOff();
    workflow.azure.settings.supersession = 'vm+port';
    await close(workflow);
    const lines = workflow.context.texts('line').filter((text) => text.startsWith('Keeping'));
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? '', /20\.70\.1\.1.*buildId=7/);
  });

  it('requests it again for its own port alone', async () => {
    const workflow = await cutOff({ ports: '22,3389' });
    workflow.azure.settings.supersession = 'vm+port';
    await close(workflow);
    assert.deepEqual(active(workflow), [{ port: 22, sources: [OTHER], endsAt: END }]);
  });

  it('requests it again also where its own range covers it', async () => {
    const workflow = await cutOff({ sourceIp: '20.50.1.0/24' }, ['20.50.1.9']);
    workflow.azure.settings.supersession = 'vm+port';
    await close(workflow);
    assert.deepEqual(active(workflow), [{ port: 22, sources: ['20.50.1.9'], endsAt: END }]);
  });

  it('requests nothing again that its owner has requested anew, nor what is gone', async () => {
    const anew = await cutOff();
    anew.azure.settings.supersession = 'vm+port+source';
    anew.azure.next('initiate', () => {
      byOther(anew, [OTHER], 2 * HOUR);
    });
    await close(anew);
    assert.equal(anew.count('initiate'), 2);
    const gone = await cutOff();
    gone.azure.next('initiate', () => {
      hide(gone, ({ justification }) => justification === 'buildId=7');
    });
    await close(gone);
    assert.equal(gone.count('initiate'), 2);
  });

  it('says what it keeps also where the source stays open by a third run', async () => {
    const workflow = await cutOff();
    workflow.azure.settings.supersession = 'vm+port';
    onRules(workflow, () => {
      workflow.azure.settings.supersession = 'none';
      workflow.azure.settings.ruleDelayMs = Infinity;
      byOther(workflow, ['20.50.0.0/16'], 30 * MINUTE);
    });
    const [outcome] = await close(workflow);
    assert.ok(outcome?.kind === 'open');
    assert.deepEqual(outcome.kept, { sources: [OTHER], endsAt: END });
  });
});

describe('the requests that are ended', () => {
  it('are none whose own end is as near: a second of clocks does not count', async () => {
    for (const [left, asks] of [
      [4000, 1],
      [8500, 1],
      [9000, 1],
      [9001, 2],
    ] as const) {
      const workflow = await opened();
      const end = noted(workflow)[0]?.endsAt ?? 0;
      await pass(workflow, end - left - workflow.azure.now());
      await close(workflow);
      assert.equal(workflow.count('initiate'), asks, String(left));
    }
  });

  it('are none of those that another one of the step has replaced', async () => {
    const workflow = await opened();
    const [entry] = noted(workflow);
    assert.ok(entry);
    const over = { ...entry, startedAt: new Date(START - MINUTE).toISOString(), over: true as const };
    assert.equal((await close(workflow, [over, entry])).length, 1);
    const before = workflow.azure.calls.length;
    assert.deepEqual(await close(workflow, [over]), []);
    assert.equal(workflow.azure.calls.length, before, 'there is nothing to be asked');
  });

  it('are those that one of three readings of the policy shows', async () => {
    for (const [times, lists] of [
      [2, 0],
      [3, 1],
    ] as const) {
      const workflow = await opened();
      const [reads, asked] = [workflow.count('policy.get'), workflow.count('policies.list')];
      hide(workflow, () => true, times);
      workflow.azure.next('policies.list', () => {
        assert.equal(workflow.count('policy.get') - reads, 3);
      });
      assert.equal((await close(workflow))[0]?.kind, 'closed');
      assert.deepEqual([workflow.count('initiate'), workflow.count('policies.list') - asked], [2, lists]);
    }
  });

  it('are looked for only until their end', async () => {
    const workflow = await opened();
    await pass(workflow, 4 * HOUR);
    hide(workflow, () => true);
    const [gets, lists] = [workflow.count('policy.get'), workflow.count('policies.list')];
    const [outcome] = await close(workflow);
    assert.equal(outcome?.kind, 'closed');
    assert.deepEqual([workflow.count('policy.get') - gets, workflow.count('policies.list') - lists], [2, 0]);
  });

  it('are all of them, when one of two is shown late, or by the list alone', async () => {
    for (const times of [1, Infinity]) {
      const workflow = await opened({}, { ports: '22' });
      await pass(workflow, MINUTE);
      assert.deepEqual((await workflow.run({ ports: '3389' })).codes, []);
      const [, second] = noted(workflow);
      hide(workflow, ({ startedAt }) => startedAt === second?.startedAt, times);
      const outcomes = await close(workflow);
      assert.deepEqual(
        outcomes.map(({ kind }) => kind),
        ['closed', 'closed'],
      );
      assert.deepEqual(active(workflow), []);
    }
  });

  it('are those of the policy itself where the list shows less', async () => {
    const workflow = await opened({}, { ports: '22' });
    await pass(workflow, MINUTE);
    assert.deepEqual((await workflow.run({ ports: '3389' })).codes, []);
    const [, second] = noted(workflow);
    hide(workflow, ({ startedAt }) => startedAt === second?.startedAt);
    const { jit } = workflow.context;
    const list = jit.listPolicies.bind(jit);
    Object.assign(jit, {
      listPolicies: async (...given: Parameters<typeof list>) =>
        (await list(...given)).map((policy) => ({ ...policy, requests: [] })),
    });
    await close(workflow);
    assert.deepEqual(
      active(workflow).map(({ port }) => port),
      [3389],
      'the one that is shown is ended',
    );
  });
});
