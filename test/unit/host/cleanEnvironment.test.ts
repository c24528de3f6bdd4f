import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cleanEnvironment } from '../../../tasks/shared/host/cleanEnvironment';

const ID = '3f1a8f6e-52a3-4d5c-8a1b-7f6f1c1e9b10';

/**
 * Returns the environment of an agent: variables, the lists of their names, then inputs and connections, or the other
 * way round.
 */
function given(
  variables: Record<string, string>,
  names: readonly string[],
  more: { older?: boolean; hidden?: string[] } = {},
) {
  const lists = {
    TF_BUILD: 'True',
    VSTS_PUBLIC_VARIABLES: JSON.stringify(names),
    VSTS_SECRET_VARIABLES: JSON.stringify(more.hidden ?? []),
  };
  const own = {
    INPUT_PORTS: '22',
    INPUT_SOURCEIP: '',
    ENDPOINT_AUTH_SYSTEMVSSCONNECTION: '{"parameters":{"AccessToken":"t"}}',
    [`ENDPOINT_DATA_${ID}`]: '{"environment":"AzureCloud"}',
    [`ENDPOINT_DATA_${ID}_ENVIRONMENT`]: 'AzureCloud',
  };
  const env: Record<string, string> = more.older
    ? { ...own, ...variables, ...lists }
    : { ...variables, ...lists, ...own };
  return env;
}

describe('the environment of a task', () => {
  it("keeps the machine's settings for identities, and removes those that a variable sets", () => {
    const env = given({ IMDS_ENDPOINT: 'a', MSI_ENDPOINT: 'b' }, ['imds.endpoint']);
    const { ignored } = cleanEnvironment(env, 'linux');
    assert.deepEqual(
      [ignored, env['IMDS_ENDPOINT'], env['MSI_ENDPOINT']],
      [['imds.endpoint'], undefined, 'b'],
    );
  });

  it('loses every name that affects the sign-in if the variables of the job are unknown', () => {
    for (const lists of [{}, { VSTS_PUBLIC_VARIABLES: '[', VSTS_SECRET_VARIABLES: '[]' }]) {
      const env: Record<string, string> = { TF_BUILD: 'True', IMDS_ENDPOINT: 'a', PATH: '/bin', ...lists };
      cleanEnvironment(env, 'linux');
      assert.deepEqual([env['IMDS_ENDPOINT'], env['PATH']], [undefined, '/bin']);
    }
    const outside: Record<string, string> = { IMDS_ENDPOINT: 'a' };
    cleanEnvironment(outside, 'linux');
    assert.equal(outside['IMDS_ENDPOINT'], 'a');
  });

  it("is trusted to have the agent's values last only if the order shows it, and never on Windows", () => {
    const names = ['INPUT_SOURCEIP', `ENDPOINT_DATA_${ID}_ENVIRONMENT`];
    const replacing = (older: boolean, platform: NodeJS.Platform) => [
      ...cleanEnvironment(given({ INPUT_SOURCEIP: '*' }, names, { older }), platform).replacing.keys(),
    ];
    assert.deepEqual(replacing(false, 'linux'), []);
    assert.deepEqual(
      replacing(true, 'linux').sort(),
      [...names].sort().map((name) => name.toUpperCase()),
    );
    assert.equal(replacing(false, 'win32').length, 2);
    // All names of the agent are taken, so that nothing can show the order.
    const all = Object.keys(given({}, [])).filter((name) => /^(?:INPUT|ENDPOINT)_/.test(name));
    assert.equal(cleanEnvironment(given({}, all), 'linux').replacing.size, all.length);
  });

  it('loses a variable that has its own spelling, without treating it as a replacement of an input', () => {
    const names = ['INPUT_sourceIp', `ENDPOINT_DATA_${ID}_environment`, `endpoint_data_${ID}`];
    const env = given(Object.fromEntries(names.map((name) => [name, 'x'])), names, { older: true });
    const { ignored, replacing } = cleanEnvironment(env, 'linux');
    assert.deepEqual([ignored, [...replacing]], [[...names].sort(), []]);
    assert.deepEqual(
      names.filter((name) => env[name] !== undefined),
      [],
    );
    assert.equal(env['INPUT_SOURCEIP'], '');
    // On Windows, it is the same name.
    const windows = given({ INPUT_sourceIp: 'x' }, ['INPUT_sourceIp'], { older: true });
    assert.deepEqual([...cleanEnvironment(windows, 'win32').replacing.keys()], ['INPUT_SOURCEIP']);
  });

  it('reports variables as replacing an input if they share a spelling, or if one is missing in its own spelling', () => {
    const replacing = (variables: Record<string, string>, names: readonly string[]) => [
      ...cleanEnvironment(given(variables, names, { older: true }), 'linux').replacing.values(),
    ];
    const both = { INPUT_sourceIp: 'x', INPUT_SOURCEIP: '*' };
    assert.deepEqual(replacing(both, ['INPUT_sourceIp', 'INPUT.sourceIp']), [
      'INPUT_sourceIp, INPUT.sourceIp',
    ]);
    assert.deepEqual(replacing(both, ['INPUT_sourceIp', 'input.sourceip']), ['input.sourceip']);
    assert.deepEqual(replacing({ INPUT_SOURCEIP: '*' }, ['INPUT_sourceIp']), ['INPUT_sourceIp']);
  });

  it('keeps a field of the connection that the agent wrote, and loses one that a variable adds', () => {
    const [own, added] = [`ENDPOINT_DATA_${ID}_ENVIRONMENT`, `ENDPOINT_DATA_${ID}_ENVIRONMENTAUTHORITYURL`];
    const system = 'ENDPOINT_DATA_SYSTEMVSSCONNECTION_X';
    const env = given({ [own]: 'x', [added]: 'x', [system]: 'x' }, [own, added, system]);
    cleanEnvironment(env, 'linux');
    assert.deepEqual([env[own], env[added], env[system]], ['AzureCloud', undefined, undefined]);
  });

  it('loses public variables with the names of secret ones', () => {
    const hidden = ['Agent.ProxyPassword'];
    const env = given(
      {
        SECRET_AGENT_CAINFO: 'x',
        SECRET_agent_proxypassword: 'x',
        SECRET_AGENT_PROXYPASSWORD: 'own',
        SECRET_PLACE: 'Rome',
      },
      ['secret.agent.cainfo', 'SECRET_agent_proxypassword', 'SECRET_PLACE'],
      { hidden },
    );
    cleanEnvironment(env, 'linux');
    assert.deepEqual(
      Object.entries(env).filter(([name]) => name.startsWith('SECRET_')),
      [
        ['SECRET_AGENT_PROXYPASSWORD', 'own'],
        ['SECRET_PLACE', 'Rome'],
      ],
    );
  });

  it('is checked for several variables with the same name that a task reads', () => {
    const { ambiguous } = cleanEnvironment(
      given({}, ['Agent.ProxyUrl', 'agent_proxyurl', 'My.Name', 'my_name'], { hidden: ['agent proxyurl'] }),
      'linux',
    );
    assert.deepEqual(ambiguous, [['Agent.ProxyUrl', 'agent_proxyurl', 'agent proxyurl']]);
  });

  it('contains no variable with a reserved name, regardless of its case', () => {
    const prefix = fc.constantFrom(
      'INPUT_',
      'ENDPOINT_',
      'SECUREFILE_',
      'VSTS_',
      'Input.',
      'endpoint ',
      'vsts.',
    );
    const rest = fc.stringMatching(/^[a-zA-Z._ ]{1,20}$/);
    const forms = (name: string) => [name.replace(/[. ]/g, '_'), name.replace(/[. ]/g, '_').toUpperCase()];
    fc.assert(
      fc.property(prefix, rest, fc.boolean(), (start, end, keepsCase) => {
        const name = start + end;
        const key = forms(name)[keepsCase ? 0 : 1]!;
        const env = given({ [key]: 'attack' }, [name]);
        const { ignored } = cleanEnvironment(env, 'linux');
        assert.deepEqual(ignored, [name]);
        // A name that the agent could have written is only read by an input or a task variable with exactly that name.
        if (env[key] !== undefined) assert.match(key, /^(?:INPUT|VSTS)_[^a-z]+$/);
      }),
    );
  });
});
