import assert from 'node:assert/strict';
import {
  closedText,
  ruleBlocked,
  ruleNeverSeen,
} from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/closing';
import { parsePrefixes } from '../../tasks/shared/core/prefixes';
import { requestRefused } from '../../tasks/shared/messages/failures';
import { RequestError } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/requestError';
import { AGENT, START } from '../support/fakes/fakeContext';
import { close, noted, opened, STUBBORN } from './closing';
import { anyPort, aWorkflow, HOUR, MINUTE, type Workflow } from './workflow';

const OTHER = '20.70.1.1';
const SUBNET_READ = 'Microsoft.Network/virtualNetworks/subnets/read';

/** A subnet that allows everything, as many do: only the NSG on the NIC protects the VM. */
const openSubnet = ({ vm }: Workflow): void => {
  vm.subnetNsg?.addRule({ name: 'everything', priority: 3000, access: 'Allow' });
};

/** The same step again, with a longer duration, so that it requests access again. */
async function attemptAgain(workflow: Workflow): Promise<void> {
  assert.deepEqual((await workflow.run({ duration: '3h' }, noted(workflow))).codes, []);
}

describe('closing what two attempts of a step opened', () => {
  it('reports the rule of a policy that is gone, whatever it requests under the other policy', async () => {
    const workflow = await opened({ settings: { honoursEarlyEnd: false } });
    const { azure, context, vm } = workflow;
    azure.removePolicy('jit-web');
    azure.addPolicy({ name: 'jit-later', vms: [{ vm, ports: [anyPort(22)] }] });
    await attemptAgain(workflow);
    const outcomes = await close(workflow);
    const allowed = vm.nicNsg?.jitAllowRules().filter(({ until }) => until === START + HOUR) ?? [];
    assert.ok(allowed.length > 0, 'the rule of the first attempt is still there');
    assert.deepEqual(
      outcomes.filter(({ kind }) => kind === 'closed'),
      [],
    );
    assert.ok(context.azure.now() < START + HOUR);
  });

  it('does not report one as closed while the service writes a rule again that the other deleted', async () => {
    const settings = { ...STUBBORN, deletedRuleReturns: true, ruleDelayMs: 4000 };
    const workflow = await opened({ settings }, { duration: '1m' });
    await attemptAgain(workflow);
    const { clock, signal } = workflow.context;
    // The first request ends by itself soon, so its rules are checked, and deleted with those of the other, before the
    // near end of the other request.
    await clock.sleep(51_500 - clock.now(), signal);
    const later = noted(workflow).find(({ endsAt }) => endsAt > START + HOUR);
    const outcomes = await close(workflow);
    const outcome = outcomes.find(({ opened: { startedAt } }) => startedAt === later?.startedAt);
    assert.ok(outcome?.kind === 'open');
    assert.equal(outcome.until, later?.endsAt);
  });
});

describe('closing an attempt whose rule is not written yet', () => {
  for (const sources of ['agent', `${AGENT},${OTHER}`]) {
    it(`does not take the rule of an earlier attempt for it (${sources})`, async () => {
      const workflow = await opened({ settings: STUBBORN, ports: [anyPort(22)] }, { sourceIp: sources });
      const { azure, context, vm } = workflow;
      await context.clock.sleep(MINUTE, context.signal);
      azure.settings.ruleDelayMs = 90_000;
      const again = await workflow.run({ duration: '3h', sourceIp: sources }, noted(workflow));
      assert.deepEqual(again.codes, [], 'the rule of the first attempt allows it');
      const later = noted(workflow).find(({ endsAt }) => endsAt > START + HOUR + MINUTE);
      const outcomes = await close(workflow);
      const outcome = outcomes.find(({ opened: { startedAt } }) => startedAt === later?.startedAt);
      assert.ok(outcome?.kind === 'open');
      assert.equal(outcome.until, later?.endsAt);
      assert.equal(outcome.why, ruleNeverSeen);
      await context.clock.sleep(2 * MINUTE, context.signal);
      assert.ok((vm.nicNsg?.jitAllowRules() ?? []).length > 0, 'it was written after the job');
    });
  }

  it('reports both as closed if each had its rule', async () => {
    const workflow = await opened({ settings: STUBBORN });
    const { context } = workflow;
    await context.clock.sleep(MINUTE, context.signal);
    await attemptAgain(workflow);
    await context.clock.sleep(MINUTE, context.signal);
    assert.deepEqual(
      (await close(workflow)).map(({ kind }) => kind),
      ['closed', 'closed'],
    );
  });
});

describe('closing a port that a rule blocks before the rule of its request', () => {
  const blocked = async (settings: object): Promise<Workflow> => {
    const workflow = aWorkflow({ settings, vm: { subnetNsg: false } });
    workflow.vm.nicNsg?.addRule({ name: 'maintenance', priority: 100, access: 'Deny' });
    assert.deepEqual((await workflow.run({ waitTimeout: '20s' })).codes, ['JIT702']);
    return workflow;
  };

  it('does not report it as closed while the request and its rule are active', async () => {
    const workflow = await blocked(STUBBORN);
    const [outcome] = await close(workflow);
    assert.ok(outcome?.kind === 'open');
    assert.equal(outcome.until, START + HOUR);
    assert.equal(outcome.why, ruleBlocked);
  });

  it('reports it as closed if the rule of the request is gone, or goes within seconds', async () => {
    for (const ruleRemovalMs of [0, 4000]) {
      const workflow = await blocked({ supersession: 'none', ruleRemovalMs });
      assert.equal((await close(workflow))[0]?.kind, 'closed');
    }
  });
});

describe('closing a shared port whose rule Azure removes slowly', () => {
  const share = async (ruleRemovalMs: number): Promise<Workflow> => {
    const workflow = aWorkflow({ settings: { supersession: 'vm+port', ruleTargets: 'nic', ruleRemovalMs } });
    openSubnet(workflow);
    const { policy, vm } = workflow;
    policy.requestByOther({ vm, port: 22, sources: [OTHER], durationMs: 30 * MINUTE });
    assert.deepEqual((await workflow.run({ shareActiveRequests: 'true' })).codes, []);
    return workflow;
  };

  it('waits for the removal, and deletes nothing that the other run may still need', async () => {
    const workflow = await share(20_000);
    const [outcome] = await close(workflow);
    assert.ok(outcome?.kind === 'closed');
    assert.deepEqual(outcome.kept?.sources, parsePrefixes([OTHER]));
    assert.equal(workflow.count('rule.delete'), 0);
  });

  it('does not call the rule permanent access if that takes too long', async () => {
    const [outcome] = await close(await share(60_000));
    assert.ok(outcome?.kind === 'open');
    assert.match(outcome.why, /^The request of this step has ended, but it is still allowed by the rule/);
    assert.doesNotMatch(outcome.why, /everything/, 'only what will be removed is named');
  });
});

describe('what closing says about the request when it cannot read the rules', () => {
  const WITHOUT_RULES = 'the NSG rules could not be read to verify that they do not allow it';
  const whyOf = async (workflow: Workflow): Promise<string> => {
    workflow.azure.principal.forbid(SUBNET_READ);
    const [outcome] = await close(workflow);
    assert.ok(outcome?.kind === 'open');
    assert.equal(outcome.isAllowed, false);
    return outcome.why;
  };

  it('is that an earlier end was requested, if it was', async () => {
    const workflow = await opened();
    assert.ok((await whyOf(workflow)).startsWith(`An earlier end was requested, but ${WITHOUT_RULES}`));
    assert.equal(workflow.count('initiate'), 2);
  });

  it('is that the request is over, if it ended by itself', async () => {
    const workflow = await opened({}, { duration: '1m' });
    await workflow.context.clock.sleep(2 * MINUTE, workflow.context.signal);
    assert.ok((await whyOf(workflow)).startsWith(`The request is no longer active, but ${WITHOUT_RULES}`));
    assert.equal(workflow.count('initiate'), 1);
  });

  it('is that it could not be ended, and why, if Azure refused that', async () => {
    const workflow = await opened();
    const { jit } = workflow.context;
    Object.assign(jit, {
      initiate: () => Promise.reject(new RequestError(requestRefused('jit-web', 'no such port'), false)),
    });
    const why = await whyOf(workflow);
    assert.ok(why.startsWith(`The request could not be ended, and ${WITHOUT_RULES}`));
    assert.match(why, /no such port/);
  });

  it("is that no end was requested, if another run's request for the same source lasts longer", async () => {
    const workflow = await opened({ settings: { supersession: 'none' } });
    const { policy, vm } = workflow;
    policy.requestByOther({ vm, port: 22, sources: [AGENT], durationMs: 2 * HOUR });
    assert.match(await whyOf(workflow), /^No earlier end was requested/);
    assert.equal(workflow.count('initiate'), 1);
  });
});

describe('what closing says about requests of other runs', () => {
  it('does not include an earlier end that was not requested', async () => {
    const workflow = await opened({ settings: { supersession: 'none' } });
    const { policy, vm } = workflow;
    policy.requestByOther({ vm, port: 22, sources: [AGENT], durationMs: 2 * HOUR });
    const [outcome] = await close(workflow);
    assert.ok(outcome?.kind === 'open');
    assert.equal(workflow.count('initiate'), 1);
    assert.match(outcome.why, /^The request of this step is active until .*Other active requests/);
  });

  it('names them where this step opened nothing, and does not deny that the rules allow the source', async () => {
    const workflow = aWorkflow({ settings: { supersession: 'none' } });
    const { azure, policy, vm } = workflow;
    azure.next('initiate', 'hang');
    await workflow.run();
    policy.requestByOther({ vm, port: 22, sources: [AGENT], durationMs: HOUR, justification: 'buildId=7' });
    await workflow.context.clock.sleep(MINUTE, workflow.context.signal);
    const [outcome] = await close(workflow);
    assert.ok(outcome?.kind === 'closed');
    const { kind, text } = closedText(outcome);
    assert.equal(kind, 'line');
    assert.match(text, /^Not opened by this step: web-01, port 22/);
    assert.match(text, /buildId=7/);
    assert.doesNotMatch(text, /do not allow/);
  });
});
