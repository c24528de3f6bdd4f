import assert from 'node:assert/strict';
import { createAgent, type Agent } from '../support/agent/agent';
import { builtVsix } from '../support/agent/builtPackage';
import type { Run } from '../support/agent/stage';
import { onFirst } from '../support/packagedTask';
import { startScenario, type Scenario, type ScenarioOptions } from '../support/scenario';

const CLOSE = { closeAtJobEnd: 'true' };

describe('the stage after the job', () => {
  let agent: Agent;
  const open: Scenario[] = [];
  before(async () => {
    agent = await createAgent({ vsix: builtVsix(), handler: 'Node24' });
  });
  afterEach(async () => {
    const scenarios = open.splice(0);
    await Promise.all(scenarios.map((scenario) => scenario.close()));
    for (const { azure } of scenarios) azure.assertNoViolations();
  });
  after(() => agent.dispose());

  const arrange = async (options: ScenarioOptions = {}): Promise<Scenario> => {
    const settings = { ruleDelayMs: 0, initiatingMs: 0, ...options.settings };
    const scenario = await startScenario({ ...options, settings });
    open.push(scenario);
    return scenario;
  };

  /** Runs the stage, with a jump of Azure's clock over the seconds until the end that closing asks for. */
  const close = async (scenario: Scenario, run: Run): Promise<Run> => {
    onFirst(scenario, 'vm', () => {
      scenario.azure.advance(10_000);
    });
    const after = await agent.postJob(run);
    assert.ok(after);
    assert.equal(after.exitCode, 0);
    assert.equal(after.result, 'Succeeded');
    assert.ok(after.issues.every(({ type }) => type === 'warning'));
    return after;
  };
  const quiet = (run: Run): readonly string[] => run.log.filter((line) => !line.startsWith('##[debug]'));

  it('closes what the step opened, and checks that the rules are shut', async () => {
    const scenario = await arrange();
    const run = await agent.run(scenario.step(CLOSE));
    assert.equal(scenario.vm.nicNsg?.jitAllowRules().length, 1);
    scenario.azure.forget();
    const after = await close(scenario, run);
    assert.deepEqual(after.issues, []);
    assert.deepEqual(scenario.policy.liveGrants(), []);
    assert.deepEqual(scenario.vm.nicNsg.jitAllowRules(), []);
    assert.equal(scenario.azure.callsTo('initiate').length, 1);
    assert.ok(scenario.azure.callsTo('nsg').length >= 2, 'the rules were read back');
  });

  it('is harmless when it runs twice', async () => {
    const scenario = await arrange();
    const run = await agent.run(scenario.step(CLOSE));
    await close(scenario, run);
    scenario.azure.forget();
    const again = await close(scenario, run);
    assert.deepEqual(again.issues, []);
    assert.deepEqual(scenario.azure.callsTo('initiate', 'rule.delete'), []);
  });

  it('says nothing and asks nothing when the step never ran, never asked, or is not to be closed', async () => {
    const scenario = await arrange();
    const refused = await agent.run(scenario.step({ ...CLOSE, ports: '8080' }));
    const left = await agent.run(scenario.step());
    scenario.azure.forget();
    const skipped = await agent.postJob(scenario.step(CLOSE));
    assert.ok(skipped);
    const stages = [skipped, await agent.postJob(refused), await agent.postJob(left)];
    for (const stage of stages) assert.deepEqual(stage && quiet(stage), []);
    assert.deepEqual(scenario.azure.calls, []);
  });

  it('warns, without a call, when the notes are damaged or from another version', async () => {
    const scenario = await arrange();
    const states = ['{"version":1,"conn', '{"version":99}', '[]', '{"version":1,"opened":[{}]}'];
    for (const state of states) {
      const taskVariables = { JIT_OPENED: state };
      const after = await agent.postJob(scenario.step(CLOSE, { taskVariables }));
      assert.ok(after);
      assert.deepEqual(
        after.issues.map(({ type }) => type),
        ['warning'],
        state,
      );
      assert.equal(after.exitCode, 0);
    }
    assert.deepEqual(scenario.azure.calls, []);
  });

  it('closes what a killed step had asked for, before its answer came', async () => {
    const scenario = await arrange();
    scenario.azure.faults.always('initiate', 'lostAnswer');
    scenario.azure.faults.always('policy.get', 'hang');
    const killed = { interruptMs: 0, terminateMs: 0 };
    const running = agent.start(scenario.step(CLOSE, { cancelTimes: killed }));
    onFirst(scenario, 'policy.get', () => {
      running.cancel();
    });
    const run = await running.finished;
    assert.equal(run.signal, 'SIGKILL');
    assert.equal(scenario.policy.liveGrants().length, 1);
    scenario.azure.faults.clear();
    const after = await close(scenario, run);
    assert.deepEqual(after.issues, []);
    assert.deepEqual(scenario.policy.liveGrants(), []);
  });

  it('closes what an earlier attempt opened and a retried one used again', async () => {
    const scenario = await arrange();
    const blocked = { name: 'in-the-way', priority: 90, access: 'Deny', destinationPorts: ['22'] } as const;
    scenario.vm.nicNsg?.addRule(blocked);
    const first = await agent.run(scenario.step({ ...CLOSE, waitTimeout: '1s' }));
    assert.match(first.message, /^JIT702/);
    scenario.vm.nicNsg?.removeRule('in-the-way');
    const second = await agent.retry(first);
    assert.equal(second.result, 'Succeeded', second.log.join('\n'));
    assert.equal(scenario.azure.callsTo('initiate').length, 1, 'the second attempt asked for nothing');
    const after = await close(scenario, second);
    assert.deepEqual(after.issues, []);
    assert.deepEqual(scenario.policy.liveGrants(), []);
  });

  it('uses its own request again though Azure chose the source', async () => {
    const scenario = await arrange();
    const first = await agent.run(scenario.step({ sourceIp: 'azure' }));
    const second = await agent.retry(first);
    assert.equal(second.result, 'Succeeded');
    assert.equal(scenario.azure.callsTo('initiate').length, 1);
  });

  it('leaves a reused request of another run alone', async () => {
    const scenario = await arrange();
    const sources = [scenario.azure.settings.seenAddress];
    scenario.policy.requestByOther({ vm: scenario.vm, port: 22, sources, durationMs: 7_200_000 });
    const run = await agent.run(scenario.step(CLOSE));
    assert.equal(run.result, 'Succeeded', run.log.join('\n'));
    scenario.azure.forget();
    const after = await agent.postJob(run);
    assert.deepEqual(after && quiet(after), []);
    assert.deepEqual(scenario.azure.calls, []);
    assert.equal(scenario.policy.liveGrants().length, 1);
  });

  it('warns with VM, port and end when nothing shuts the rules', async () => {
    const scenario = await arrange({ settings: { honoursEarlyEnd: false, supersession: 'none' } });
    const run = await agent.run(scenario.step(CLOSE));
    scenario.principal.forbid(
      'Microsoft.Network/networkSecurityGroups/securityRules/delete',
      'Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action',
    );
    const after = await close(scenario, run);
    const [warning] = after.issues.map(({ message }) => message);
    const end = run.outputs['expiresAtUtc']?.slice(0, 19).replace('T', ' ') ?? '';
    for (const value of ['web-01', '22', `${end} UTC`]) assert.ok(warning?.includes(value), warning);
  });
});
