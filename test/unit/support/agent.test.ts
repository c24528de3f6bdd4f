import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { nodeFor } from '../../support/agent/node';
import { useToyAgents } from '../../support/agent/toyTask';

const toy = useToyAgents();

describe('the agent', () => {
  it("starts the machine's own Node for Node20_1, and Node 24 for Node24", () => {
    const version = (handler: 'Node20_1' | 'Node24'): string =>
      execFileSync(nodeFor(handler), ['--version'], { encoding: 'utf8' });
    assert.match(version('Node24'), /^v24\./);
    assert.notEqual(nodeFor('Node20_1'), nodeFor('Node24'));
    assert.ok(!nodeFor('Node20_1').includes('node_modules'));
  });

  it('also runs classic releases', async () => {
    const agent = await toy(
      'say(process.env.SYSTEM_HOSTTYPE + process.env.RELEASE_RELEASEID + process.env.BUILD_BUILDID)',
    );
    assert.deepEqual((await agent.run({ host: 'release' })).log, ['release88undefined']);
  });

  it('separates outputs, variables, and task variables', async () => {
    const agent = await toy(`say('##vso[task.setvariable variable=shade]dark');
      say('##vso[task.setvariable variable=toyCount;isoutput=false]3');
      say('##vso[task.settaskvariable variable=seen]yes');`);
    const run = await agent.run({});
    assert.deepEqual(run.outputs, { shade: 'dark' });
    assert.deepEqual(run.variables, { toyCount: '3' });
    assert.deepEqual(run.taskVariables, { seen: 'yes' });
  });

  it('shows ten errors, and keeps the worst result', async () => {
    const agent = await toy(`for (let n = 1; n < 13; n++) say('##vso[task.issue type=error;]no ' + n);
      say('##vso[task.complete result=Failed;]bad'); say('##vso[task.complete result=Succeeded;]');`);
    const run = await agent.run({});
    assert.deepEqual([run.result, run.completions], ['Failed', 2]);
    assert.equal(run.issues.length, 10);
    assert.equal(run.log.at(-1), '##[error]no 12');
  });

  it('fails a step whose process exits with another code than 0', async () => {
    const agent = await toy(`say('##vso[task.complete result=Succeeded;]'); process.exitCode = 3;`);
    const run = await agent.run({});
    assert.deepEqual([run.result, run.exitCode], ['Failed', 3]);
    assert.match(run.issues[0]!.message, /exit code 3/);
  });

  it('also reads commands from standard error', async () => {
    const agent = await toy(`process.stderr.write('oh ##vso[task.issue type=warning;]careful');`);
    assert.deepEqual((await agent.run({})).issues, [{ type: 'warning', message: 'careful' }]);
  });

  it('reads a summary from the temporary folder', async () => {
    const agent = await toy(`const file = process.env.AGENT_TEMPDIRECTORY + '/summary.md';
      require('node:fs').writeFileSync(file, '# Done'); say('##vso[task.uploadsummary]' + file);`);
    const run = await agent.run({});
    assert.deepEqual([run.summaries, run.filesLeft], [['# Done'], ['summary.md']]);
  });

  for (const [what, line] of [
    ['a line with the word of a command', 'the VM ##vso is there'],
    ['such a line with a character without weight', 'the VM #\u200b#vso is there'],
    ['a format in the middle of a line', 'the VM ##[error]evil'],
    ['a format of its own with another behind it', '##[group]the VM ##[error]evil'],
    ['a format at the beginning of a line', '##[error]evil'],
    ['the word of a command in an issue', '##vso[task.issue type=error;]the VM ##vso[task.debug%5D'],
    ['a format in an output', '##vso[task.setvariable variable=shade]%0A##[error%5D'],
    ['a format behind a character without weight', '##vso[task.complete result=Failed;]#\u200b#[error]'],
    ['a secret of two lines', '##vso[task.setsecret]first%0Asecond'],
    ['a task variable without a name', '##vso[task.settaskvariable a=b]c'],
    ['a command that it does not know', '##vso[task.dance]'],
    ['a result that is none', '##vso[task.complete result=Success;]'],
    ['a variable that the task may not set', '##vso[task.setvariable variable=PATH]/evil'],
    ['a summary outside the temp folder', `##vso[task.uploadsummary]${__filename}`],
  ] as const) {
    it(`rejects ${what}`, async () => {
      const agent = await toy(`say(${JSON.stringify(line)})`);
      await assert.rejects(agent.run({}), /The agent objects/);
    });
  }

  it('runs the post-job step in a new process with the saved state, in the temporary folder', async () => {
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

  it('has no post-job step for a task without one', async () => {
    const agent = await toy('');
    assert.equal(await agent.postJob({}), undefined);
  });

  it('keeps task variables across the attempts of a step', async () => {
    const agent = await toy(`say(String(process.env.VSTS_TASKVARIABLE_SEEN));
      say('##vso[task.settaskvariable variable=seen]yes');`);
    const first = await agent.run({});
    assert.deepEqual([...first.log, ...(await agent.retry(first)).log], ['undefined', 'yes']);
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

  it('can be sent to the agent, which then masks it', async () => {
    const agent = await toy(`say('##vso[task.setsecret]session-token'); say('got session-token');`);
    const run = await agent.run({});
    assert.deepEqual(run.log, ['got ***']);
  });

  it('fails the run if a server issued it', async () => {
    const agent = await toy(`say('Bearer eyJ0eXAi.abc')`);
    agent.addSecret('eyJ0eXAi.abc');
    await assert.rejects(agent.run({}), /Line 1 of stdout holds a secret in clear: Bearer \*\*\*/);
  });
});
