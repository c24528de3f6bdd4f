import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import type { RunningStage, Run } from '../support/agent/stage';
import { createAgent, type Agent } from '../support/agent/agent';
import { builtVsix } from '../support/agent/builtPackage';
import { startTcp, type Fault, type Kind } from '../support/azure';
import { onFirst } from '../support/packagedTask';
import { startScenario, type Scenario, type ScenarioOptions } from '../support/scenario';

/** An agent that waits two and a half seconds and then kills: a run that took longer has a signal, and no code. */
const SOON = { interruptMs: 2500, terminateMs: 0 };

const atOnce = { ruleDelayMs: 0, initiatingMs: 0 };

describe('a cancelled run', () => {
  let agent: Agent;
  const open: Scenario[] = [];
  before(async () => {
    agent = await createAgent({ vsix: builtVsix(), handler: 'Node20_1' });
  });
  afterEach(async () => {
    const scenarios = open.splice(0);
    await Promise.all(scenarios.map((scenario) => scenario.close()));
    for (const { azure } of scenarios) azure.assertNoViolations();
  });
  after(() => agent.dispose());

  const arrange = async (options: ScenarioOptions = {}): Promise<Scenario> => {
    const scenario = await startScenario({ ...options, settings: { ...atOnce, ...options.settings } });
    open.push(scenario);
    return scenario;
  };

  /** Starts a step that is cancelled as soon as Azure is asked for this, with the fault that holds it there. */
  const cancelAt = (scenario: Scenario, kind: Kind, fault: Fault, inputs = {}): Promise<Run> => {
    scenario.azure.faults.always(kind, fault);
    onFirst(scenario, kind, () => {
      running.cancel();
    });
    const given = { waitFor: 'rule', waitTimeout: '50s', ...inputs };
    const running: RunningStage = agent.start(scenario.step(given, { cancelTimes: SOON }));
    return running.finished;
  };

  const assertCancelled = (run: Run, said: RegExp): void => {
    const log = run.log.join('\n');
    assert.equal(run.signal, null, `The agent had to kill it. ${log}`);
    assert.equal(run.exitCode, 0, log);
    assert.equal(run.completions, 1, log);
    assert.match(run.message, /^JIT801: /);
    assert.match(run.message, said);
    assert.doesNotMatch(run.rawStdout + run.rawStderr, /^\s+at .+:\d+/m);
  };

  const assertCloses = async (scenario: Scenario, run: Run): Promise<void> => {
    scenario.azure.faults.clear();
    // Azure's clock jumps over the seconds until the end that closing asks for.
    onFirst(scenario, 'vm', () => {
      scenario.azure.advance(10_000);
    });
    const after = await agent.postJob(run);
    assert.deepEqual(after?.issues, []);
    assert.deepEqual(scenario.vm.nicNsg?.jitAllowRules(), []);
  };

  for (const [kind, options] of [
    ['openid', {}],
    ['token', {}],
    ['oidc', { kind: 'federation' }],
    ['imds', { kind: 'system-assigned identity' }],
    ['echo', {}],
    ['policies.list', {}],
    ['nic', {}],
  ] as const) {
    it(`ends within two seconds while it waits for ${kind}, and says that it opened nothing`, async () => {
      const scenario = await arrange(options);
      assertCancelled(await cancelAt(scenario, kind, 'hang'), /opened nothing/);
      assert.deepEqual(scenario.azure.callsTo('initiate'), []);
    });
  }

  it('ends within two seconds in the middle of a pause that Azure asked for', async () => {
    const scenario = await arrange();
    scenario.azure.faults.always('vm', { status: 429, retryAfterSeconds: 60 });
    const running = agent.start(scenario.step({}, { cancelTimes: SOON }));
    await running.waitForLine(/trying again/);
    running.cancel();
    assertCancelled(await running.finished, /opened nothing/);
  });

  for (const [when, fault, live] of [
    ['before Azure carried it out', 'hang', 0],
    ['after Azure carried it out', { delayMs: 60_000 }, 1],
  ] as const) {
    it(`says what may be open when its request was under way, ${when}; closing settles it`, async () => {
      const scenario = await arrange();
      const run = await cancelAt(scenario, 'initiate', fault, { closeAtJobEnd: 'true' });
      assertCancelled(run, /may be open: web-01 port 22 from 20\.61\.99\.7 until \d{4}-\d\d-\d\d /);
      assert.equal(scenario.policy.liveGrants().length, live);
      await assertCloses(scenario, run);
    });
  }

  it('says what stays open, and until when, while it waits for the rule; closing closes it', async () => {
    const scenario = await arrange({ settings: { ruleDelayMs: 3000 } });
    const run = await cancelAt(scenario, 'nsg', 'pass', { closeAtJobEnd: 'true' });
    const [grant] = scenario.policy.liveGrants();
    assert.ok(grant);
    const end = new Date(grant.endsAt).toISOString().slice(0, 19).replace('T', ' ');
    assertCancelled(run, new RegExp(`stays open: web-01 port 22 from 20\\.61\\.99\\.7 until ${end} UTC`));
    await assertCloses(scenario, run);
  });

  it('says what stays open while Azure does not answer a look at the rules', async () => {
    const scenario = await arrange();
    assertCancelled(await cancelAt(scenario, 'nsg', 'hang'), /stays open: web-01 port 22/);
  });

  it('says what stays open while it tries a connection', async () => {
    const target = await startTcp({ behaviour: 'silent' });
    try {
      const ports = [{ number: target.port, protocol: '*', sources: '*', maxRequestAccessDuration: 'PT3H' }];
      const scenario = await arrange({ ports });
      const inputs = { ports: String(target.port), waitFor: 'connection', probeHost: target.host };
      const run = await cancelAt(scenario, 'nsg', 'pass', inputs);
      assertCancelled(run, new RegExp(`stays open: web-01 port ${String(target.port)} `));
    } finally {
      await target.close();
    }
  });

  it('ends within two seconds after the job as well, and warns of what stays open', async () => {
    const scenario = await arrange();
    const step = await agent.run(scenario.step({ closeAtJobEnd: 'true' }, { cancelTimes: SOON }));
    scenario.azure.faults.always('policy.get', 'hang');
    onFirst(scenario, 'policy.get', () => {
      running?.cancel();
    });
    const running = agent.startPostJob(step);
    const run = await running?.finished;
    assert.equal(run?.signal, null);
    assert.equal(run.exitCode, 0);
    assert.deepEqual(
      run.issues.map(({ type }) => type),
      ['warning'],
    );
    assert.match(run.issues[0]?.message ?? '', /web-01 port 22 .*until \d{4}-\d\d-\d\d /);
  });

  it('sets one result when the agent urges it with a second signal', async () => {
    const scenario = await arrange();
    scenario.azure.faults.always('policies.list', 'hang');
    const cancelTimes = { interruptMs: 0, terminateMs: 2500 };
    onFirst(scenario, 'policies.list', () => {
      running.cancel();
    });
    const running: RunningStage = agent.start(scenario.step({}, { cancelTimes }));
    assertCancelled(await running.finished, /opened nothing/);
  });
});

describe('the signals of an agent that cancels', () => {
  // Ctrl-Break arrives as SIGBREAK, on Windows only: here the event is made up.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGBREAK']) {
    it(`end the run by ${name}`, () => {
      const module = path.resolve(__dirname, '../../tasks/shared/host/cancellation.ts');
      const program = `
        const { cancellationSignal } = require(${JSON.stringify(module)});
        process.emit('${name}');
        process.exitCode = cancellationSignal().aborted ? 42 : 1;`;
      const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '-e', program], {
        encoding: 'utf8',
      });
      assert.equal(status, 42, stderr);
    });
  }
});
