import assert from 'node:assert/strict';
import { judgeOidcAddress, parseOrganization } from '../../../tasks/shared/core/organization';

const CALL = '/p/_apis/distributedtask/hubs/build/plans/1/jobs/2/oidctoken';

describe('an Azure DevOps organization', () => {
  it('is the same for all of its addresses', () => {
    const keys = [
      'https://dev.azure.com/contoso',
      'https://dev.azure.com/Contoso/',
      'https://DEV.azure.com:443/contoso/My%20Project',
      'https://vsrm.dev.azure.com/contoso/',
      'https://contoso.visualstudio.com/',
      'https://Contoso.VisualStudio.com/DefaultCollection',
      'https://contoso.vsrm.visualstudio.com/p',
    ].map((text) => parseOrganization(text)?.key);
    assert.equal(new Set(keys).size, 1);
  });

  it('is a different one if the name, host, or port differs', () => {
    const keys = [
      'https://dev.azure.com/contoso',
      'https://dev.azure.com/other',
      'https://dev.azure.com:8443/contoso',
      'https://dev.azure.com./contoso',
      'https://dev.azure.com.attacker.example/contoso',
      'https://contoso.visualstudio.com.attacker.example/',
      'https://xdev.azure.com/contoso',
      'https://attacker.dev.azure.com/contoso',
      'http://dev.azure.com/contoso',
      'https://tfs.contoso.example/contoso',
      'https://tfs.contoso.example:8443/contoso',
    ].map((text) => parseOrganization(text)?.key);
    assert.equal(new Set(keys).size, keys.length);
  });

  it('has one base URL for its pages', () => {
    const urlOf = (text: string) => parseOrganization(text)?.url;
    assert.equal(urlOf('https://vsrm.dev.azure.com/contoso/'), 'https://dev.azure.com/contoso');
    assert.equal(urlOf('https://contoso.vsrm.visualstudio.com/'), 'https://contoso.visualstudio.com');
    assert.equal(
      urlOf('https://contoso.visualstudio.com/DefaultCollection/'),
      'https://contoso.visualstudio.com/DefaultCollection',
    );
    assert.equal(urlOf('http://tfs:8080/tfs/Default/'), 'http://tfs:8080/tfs/Default');
  });

  it('is undefined if the text is not an HTTP address', () => {
    for (const text of ['', 'dev.azure.com/contoso', 'file:///etc/passwd', 'javascript:alert(1)']) {
      assert.equal(parseOrganization(text), undefined);
    }
  });
});

describe('the address for OIDC tokens', () => {
  const home = 'https://dev.azure.com/contoso/';

  it("is trusted in the agent's organization, and loses parts that could change the call", () => {
    for (const origin of ['https://dev.azure.com/contoso', 'https://contoso.visualstudio.com']) {
      for (const end of ['?serviceConnectionId=other#x', '/', '/?x=y']) {
        const judged = judgeOidcAddress(origin + CALL + end, home);
        assert.deepEqual(judged, { kind: 'trusted', url: origin + CALL });
      }
    }
    const server = 'https://tfs.contoso.example/tfs/Default';
    assert.equal(judgeOidcAddress(server + CALL, `${server}/`).kind, 'trusted');
  });

  it('is foreign anywhere else, and is shown with the host that would really receive the call', () => {
    for (const [requested, host] of [
      [`https://attacker.example/contoso${CALL}`, 'https://attacker.example/contoso'],
      [`https://dev.azure.com@attacker.example/contoso${CALL}`, 'https://attacker.example/contoso'],
      [`https://a:b@dev.azure.com/contoso${CALL}`, 'https://dev.azure.com/contoso'],
      [`https://dev.azure.com/contoso/../other${CALL}`, 'https://dev.azure.com/other'],
      [`https://dev.azure.com/%2e%2e/other${CALL}`, 'https://dev.azure.com/other'],
      ['https://dev.azure.com/contoso/_apis/build/builds', 'https://dev.azure.com/contoso'],
      [`https://dev.azure.com/contoso/x?y=${CALL}`, 'https://dev.azure.com/contoso'],
      ['not an address', 'not an address'],
    ] as const) {
      assert.deepEqual(judgeOidcAddress(requested, home), {
        kind: 'foreign',
        requested: host,
        home: 'https://dev.azure.com/contoso',
      });
    }
    assert.equal(judgeOidcAddress(`https://dev.azure.com/contoso${CALL}`, '').kind, 'foreign');
  });

  it('must use HTTPS', () => {
    assert.equal(judgeOidcAddress(`http://dev.azure.com/contoso${CALL}`, home).kind, 'insecure');
  });
});
