import assert from 'node:assert/strict';
import { describeRun } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/justification';
import { findRunUrl } from '../../../tasks/JitReport/JitReportV1/src/judge/runUrl';

const HOME = 'https://dev.azure.com/contoso/';
const RUN = `${HOME}shop/_build/results?buildId=7`;
const find = (justification: string, home = HOME): string | null => findRunUrl(justification, home);

describe('the run in a justification', () => {
  it('is found in the justification that a run writes', () => {
    const build: Readonly<Record<string, string>> = {
      ...{ 'System.TeamProject': 'my shop', 'Build.BuildId': '7' },
      ...{ 'Build.DefinitionName': 'deploy', 'Build.BuildNumber': '1.2', 'Build.RequestedFor': 'Ana' },
    };
    assert.equal(
      find(describeRun((name) => build[name] ?? '', HOME)),
      `${HOME}my%20shop/_build/results?buildId=7`,
    );
    const release: Readonly<Record<string, string>> = {
      ...{ 'System.HostType': 'release', 'System.TeamProject': 'shop', 'Release.ReleaseId': '3' },
    };
    assert.equal(find(describeRun((name) => release[name] ?? '', HOME)), `${HOME}shop/_release?releaseId=3`);
  });

  it('is a build or a release of this organization', () => {
    assert.equal(find(`see ${RUN} please`), RUN);
    assert.equal(
      find(`${HOME}shop/_releaseProgress?releaseId=3`),
      `${HOME}shop/_releaseProgress?releaseId=3`,
    );
    assert.equal(find(RUN.toUpperCase().replace('HTTPS', 'https')), find(RUN.toUpperCase()));
    assert.equal(find(RUN, 'https://DEV.azure.com/Contoso'), RUN);
    for (const other of ['shop/_git/x', 'shop/_build', '_apis/connectionData', 'shop/_build/results/x', '']) {
      assert.equal(find(HOME + other), null, other);
    }
  });

  it('can have any address of the organization', () => {
    const old = 'https://contoso.visualstudio.com/shop/_build/results?buildId=7';
    assert.equal(find(old), old);
    assert.equal(find(RUN, 'https://contoso.visualstudio.com/'), RUN);
    assert.equal(find(RUN, 'https://vsrm.dev.azure.com/contoso/'), RUN);
    assert.equal(find(old.replace('contoso', 'evil')), null);
  });

  it('is not accepted from any other place', () => {
    const others = [
      'https://dev.azure.com/contoso-evil/shop/_build/results?buildId=7',
      'https://dev.azure.com/evil/_build/results?buildId=7',
      'https://dev.azure.com/contoso/../evil/shop/_build/results?buildId=7',
      'https://dev.azure.com/contoso/%2e%2e/evil/shop/_build/results?buildId=7',
      'https://evil.test/contoso/shop/_build/results?buildId=7',
      'https://dev.azure.com.evil.test/contoso/shop/_build/results?buildId=7',
      'https://dev.azure.com:8443/contoso/shop/_build/results?buildId=7',
      'https://evil.test\\@dev.azure.com/contoso/shop/_build/results?buildId=7',
      'http://dev.azure.com/contoso/shop/_build/results?buildId=7',
      'https://user@dev.azure.com/contoso/shop/_build/results?buildId=7',
      'https://user:word@dev.azure.com/contoso/shop/_build/results?buildId=7',
      'javascript:alert(1)//dev.azure.com/contoso/shop/_build/results?buildId=7',
      'https://',
      'https://[',
    ];
    for (const other of others) assert.equal(find(other), null, other);
  });

  it('ends before punctuation of the sentence', () => {
    for (const end of ['.', ',', ';', ')', '].', '"', "'", '>', '<br>']) {
      assert.equal(find(`(${RUN}${end}`), RUN, end);
    }
    assert.equal(find(`${RUN}&view=logs`), `${RUN}&view=logs`);
  });

  it('is the first one that can be shown', () => {
    assert.equal(find(`https://evil.test/_build/results ${RUN} ${RUN}8`), RUN);
    assert.equal(find('no link at all'), null);
    assert.equal(find(''), null);
    assert.equal(find(`https://${'.'.repeat(1_000_000)}x`), null, 'however long');
  });

  it('is below the collection on an Azure DevOps Server', () => {
    const home = 'https://tfs.contoso.local:8080/tfs/DefaultCollection/';
    const run = `${home}shop/_build/results?buildId=7`;
    assert.equal(find(run, home), run);
    assert.equal(find(run.replace('DefaultCollection', 'Other'), home), null);
    assert.equal(find(run.replace('/tfs/', '/'), home), null);
  });

  it('is undefined if the address of the organization is unknown', () => {
    for (const home of ['', 'dev.azure.com', 'http://dev.azure.com/contoso/', 'null']) {
      assert.equal(find(RUN, home), null, home);
    }
  });
});
