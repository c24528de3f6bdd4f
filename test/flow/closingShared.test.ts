import { parsePrefixes, textsOf } from '../../tasks/shared/core/prefixes';
import assert from 'node:assert/strict';
import { notFound, serverError } from '../../tasks/shared/messages/failures';
import { AGENT, START } from '../support/fakes/fakeContext';
import { close, DELETE, hide, noted, onRules, opened } from './closing';
import { aWorkflow, HOUR, MINUTE, type RawInputs, type Workflow } from './workflow';

const OTHER = '20.70.1.1';

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

describe("closing with other runs' requests for the source", () => {
  const NONE = { settings: { supersession: 'none' as const } };

  it('reports the port as open until the last of them ends, in any order', async () => {
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

  it('also reports what is open over IPv6', async () => {
    const workflow = await opened({ ...NONE, vm: { ipv6: 'fd00:10::4' } });
    const six = { name: 'six', priority: 900, access: 'Allow' as const, sources: ['::/0'] };
    workflow.vm.nicNsg?.addRule({ ...six, destinationPorts: ['22'] });
    workflow.vm.subnetNsg?.addRule({ ...six, destinationPorts: ['22'] });
    byOther(workflow, ['20.50.0.0/16'], HOUR);
    const [outcome] = await close(workflow);
    assert.equal(outcome?.kind, 'open');
    assert.equal(outcome.overIpv6?.everyAddress, true);
  });

  it('names the part of the source that they hold', async () => {
    const workflow = await opened(NONE, { sourceIp: `${AGENT},20.50.9.9,20.50.8.8` });
    byOther(workflow, [AGENT], HOUR);
    byOther(workflow, ['20.50.9.0/24'], HOUR);
    const [outcome] = await close(workflow);
    assert.ok(outcome?.kind === 'open');
    assert.deepEqual(textsOf(outcome.sources ?? []), [AGENT, '20.50.9.9']);
  });

  it('reports the port as open until their end if its own rule stays until an earlier end', async () => {
    const workflow = await opened({ settings: { supersession: 'none', honoursEarlyEnd: false } });
    workflow.azure.principal.forbid(DELETE);
    byOther(workflow, ['*'], 2 * HOUR);
    const [outcome] = await close(workflow);
    assert.ok(outcome?.kind === 'open');
    assert.ok(outcome.until !== undefined && outcome.until > START + 115 * MINUTE);
    assert.match(outcome.why, /still allowed by/);
  });

  it('detects its own rule that stays behind a wider request of another run', async () => {
    const workflow = await opened({ settings: { supersession: 'none', honoursEarlyEnd: false } });
    workflow.azure.principal.forbid(DELETE);
    byOther(workflow, ['*'], 5 * MINUTE);
    const [outcome] = await close(workflow);
    assert.ok(outcome?.kind === 'open');
    assert.equal(outcome.until, noted(workflow)[0]?.endsAt);
  });

  it('does not change rules of other runs for the same source, for a wider one, or for a part of it', async () => {
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
    assert.match(outcome.why, /Other active requests cover the same source/);
    assert.equal(workflow.count('rule.delete'), 0);
  });

  it('reports the port as closed if their policy is gone by then, but not if it cannot be read', async () => {
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
    const requested = { vm: entry.vm, port: 22, sources: parsePrefixes([AGENT]), endsAt: START + HOUR };
    const ports = [{ requested, planned: { rule, own: parsePrefixes([AGENT]), others: undefined } }];
    workflow.ledger.requesting([{ policy, ports }]);
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

  it('logs for whom it requests that access again', async () => {
    const workflow = await cutOff();
    workflow.azure.settings.supersession = 'vm+port';
    await close(workflow);
    const lines = workflow.context.texts('line').filter((text) => text.startsWith('Keeping'));
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? '', /20\.70\.1\.1.*buildId=7/);
  });

  it('requests that access again for its own port only', async () => {
    const workflow = await cutOff({ ports: '22,3389' });
    workflow.azure.settings.supersession = 'vm+port';
    await close(workflow);
    assert.deepEqual(active(workflow), [{ port: 22, sources: [OTHER], endsAt: END }]);
  });

  it('also requests that access again if its own range covers it', async () => {
    const workflow = await cutOff({ sourceIp: '20.50.1.0/24' }, ['20.50.1.9']);
    workflow.azure.settings.supersession = 'vm+port';
    await close(workflow);
    assert.deepEqual(active(workflow), [{ port: 22, sources: ['20.50.1.9'], endsAt: END }]);
  });

  it('does not request again what its owner has requested again or what is gone', async () => {
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

  it('also reports what it keeps if the source stays open because of a third run', async () => {
    const workflow = await cutOff();
    workflow.azure.settings.supersession = 'vm+port';
    onRules(workflow, () => {
      workflow.azure.settings.supersession = 'none';
      workflow.azure.settings.ruleDelayMs = Infinity;
      byOther(workflow, ['20.50.0.0/16'], 30 * MINUTE);
    });
    const [outcome] = await close(workflow);
    assert.ok(outcome?.kind === 'open');
    assert.deepEqual(outcome.kept, { sources: parsePrefixes([OTHER]), endsAt: END });
  });
});

describe('the access of other runs that a request of this step has taken over', () => {
  const SHARED = { shareActiveRequests: 'true', duration: '3h' };
  const pass = ({ context }: Workflow, ms: number) => context.clock.sleep(ms, context.signal);
  const shared = async (
    supersession: 'none' | 'vm+port',
    sources: readonly string[],
    inputs: RawInputs = SHARED,
  ) => {
    const workflow = aWorkflow({ settings: { supersession } });
    byOther(workflow, sources, 90 * MINUTE);
    assert.deepEqual((await workflow.run(inputs)).codes, []);
    return workflow;
  };
  const keptBy = async (workflow: Workflow, opened = noted(workflow)) => {
    const [outcome] = await close(workflow, opened);
    return outcome?.kept && textsOf(outcome.kept.sources);
  };

  it('is not requested again if they still have a request for it', async () => {
    const workflow = await shared('none', [OTHER]);
    assert.equal(await keptBy(workflow), undefined);
    assert.equal(workflow.count('initiate'), 2);
  });

  it('is requested for them unless they need it for a few seconds only', async () => {
    for (const [left, kept] of [
      [5000, undefined],
      [8000, undefined],
      [8001, [OTHER]],
    ] as const) {
      const workflow = await shared('vm+port', [OTHER]);
      await pass(workflow, START + 90 * MINUTE - left - workflow.azure.now());
      assert.deepEqual(await keptBy(workflow), kept, String(left));
    }
  });

  it('is limited to what the step noted', async () => {
    const workflow = await shared('vm+port', [OTHER, '20.70.1.2']);
    const others = { sources: parsePrefixes(['20.70.1.2']), endsAt: START + 90 * MINUTE };
    const narrowed = noted(workflow).map((entry) => ({ ...entry, others }));
    assert.deepEqual(await keptBy(workflow, narrowed), ['20.70.1.2']);
  });

  it("is no longer requested for them when the step's own request is over", async () => {
    const range = { shareActiveRequests: 'true', duration: '1h', sourceIp: '20.50.1.0/24' };
    const workflow = await shared('vm+port', [OTHER], range);
    await pass(workflow, 70 * MINUTE);
    assert.equal(await keptBy(workflow), undefined);
    assert.equal(workflow.count('initiate'), 1);
  });
});
