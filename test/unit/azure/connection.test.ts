import assert from 'node:assert/strict';
import { CodedError } from '../../../tasks/shared/core/errors';
import { parseConnection, type Connection } from '../../../tasks/shared/azure/connection';

interface Given {
  readonly scheme?: string;
  readonly url?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly data?: Readonly<Record<string, string>>;
}

const readConnection = (fields: Readonly<Record<string, string>> = {}) => {
  const lower = new Map(Object.entries(fields).map(([key, value]) => [key.toLowerCase(), value]));
  return (key: string) => lower.get(key.toLowerCase()) ?? '';
};

const parse = ({ scheme = 'ServicePrincipal', url, parameters, data }: Given): Connection =>
  parseConnection({
    id: 'my-connection',
    url: url ?? 'https://management.azure.com/',
    scheme,
    parameter: readConnection(parameters),
    property: readConnection({ environment: 'AzureCloud', subscriptionId: 's', ...data }),
  });

const ids = { tenantid: 't', serviceprincipalid: 'c' };
const key = { ...ids, serviceprincipalkey: 'k' };

const refusal = (given: Given): CodedError => {
  try {
    parse(given);
  } catch (error) {
    assert.ok(error instanceof CodedError && error.code === 'JIT201');
    return error;
  }
  return assert.fail('It was accepted.');
};

describe('a service connection', () => {
  it('signs in with a secret', () => {
    assert.deepEqual(parse({ parameters: { ...key, authenticationType: 'spnKey' } }), {
      id: 'my-connection',
      cloud: { name: 'AzureCloud', known: true },
      identity: { kind: 'secret', tenantId: 't', clientId: 'c', secret: 'k' },
      armUrl: 'https://management.azure.com',
      audience: 'https://management.azure.com',
      authorityUrl: 'https://login.microsoftonline.com',
      subscriptionId: 's',
    });
  });

  const certificate = { ...ids, authenticationType: 'spnCertificate', servicePrincipalCertificate: 'PEM' };
  const SCHEMES: readonly (readonly [string, Given, Connection['identity']])[] = [
    [
      'without a scheme',
      { scheme: '', parameters: key },
      { kind: 'secret', tenantId: 't', clientId: 'c', secret: 'k' },
    ],
    [
      'without an authentication type',
      { parameters: key },
      { kind: 'secret', tenantId: 't', clientId: 'c', secret: 'k' },
    ],
    [
      'with a certificate',
      { parameters: certificate },
      { kind: 'certificate', tenantId: 't', clientId: 'c', certificate: 'PEM' },
    ],
    [
      'with federation, in any case',
      { scheme: 'workloadidentityFEDERATION', parameters: ids },
      { kind: 'federated', tenantId: 't', clientId: 'c' },
    ],
    [
      'with the identity of the machine',
      { scheme: 'ManagedServiceIdentity', parameters: { tenantid: 't' } },
      { kind: 'managed', clientId: undefined },
    ],
    [
      'with an identity of the user',
      { scheme: 'ManagedServiceIdentity', data: { MsiClientId: 'm' } },
      { kind: 'managed', clientId: 'm' },
    ],
  ];
  for (const [what, given, identity] of SCHEMES) {
    it(`signs in ${what}`, () => {
      assert.deepEqual(parse(given).identity, identity);
    });
  }

  it('reads its fields regardless of case', () => {
    const upper = Object.fromEntries(Object.entries(key).map(([name, value]) => [name.toUpperCase(), value]));
    assert.deepEqual(parse({ parameters: upper }).identity, parse({ parameters: key }).identity);
  });

  // From `az cloud list`, and https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud.
  const CLOUDS: readonly (readonly [string, string, string, string])[] = [
    ['', 'AzureCloud', 'management.azure.com', 'login.microsoftonline.com'],
    ['AzureCloud', 'AzureCloud', 'management.azure.com', 'login.microsoftonline.com'],
    ['AZUREUSGOVERNMENT', 'AzureUSGovernment', 'management.usgovcloudapi.net', 'login.microsoftonline.us'],
    ['azurechinacloud', 'AzureChinaCloud', 'management.chinacloudapi.cn', 'login.chinacloudapi.cn'],
  ];
  for (const [environment, name, manager, signIn] of CLOUDS) {
    it(`has the known hosts of ${environment || 'a connection without an environment'}`, () => {
      const found = parse({ parameters: key, data: { environment }, url: `https://${manager}/` });
      assert.equal(found.authorityUrl, `https://${signIn}`);
      assert.deepEqual(found.cloud, { name, known: true });
    });

    for (const host of [
      'attacker.example',
      `${manager}.attacker.example`,
      `${manager}@attacker.example`,
      `${manager}:8443`,
      `${manager}.`,
      `x${manager}`,
      'localhost:4711',
    ]) {
      it(`accepts ${host} neither for Azure nor for the sign-in of ${environment || 'the usual cloud'}`, () => {
        const shown = new URL(`https://${host}`).host;
        const seen = [
          refusal({ parameters: key, data: { environment }, url: `https://${host}/` }),
          refusal({
            parameters: key,
            url: `https://${manager}/`,
            data: { environment, activeDirectoryAuthority: `https://${host}/` },
          }),
        ];
        for (const error of seen)
          assert.ok(error.seen.includes(shown) && error.seen.includes(name), error.seen);
      });
    }
  }

  it('does not accept the hosts of one cloud for another', () => {
    const data = {
      environment: 'AzureUSGovernment',
      environmentAuthorityUrl: 'https://login.microsoftonline.com/',
    };
    refusal({ parameters: key, url: 'https://management.usgovcloudapi.net/', data });
    refusal({ parameters: key, data: { environment: 'AzureChinaCloud' } });
  });

  it('accepts any valid spelling of its hosts in URLs', () => {
    const data = { environmentAuthorityUrl: 'https://Login.Windows.net:443/' };
    const { armUrl, authorityUrl } = parse({
      parameters: key,
      data,
      url: 'https://MANAGEMENT.azure.com:443',
    });
    assert.deepEqual([armUrl, authorityUrl], ['https://management.azure.com', 'https://login.windows.net']);
  });

  const stack = { environment: 'AzureStack' };

  it('uses the authority that it names', () => {
    const data = { ...stack, environmentAuthorityUrl: 'https://second.test/' };
    assert.equal(parse({ parameters: key, data }).authorityUrl, 'https://second.test');
    const both = { ...data, activeDirectoryAuthority: 'https://first.test/' };
    assert.equal(parse({ parameters: key, data: both }).authorityUrl, 'https://first.test');
  });

  it('is used unchanged for a cloud with another name', () => {
    const data = {
      environment: ' Azure Stack of Contoso ',
      environmentAuthorityUrl: 'https://login.stack.test/adfs',
    };
    const found = parse({ parameters: key, data, url: 'https://arm.stack.test:30005/' });
    assert.deepEqual(found.cloud, { name: 'Azure Stack of Contoso', known: false });
    assert.equal(found.armUrl, 'https://arm.stack.test:30005');
    assert.equal(found.authorityUrl, 'https://login.stack.test/adfs');
  });

  it('requests a token for the resource that it names, and otherwise for its own URL', () => {
    const data = { activeDirectoryServiceEndpointResourceId: 'https://management.core.windows.net/' };
    assert.equal(parse({ parameters: key, data }).audience, 'https://management.core.windows.net/');
  });

  it('has no subscription if its scope is a management group', () => {
    assert.equal(parse({ parameters: key, data: { subscriptionId: '' } }).subscriptionId, undefined);
  });

  it('uses the Azure Resource Manager URL in its data if it has no URL of its own', () => {
    const signIn = 'https://login.stack.test/';
    const data = { ...stack, environmentAuthorityUrl: signIn, resourceManagerUrl: 'https://arm.stack.test/' };
    assert.equal(parse({ parameters: key, data, url: '' }).armUrl, 'https://arm.stack.test');
  });

  const MISSING: readonly (readonly [string, Given])[] = [
    ['nothing at all', {}],
    ['no tenant', { parameters: { ...key, tenantid: '' } }],
    ['no client', { parameters: { ...key, serviceprincipalid: '' } }],
    ['no key', { parameters: ids }],
    ['no certificate', { parameters: { ...certificate, servicePrincipalCertificate: '' } }],
    [
      'no tenant for federation',
      { scheme: 'WorkloadIdentityFederation', parameters: { serviceprincipalid: 'c' } },
    ],
    ['an ARM URL without TLS', { parameters: key, url: 'http://management.azure.com/' }],
    ['no ARM URL', { parameters: key, url: '' }],
    ['an unknown cloud', { parameters: key, data: { environment: 'AzureMoon' } }],
    [
      'an authority without TLS',
      { parameters: key, data: { activeDirectoryAuthority: 'http://login.test/' } },
    ],
  ];
  for (const [what, given] of MISSING) {
    it(`is JIT201 with ${what}`, () => {
      refusal(given);
    });
  }

  it('names all missing fields at once, and no secret', () => {
    const { seen } = refusal({ parameters: { serviceprincipalkey: 'top-secret' } });
    assert.match(seen, /tenant.*service principal/);
    assert.ok(!seen.includes('top-secret'));
  });

  it('is JIT201 if its scheme has no token', () => {
    assert.match(
      refusal({ scheme: 'PublishProfile', parameters: { publishProfile: '<xml/>' } }).seen,
      /PublishProfile/,
    );
  });
});
