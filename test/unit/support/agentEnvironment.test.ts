import assert from 'node:assert/strict';
import { mergeEnvironments } from '../../support/agent/environment';
import { useToyAgents } from '../../support/agent/toyTask';
import { createVariables, toEnvironmentName } from '../../support/agent/variables';

const toy = useToyAgents();

describe('the environment from the agent', () => {
  it('has inputs, the connections that they name, and variables, but nothing from the machine', async () => {
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

  it('replaces variables by inputs, connections, and task variables with the same name', async () => {
    const agent = await toy(`for (const name of ['INPUT_COLOUR', 'VSTS_TASKVARIABLE_SEEN', 'TF_BUILD',
      'ENDPOINT_URL_SYSTEMVSSCONNECTION']) say(process.env[name]);`);
    const options = {
      inputs: { color: 'red' },
      taskVariables: { seen: 'yes' },
      variables: {
        'input.colour': 'evil',
        'endpoint url SystemVssConnection': 'https://evil.example/',
        VSTS_TASKVARIABLE_SEEN: 'evil',
        'tf.build': 'evil',
      },
    };
    const url = 'https://dev.azure.com/contoso/';
    assert.deepEqual((await agent.run(options)).log, ['red', 'yes', 'True', url]);
    const older = await agent.run({ ...options, variablesLast: true });
    assert.deepEqual(older.log, ['evil', 'yes', 'True', 'https://evil.example/']);
  });

  it('has names in upper case, character by character, unless their case is preserved', async () => {
    const agent = await toy(
      `say('##vso[task.setvariable variable=toyCase;preservecase=true]a');
      say('##vso[task.setvariable variable=shade;preservecase=true]b');
      say('##vso[task.settaskvariable variable=Seen;preservecase=true]c');`,
      `say([process.env.toyCase, process.env['jit_shade'], process.env.VSTS_TASKVARIABLE_Seen].join(' '))`,
    );
    const run = await agent.run({});
    assert.deepEqual((await agent.postJob(run))?.log, ['a b c']);
    assert.equal(toEnvironmentName('Straße 7.b'), 'STRAßE_7_B');
  });

  it('merges names that only differ in case on Windows, with the first spelling', () => {
    const groups = [{ Path: 'a', B: 'b' }, { PATH: 'c' }];
    assert.deepEqual(mergeEnvironments(groups, true), { Path: 'c', B: 'b' });
    assert.deepEqual(mergeEnvironments(groups, false), { Path: 'a', B: 'b', PATH: 'c' });
  });

  it('expands variables in variables at the start of a job, and masks those that contain a secret', () => {
    const variables = createVariables({
      a: '<$(b)>',
      b: '$(c) $(none)',
      c: 'see',
      around: '$(again)',
      again: '$(around) $(c)',
      login: 'user:$(PIN)',
      pin: { value: '123456', secret: true },
      ' ': 'nameless',
    });
    assert.equal(variables.get('a')?.value, '<see $(none)>');
    assert.equal(variables.get('around')?.value, '$(again)');
    assert.deepEqual(variables.get('login'), {
      ...{ name: 'login', value: 'user:123456', secret: true, preserveCase: false },
    });
    assert.equal(variables.get(' '), undefined);
    variables.set('late', '$(c)');
    assert.equal(variables.get('late')?.value, '$(c)');
  });

  it('has the outputs of a step in every later process', async () => {
    const agent = await toy(
      `say('##vso[task.setvariable variable=shade]dark');`,
      'say(process.env.JIT_SHADE)',
    );
    const run = await agent.run({});
    assert.deepEqual((await agent.postJob(run))?.log, ['dark']);
    assert.equal(
      await agent.script(run, "console.log(process.env.JIT_SHADE + ' $(jit.shade) $(jit.none)')"),
      'dark dark $(jit.none)\n',
    );
    const named = await agent.run({ name: 'paint' });
    assert.equal(
      await agent.script(named, 'console.log(process.env.PAINT_SHADE, process.env.JIT_SHADE)'),
      'dark undefined\n',
    );
  });

  for (const [what, output] of [
    ['as long as Windows takes', `'x'.repeat(32766)`],
    ['of as many bytes as Linux takes', `'\u20ac'.repeat(30000)`],
  ] as const) {
    it(`starts the next process after an output ${what}`, async () => {
      const agent = await toy(`say('##vso[task.setvariable variable=shade]' + ${output});`, '');
      const run = await agent.run({});
      assert.equal((await agent.postJob(run))?.exitCode, 0);
      await agent.script(run, '');
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
      await assert.rejects(agent.script(run, ''), /No process starts/);
    });
  }

  it('starts no process if the outputs are too long in total', async () => {
    const agent = await toy('');
    const variables = Object.fromEntries(
      Array.from({ length: 40 }, (_none, index) => [`v${index}`, 'x'.repeat(30_000)]),
    );
    await assert.rejects(agent.run({ variables }), /No process starts/);
  });
});
