import assert from 'node:assert/strict';
import { describeRun } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/justification';

const HOME = 'https://dev.azure.com/contoso/';

const build: Readonly<Record<string, string>> = {
  'System.TeamProject': 'My Project',
  'System.HostType': 'build',
  'System.CollectionUri': 'https://dev.azure.com/attacker/',
  'Build.DefinitionName': 'Deploy web',
  'Build.BuildNumber': '20261121.3',
  'Build.BuildId': '4711',
  'Build.RequestedFor': 'Ana Ruiz',
};

describe('the default justification of a run', () => {
  it('names the project, pipeline, run, requestor, and URL', () => {
    const text = describeRun((name) => build[name] ?? '', HOME);
    for (const part of ['My Project', 'Deploy web', '20261121.3', 'Ana Ruiz']) assert.ok(text.includes(part));
    assert.ok(text.includes('https://dev.azure.com/contoso/My%20Project/_build/results?buildId=4711'));
  });

  it('names the release of a classic release pipeline', () => {
    const release: Readonly<Record<string, string>> = {
      ...build,
      'System.HostType': 'release',
      'Release.DefinitionName': 'To production',
      'Release.ReleaseName': 'Release-12',
      'Release.RequestedFor': 'Ben',
      'Release.ReleaseId': '12',
      'Release.ReleaseWebURL': 'https://attacker.example/p/_release?releaseId=12',
    };
    const text = describeRun((name) => release[name] ?? '', 'https://vsrm.dev.azure.com/contoso/');
    for (const part of [
      'To production',
      'Release-12',
      'Ben',
      'https://dev.azure.com/contoso/My%20Project/_release?releaseId=12',
    ])
      assert.ok(text.includes(part));
    assert.ok(!text.includes('Deploy web'));
  });

  it("names the organization of the agent's own connection, regardless of variables", () => {
    for (const [home, page] of [
      ['https://contoso.visualstudio.com/', 'https://contoso.visualstudio.com/'],
      ['https://tfs.contoso.example/tfs/Default/', 'https://tfs.contoso.example/tfs/Default/'],
    ] as const) {
      const text = describeRun((name) => build[name] ?? '', home);
      assert.ok(text.endsWith(`${page}My%20Project/_build/results?buildId=4711`), text);
    }
    const forged: Readonly<Record<string, string>> = { ...build, 'Build.BuildId': '1/../../other?x=' };
    assert.ok(describeRun((name) => forged[name] ?? '', HOME).endsWith('1%2F..%2F..%2Fother%3Fx%3D'));
  });

  it('omits unknown values', () => {
    assert.equal(
      describeRun(() => '', HOME),
      '',
    );
    assert.equal(
      describeRun((name) => (name === 'System.TeamProject' ? 'p' : ''), ''),
      'p',
    );
  });
});
