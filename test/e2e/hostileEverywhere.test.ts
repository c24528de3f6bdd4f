import assert from 'node:assert/strict';
import { createAgent, type Agent } from '../support/agent/agent';
import { builtVsix } from '../support/agent/builtPackage';
import { parseCommand } from '../support/agent/command';
import type { Run } from '../support/agent/step';
import { startScenario, type Scenario } from '../support/scenario';

/**
 * Every line of the hostile text begins with this word. A line of the log that begins with it shows that the text broke
 * a line.
 */
const MARK = 'EVIL';
const COMMAND = '##vso[task.setvariable variable=x]y';
const HOSTILE = ['', COMMAND, ' ##[error]\u202egnp.exe\u2066', '\u001b[2J\u0007', '<img src=x>|](y)`']
  .concat('##vso is no command')
  .map((line) => MARK + line)
  .join('\r\n')
  .concat(`\u2028${MARK}\u0085${COMMAND}\n##[group]${MARK}\r${COMMAND}`);
/** Azure accepts fewer characters in a name, but still more than enough. */
const HOSTILE_NAME = `${MARK}-##vso[task.complete result=Failed]|<b>\u202e##vso`;

/** The commands that a task can send to the agent. */
const COMMANDS = [
  ...['task.debug', 'task.issue', 'task.complete', 'task.setprogress', 'task.uploadsummary'],
  'task.addattachment',
  ...['task.setvariable', 'task.settaskvariable', 'task.setsecret'],
];
const OUTPUTS = ['sourceAddresses', 'expiresAtUtc', 'host', 'port', 'endpoints'].concat(
  'endpointsPath',
  'inventoryPath',
);

function assertHarmless(run: Run): void {
  assert.deepEqual(run.variables, {});
  assert.ok(Object.keys(run.outputs).every((name) => OUTPUTS.includes(name)));
  // The agent breaks lines at these characters. The library repeats inputs in debug lines, with CR and LF escaped.
  const lines = (run.rawStdout + run.rawStderr).split(/\r\n|[\r\n]/);
  for (const line of lines) {
    if (line.startsWith('##vso[')) {
      const { name = '', properties } = parseCommand(line) ?? {};
      assert.ok(COMMANDS.includes(name), line);
      assert.notEqual(properties?.get('variable'), 'x', line);
      if (name === 'task.debug') continue;
    }
    assert.equal(line.lastIndexOf('##vso['), line.startsWith('##vso[') ? 0 : -1, line);
    assert.ok(!line.trimStart().startsWith(MARK), line);
    assert.doesNotMatch(line, /##\[(?!group\]What the policies allow|endgroup\])/);
    assert.doesNotMatch(line, /[\p{Cc}\p{Cf}]/u);
  }
  for (const shown of [...run.summaries, ...run.issues.map(({ message }) => message)]) {
    assert.doesNotMatch(shown.replaceAll('\n', ''), /##\w*\[|[\p{Cc}\p{Cf}]/u);
  }
  for (const summary of run.summaries) assert.doesNotMatch(summary, /<(?!br>)/);
}

/** Asserts that the text was shown in its harmless form, so that the test would have detected it. */
function assertShown(run: Run, ...values: readonly string[]): void {
  const log = run.log.join('\n');
  for (const value of values) assert.ok(log.includes(value), `"${value}" is not in:\n${log}`);
}

describe('a run in which every foreign text is hostile', () => {
  let agent: Agent;
  let scenario: Scenario;

  before(async () => {
    agent = await createAgent({ vsix: builtVsix(), handler: 'Node20_1' });
  });
  afterEach(async () => {
    await scenario.close();
    scenario.azure.assertNoViolations();
  });
  after(() => agent.dispose());

  const start = async (): Promise<Scenario> => {
    const rule = {
      access: 'Allow',
      priority: 90,
      name: `${HOSTILE_NAME}-rule`,
      sources: ['20.61.99.7'],
    } as const;
    scenario = await startScenario({
      settings: { ruleDelayMs: 0, initiatingMs: 0, supersession: 'none' },
      vm: { subnetNsg: false, nicNsg: { name: `${MARK}-nsg<b>`, rules: [rule] } },
    });
    const { azure, vm, policy } = scenario;
    policy.requestByOther({
      ...{ vm, port: 22, sources: ['20.77.0.9'], durationMs: 7_200_000 },
      ...{ requestor: HOSTILE, justification: HOSTILE },
    });
    const [dissenter] = azure.echo;
    assert.ok(dissenter);
    dissenter.answer = { text: HOSTILE };
    return scenario;
  };
  /** The inputs, the connection, and the pipeline of an attacker. */
  const step = (inputs: Readonly<Record<string, string>> = {}) => {
    const { connection } = scenario;
    const data = { ...connection.data, subscriptionName: HOSTILE, scopeLevel: HOSTILE };
    const variables = { 'Build.DefinitionName': HOSTILE, 'Build.RequestedFor': HOSTILE };
    const wanted = { waitFor: 'rule', closeAtJobEnd: 'true', ...inputs };
    const given = scenario.step(wanted, { connections: { 'my-connection': { ...connection, data } } });
    return { ...given, variables: { ...given.variables, ...variables } };
  };

  it('opens, warns, and closes without obeying any of it or showing it unchanged', async () => {
    const { azure } = await start();
    const run = await agent.run(step({ justification: HOSTILE }));
    assert.equal(run.result, 'Succeeded', run.log.join('\n'));
    assertShown(run, '20.77.0.9', MARK, '-rule');
    assertHarmless(run);
    azure.faults.always('nsg', { status: 503, code: COMMAND, message: HOSTILE, retryAfterMs: 1 });
    const after = await agent.postJob(run);
    assert.ok(after);
    assert.equal(after.result, 'Succeeded', after.log.join('\n'));
    assertShown(after, 'Not verified as closed', MARK);
    assertHarmless(after);
  });

  it('reports a refusal without obeying any of it or showing it unchanged', async () => {
    const { azure } = await start();
    const headers = { 'x-ms-correlation-request-id': `${MARK} ${COMMAND}` };
    azure.faults.always('initiate', { status: 403, code: COMMAND, message: HOSTILE, headers });
    const run = await agent.run(step());
    assert.equal(run.result, 'Failed');
    assert.match(run.message, /^JIT302: /);
    assertShown(run, 'correlation ID EVIL');
    assertHarmless(run);
  });
});
