import assert from 'node:assert/strict';
import { describeRun } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/justification';

const build: Readonly<Record<string, string>> = {
  'System.TeamProject': 'My Project',
  'System.HostType': 'build',
  'System.CollectionUri': 'https://dev.azure.com/contoso/',
  'Build.DefinitionName': 'Deploy web',
  'Build.BuildNumber': '20261121.3',
  'Build.BuildId': '4711',
  'Build.RequestedFor': 'Ana Ruiz',
};

describe('the justification that a run gives by itself', () => {
  it('names project, pipeline, run, who asked for it, and its URL', () => {
    const text = describeRun((name) => build[name] ?? '');
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
      'Release.ReleaseWebURL': 'https://dev.azure.com/contoso/p/_release?releaseId=12',
    };
    const text = describeRun((name) => release[name] ?? '');
    for (const part of ['To production', 'Release-12', 'Ben', '_release?releaseId=12'])
      assert.ok(text.includes(part));
    assert.ok(!text.includes('Deploy web'));
  });

  it('leaves out what is not known', () => {
    assert.equal(
      describeRun(() => ''),
      '',
    );
    assert.equal(
      describeRun((name) => (name === 'System.TeamProject' ? 'p' : '')),
      'p',
    );
  });
});
