import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { nodeFor } from '../../support/agent/node';
import { itWithSignals } from '../../support/agent/signals';
import { createToyAgent } from '../../support/agent/toyTask';
import type { Agent } from '../../support/agent/agent';

const agents: Agent[] = [];

/** Every agent is removed after its test. */
async function toy(main: string, post?: string): Promise<Agent> {
  const agent = await createToyAgent(main, post);
  agents.push(agent);
  return agent;
}

afterEach(async () => {
  await Promise.all(agents.splice(0).map((agent) => agent.dispose()));
});

describe('the agent', () => {
  it('hands over inputs, the connection that they name, variables and nothing of the machine', async () => {
    process.env['LEFT_OVER'] = 'from the test';
    const agent = await toy(`delete process.env.ENDPOINT_AUTH_SYSTEMVSSCONNECTION;
      for (const name of Object.keys(process.env)) say(name + '=' + (/SECRET|AUTH/.test(name) ? '' : process.env[name]));`);
    const connection = { id: '0c0ffee0-0000-4000-8000-000000000000', scheme: 'ServicePrincipal' };
    const run = await agent.run({
      inputs: { azureSubscription: 'conn', color: 'red' },
      connections: {
        conn: {
          ...connection,
          parameters: { serviceprincipalkey: 'open-sesame' },
          data: { environment: 'AzureCloud' },
        },
        other: { scheme: 'ManagedServiceIdentity' },
      },
      variables: { 'My Flag': 'on', pin: { value: 'very-secret', secret: true } },
    });
    delete process.env['LEFT_OVER'];
    const names = run.log.map((line) => line.split('=')[0]);
    for (const line of [
      'INPUT_COLOUR=red',
      `INPUT_CONNECTEDSERVICENAME=${connection.id}`,
      `ENDPOINT_DATA_${connection.id}_ENVIRONMENT=AzureCloud`,
      'MY_FLAG=on',
      'AGENT_JOBSTATUS=Succeeded',
      'agent.jobstatus=Succeeded',
      'SYSTEM_HOSTTYPE=build',
    ]) {
      assert.ok(run.log.includes(line), line);
    }
    for (const name of [
      `ENDPOINT_AUTH_PARAMETER_${connection.id}_SERVICEPRINCIPALKEY`,
      'ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN',
      'SECRET_PIN',
      'VSTS_SECRET_VARIABLES',
      'BUILD_BUILDID',
    ]) {
      assert.ok(names.includes(name), name);
    }
    assert.ok(!names.includes('PIN') && !names.includes('LEFT_OVER') && !names.includes('RELEASE_RELEASEID'));
    assert.equal(names.filter((name) => name?.startsWith('ENDPOINT_AUTH_SCHEME_')).length, 2);
  });

  it("starts the machine's own Node for Node20_1, and Node 24 for Node24", () => {
    const version = (handler: 'Node20_1' | 'Node24'): string =>
      execFileSync(nodeFor(handler), ['--version'], { encoding: 'utf8' });
    assert.match(version('Node24'), /^v24\./);
    assert.notEqual(nodeFor('Node20_1'), nodeFor('Node24'));
    assert.ok(!nodeFor('Node20_1').includes('node_modules'));
  });

  it('runs classic releases too', async () => {
    const agent = await toy(
      'say(process.env.SYSTEM_HOSTTYPE + process.env.RELEASE_RELEASEID + process.env.BUILD_BUILDID)',
    );
    assert.deepEqual((await agent.run({ host: 'release' })).log, ['release88undefined']);
  });

  it('keeps outputs, variables and task variables apart', async () => {
    const agent = await toy(`say('##vso[task.setvariable variable=shade]dark');
      say('##vso[task.setvariable variable=toyCount;isoutput=false]3');
      say('##vso[task.settaskvariable variable=seen]yes');`);
    const run = await agent.run({});
    assert.deepEqual(run.outputs, { shade: 'dark' });
    assert.deepEqual(run.variables, { toyCount: '3' });
    assert.deepEqual(run.taskVariables, { seen: 'yes' });
  });

  it('shows ten errors and keeps the worst result', async () => {
    const agent = await toy(`for (let n = 1; n < 13; n++) say('##vso[task.issue type=error;]no ' + n);
      say('##vso[task.complete result=Failed;]bad'); say('##vso[task.complete result=Succeeded;]');`);
    const run = await agent.run({});
    assert.deepEqual([run.result, run.completions], ['Failed', 2]);
    assert.equal(run.issues.length, 10);
    assert.equal(run.log.at(-1), '##[error]no 12');
  });

  it('fails a step whose process does not end with 0', async () => {
    const agent = await toy(`say('##vso[task.complete result=Succeeded;]'); process.exitCode = 3;`);
    const run = await agent.run({});
    assert.deepEqual([run.result, run.exitCode], ['Failed', 3]);
    assert.match(run.issues[0]!.message, /exit code 3/);
  });

  it('listens to the error output as well', async () => {
    const agent = await toy(`process.stderr.write('oh ##vso[task.issue type=warning;]careful');`);
    assert.deepEqual((await agent.run({})).issues, [{ type: 'warning', message: 'careful' }]);
  });

  it('reads a summary from the temp folder', async () => {
    const agent = await toy(`const file = process.env.AGENT_TEMPDIRECTORY + '/summary.md';
      require('node:fs').writeFileSync(file, '# Done'); say('##vso[task.uploadsummary]' + file);`);
    const run = await agent.run({});
    assert.deepEqual([run.summaries, run.filesLeft], [['# Done'], ['summary.md']]);
  });

  for (const [what, line] of [
    ['a line with the word of a command', 'the VM ##vso is there'],
    ['such a line with a character without weight', 'the VM #\u200b#vso is there'],
    ['a command that it does not know', '##vso[task.dance]'],
    ['a result that is none', '##vso[task.complete result=Success;]'],
    ['a variable that the task may not set', '##vso[task.setvariable variable=PATH]/evil'],
    ['a summary outside the temp folder', `##vso[task.uploadsummary]${__filename}`],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const agent = await toy(`say(${JSON.stringify(line)})`);
      await assert.rejects(agent.run({}), /The agent objects/);
    });
  }

  it('runs post-job in a fresh process with the saved state, in the temp folder', async () => {
    const post = `say(process.env.VSTS_TASKVARIABLE_SEEN + ' ' + process.env.AGENT_JOBSTATUS);
      say(String(process.cwd().endsWith('_temp')));`;
    const agent = await toy(
      `say('##vso[task.settaskvariable variable=seen]yes');
      say('##vso[task.complete result=Failed;]');`,
      post,
    );
    const main = await agent.run({});
    assert.deepEqual((await agent.postJob(main))?.log, ['yes Failed', 'true']);
    assert.deepEqual((await agent.postJob({}))?.log, ['undefined Succeeded', 'true']);
  });

  it('puts the outputs of a step into the environment of everything after it', async () => {
    const agent = await toy(
      `say('##vso[task.setvariable variable=shade]dark');`,
      'say(process.env.JIT_SHADE)',
    );
    const run = await agent.run({});
    assert.deepEqual((await agent.postJob(run))?.log, ['dark']);
    assert.equal(
      await agent.script(run, 'echo "$JIT_SHADE $(jit.shade) $(jit.none)" 2>/dev/null'),
      'dark dark \n',
    );
    const named = await agent.run({ name: 'paint' });
    assert.equal(await agent.script(named, 'echo "$PAINT_SHADE$JIT_SHADE"'), 'dark\n');
  });

  for (const [what, output] of [
    ['as long as Windows takes', `'x'.repeat(32766)`],
    ['of as many bytes as Linux takes', `'\u20ac'.repeat(30000)`],
  ] as const) {
    it(`starts the next process after an output ${what}`, async () => {
      const agent = await toy(`say('##vso[task.setvariable variable=shade]' + ${output});`, '');
      const run = await agent.run({});
      assert.equal((await agent.postJob(run))?.exitCode, 0);
      await agent.script(run, 'true');
    });
  }

  for (const [what, output] of [
    ['longer than Windows takes', `'x'.repeat(32767)`],
    ['that holds a NUL', `'x' + String.fromCharCode(0)`],
  ] as const) {
    it(`starts no process after an output ${what}`, async () => {
      const agent = await toy(`say('##vso[task.setvariable variable=shade]' + ${output});`, '');
      const run = await agent.run({});
      await assert.rejects(async () => agent.postJob(run), /No process starts/);
      await assert.rejects(agent.retry(run), /No process starts/);
      await assert.rejects(agent.script(run, 'true'), /No process starts/);
    });
  }

  it('starts no process when the outputs are too long together', async () => {
    const agent = await toy('');
    const variables = Object.fromEntries(
      Array.from({ length: 40 }, (_none, index) => [`v${index}`, 'x'.repeat(30_000)]),
    );
    await assert.rejects(agent.run({ variables }), /No process starts/);
  });

  it('has no post-job step for a task without one', async () => {
    const agent = await toy('');
    assert.equal(await agent.postJob({}), undefined);
  });

  it('keeps task variables over the attempts of a step', async () => {
    const agent = await toy(`say(String(process.env.VSTS_TASKVARIABLE_SEEN));
      say('##vso[task.settaskvariable variable=seen]yes');`);
    const first = await agent.run({});
    assert.deepEqual([...first.log, ...(await agent.retry(first)).log], ['undefined', 'yes']);
  });
});

describe('a cancelled step', () => {
  itWithSignals('gets SIGINT first, and is canceled whatever it says', async () => {
    const agent = await toy(`setInterval(() => {}, 1000);
      process.on('SIGINT', () => { say('##vso[task.complete result=Succeeded;]'); process.exit(0); }); say('ready');`);
    const step = agent.start({});
    await step.waitForLine(/ready/);
    step.cancel();
    const run = await step.finished;
    assert.deepEqual([run.result, run.reported, run.exitCode], ['Canceled', 'Succeeded', 0]);
  });

  itWithSignals('is killed in the end', async () => {
    const agent =
      await toy(`setInterval(() => {}, 1000); process.on('SIGTERM', () => say('no')); process.on('SIGINT', () => {});
      say('ready');`);
    const step = agent.start({ cancelTimes: { interruptMs: 50, terminateMs: 50 } });
    await step.waitForLine(/ready/);
    step.cancel();
    const run = await step.finished;
    assert.deepEqual([run.result, run.signal], ['Canceled', 'SIGKILL']);
  });

  it('tells who waits for a line that the task has ended', async () => {
    const agent = await toy(`say('other')`);
    await assert.rejects(agent.start({}).waitForLine(/ready/), /ended without a line/);
  });
});

describe('a secret', () => {
  const key = 'p@ss/w0rd+long';
  const connections = { conn: { scheme: 'ServicePrincipal', parameters: { serviceprincipalkey: key } } };
  const inputs = { azureSubscription: 'conn' };
  const places: Record<string, string> = {
    'in the output': `say('key ' + key)`,
    'in the error output': `console.error(key)`,
    'in a debug line': `say('##vso[task.debug]' + key)`,
    'in base64': `say(Buffer.from('user:' + key).toString('base64'))`,
    'URL-encoded': `say(encodeURIComponent(key))`,
    'in a file of the job': `require('node:fs').writeFileSync(process.env.AGENT_TEMPDIRECTORY + '/x', key)`,
    'in a file of the machine': `require('node:fs').writeFileSync(require('node:os').tmpdir() + '/x', key)`,
    'in a task variable': `say('##vso[task.settaskvariable variable=a;issecret=true]' + key)`,
    'in an output': `say('##vso[task.setvariable variable=shade]' + key)`,
  };
  for (const [place, code] of Object.entries(places)) {
    it(`fails the run ${place}`, async () => {
      const agent = await toy(
        `const key = Object.entries(process.env).find(([n]) => /PARAMETER_.*PRINCIPALKEY/.test(n))[1]; ${code}`,
      );
      await assert.rejects(agent.run({ inputs, connections }), (error: Error) => {
        assert.match(error.message, /holds a secret/);
        assert.ok(!error.message.includes(key), 'the complaint must not spread it');
        return true;
      });
    });
  }

  it('may be handed to the agent, which then hides it', async () => {
    const agent = await toy(`say('##vso[task.setsecret]session-token'); say('got session-token');`);
    const run = await agent.run({});
    assert.deepEqual(run.log, ['got ***']);
  });

  it('fails the run when a server gave it out', async () => {
    const agent = await toy(`say('Bearer eyJ0eXAi.abc')`);
    agent.addSecret('eyJ0eXAi.abc');
    await assert.rejects(agent.run({}), /Line 1 of stdout holds a secret in clear: Bearer \*\*\*/);
  });
});
