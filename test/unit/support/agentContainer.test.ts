import assert from 'node:assert/strict';
import { itInRoot } from '../../support/agent/signals';
import { useToyAgents } from '../../support/agent/toyTask';

const toy = useToyAgents();

describe('a job in a container', () => {
  const container = { root: 'played' } as const;

  it('has the folders of the container in variables and in inputs', async () => {
    const agent = await toy(`for (const name of ['AGENT_TEMPDIRECTORY', 'BUILD_SOURCESDIRECTORY',
      'AGENT_TOOLSDIRECTORY', 'AGENT_HOMEDIRECTORY', 'INPUT_COLOUR']) say(process.env[name].split('container')[1].replaceAll('\\\\', '/'));
      say(String([process.cwd(), __dirname].every((folder) => folder.replaceAll('\\\\', '/').includes('/container/__w/'))));`);
    const run = await agent.run({ container, inputs: { color: '$(Agent.TempDirectory)/x' } });
    const folders = ['/__w/_temp', '/__w/1/s', '/__t', '/__a', '/__w/_temp/x'];
    assert.deepEqual(run.log, [...folders, 'true']);
  });

  it('has neither the folders nor the environment of the agent', async () => {
    const agent = await toy(`const fs = require('node:fs');
      say(['INSIDE', 'HOME', 'TMPDIR'].map((name) => String(process.env[name]?.includes('container'))).join());
      say(String(fs.existsSync(process.env.AGENT_CAINFO)));`);
    const run = await agent.run({
      ...{ container, env: { INSIDE: 'the container' } },
      variables: { 'Agent.CAInfo': '/opt/of-the-agent/ca.pem' },
    });
    assert.deepEqual(run.log, ['true,true,true', 'false']);
  });

  it("can have the image's own Node", async () => {
    const agent = await toy(`say(process.version)`);
    const run = await agent.run({ container: { ...container, node: 'Node24' } });
    assert.match(run.log[0] ?? '', /^v24\./);
  });

  it('receives no signal, and keeps running until the job ends, after the post-job step', async () => {
    const file = `process.env.AGENT_TEMPDIRECTORY + '/beats'`;
    const agent = await toy(
      `process.on('SIGINT', () => say('heard')); process.on('SIGTERM', () => say('heard')); say('ready');
      let beats = 0;
      setInterval(() => { require('node:fs').writeFileSync(${file}, String(process.pid)); say('beat ' + beats++); }, 5);`,
      `const fs = require('node:fs');
      fs.rmSync(${file}, { force: true });
      const wait = () => (fs.existsSync(${file}) ? say('it goes on') : setTimeout(wait, 5));
      wait();`,
    );
    const step = agent.start({ container });
    await step.waitForLine(/beat 2/);
    step.cancel();
    const run = await step.finished;
    assert.deepEqual([run.result, run.signal, run.exitCode], ['Canceled', 'SIGKILL', null]);
    assert.ok(!run.log.includes('heard'));
    const after = await agent.postJob(run);
    assert.deepEqual(after?.log, ['it goes on']);
  });

  itInRoot('has a root folder with only Node and the mounted folders, as another user', async () => {
    const agent = await toy(`const fs = require('node:fs');
      say(fs.readdirSync('/').filter((name) => name.startsWith('__')).join());
      say(String(['/bin/sh', '/proc/self', '/etc/passwd', '/root'].filter((file) => fs.existsSync(file))));
      say(process.cwd() + ' ' + process.getuid() + ' ' + process.execPath);
      fs.writeFileSync(process.env.AGENT_TEMPDIRECTORY + '/summary.md', '# Done');
      say('##vso[task.uploadsummary]' + process.env.AGENT_TEMPDIRECTORY + '/summary.md');`);
    const run = await agent.run({ container: { root: 'own' } });
    assert.deepEqual(run.log, ['__a,__t,__w', '', '/__w/1/s 1001 /__a/externals/node20_1/bin/node']);
    assert.deepEqual([run.summaries, run.filesLeft], [['# Done'], ['summary.md']]);
  });
});
