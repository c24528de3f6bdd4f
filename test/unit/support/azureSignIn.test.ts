import assert from 'node:assert/strict';
import {
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  ManagedIdentityCredential,
} from '@azure/identity';
import { requestToken, createCaller, send } from '../../support/azure/caller';
import { DEFAULT_TENANT, processAuthority, startAzure, type SimulatedAzure } from '../../support/azure';

const SCOPE = 'https://management.core.windows.net//.default';

describe('signing in to the simulated Azure', () => {
  let azure: SimulatedAzure;
  const pod = process.env['AZURE_POD_IDENTITY_AUTHORITY_HOST'];
  const options = () => ({
    authorityHost: azure.authorityUrl,
    disableInstanceDiscovery: true,
    tlsOptions: { ca: azure.caPem },
    retryOptions: { maxRetries: 0 },
  });
  const errorOf = (text: string): string =>
    (JSON.parse(text) as { error_description: string }).error_description;

  before(async () => {
    azure = await startAzure();
    process.env['AZURE_POD_IDENTITY_AUTHORITY_HOST'] = azure.imdsUrl;
  });
  after(async () => {
    if (pod === undefined) delete process.env['AZURE_POD_IDENTITY_AUTHORITY_HOST'];
    else process.env['AZURE_POD_IDENTITY_AUTHORITY_HOST'] = pod;
    await azure.close();
  });
  beforeEach(() => {
    azure.forget();
    azure.faults.clear();
  });

  async function oidcToken(connection: string, token = azure.job.accessToken): Promise<string> {
    const url = `${azure.oidcUrl}?api-version=7.1&serviceConnectionId=${connection}`;
    const reply = await send(azure, url, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
    return (JSON.parse(reply.text) as { oidcToken: string }).oidcToken;
  }

  it('takes a secret from Microsoft’s own client, with instance discovery off', async () => {
    const { clientId, tenantId } = azure.addPrincipal({ secret: 'right' });
    const credential = new ClientSecretCredential(tenantId, clientId, 'right', options());
    assert.ok((await credential.getToken(SCOPE)).token);
    azure.assertNoViolations();
  });

  it('holds instance discovery against the caller', async () => {
    await send(azure, `${azure.authorityUrl}/common/discovery/instance?api-version=1.1`);
    assert.throws(() => {
      azure.assertNoViolations();
    }, /instance discovery must be off/);
  });

  it('takes a certificate from Microsoft’s own client', async () => {
    const certificate = processAuthority().issueSignIn('deployer');
    const { clientId, tenantId } = azure.addPrincipal({ certificatePem: certificate.certificatePem });
    const credential = new ClientCertificateCredential(
      tenantId,
      clientId,
      { certificate: certificate.pem },
      options(),
    );
    assert.ok((await credential.getToken(SCOPE)).token);
    azure.assertNoViolations();
  });

  it('refuses a certificate that is not the registered one', async () => {
    const registered = processAuthority().issueSignIn('deployer');
    const other = processAuthority().issueSignIn('deployer');
    const { clientId, tenantId } = azure.addPrincipal({ certificatePem: registered.certificatePem });
    const credential = new ClientCertificateCredential(
      tenantId,
      clientId,
      { certificate: other.pem },
      options(),
    );
    await assert.rejects(credential.getToken(SCOPE), /AADSTS700027/);
  });

  it('takes a federated token of its own Azure DevOps', async () => {
    const federated = azure.addConnection({ id: 'c1' });
    const { clientId, tenantId } = azure.addPrincipal({ federated });
    const credential = new ClientAssertionCredential(tenantId, clientId, () => oidcToken('c1'), options());
    assert.ok((await credential.getToken(SCOPE)).token);
    azure.assertNoViolations();
  });

  it('refuses a federated token that was used, that is late, or that is about another connection', async () => {
    const principal = azure.addPrincipal({ federated: azure.addConnection({ id: 'c2' }) });
    azure.addConnection({ id: 'c3' });
    const exchange = async (token: string): Promise<string> => {
      const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
      const reply = await requestToken(azure, principal, {
        client_assertion: token,
        client_assertion_type: type,
      });
      return reply.status === 200 ? 'granted' : errorOf(reply.text).slice(0, 12);
    };
    const token = await oidcToken('c2');
    assert.equal(await exchange(token), 'granted');
    assert.equal(await exchange(token), 'AADSTS700027');
    assert.equal(await exchange(await oidcToken('c3')), 'AADSTS700213');
    const [header = '', claims = ''] = (await oidcToken('c2')).split('.');
    assert.match(await exchange(`${header}.${claims}.AAAA`), /AADSTS50013/);
    const late = await oidcToken('c2');
    azure.advance(16 * 60_000);
    assert.equal(await exchange(late), 'AADSTS700024');
  });

  it('gives OIDC tokens only to the job, and only for connections that exist', async () => {
    azure.addConnection({ id: 'c4' });
    assert.equal(await oidcToken('c4', 'wrong').catch(() => 'refused'), 'refused');
    assert.equal(await oidcToken('unknown'), undefined);
    assert.ok(
      azure.oidcUrl.startsWith(
        `${azure.collectionUrl}${azure.job.projectId}/_apis/distributedtask/hubs/build/`,
      ),
    );
  });

  it('refuses a wrong secret, an old one, a strange scope, a strange client and a strange tenant', async () => {
    const principal = azure.addPrincipal({ secret: 'right' });
    const refusal = async (fields: object, who = principal): Promise<string> => {
      const reply = await requestToken(azure, who, fields);
      return `${reply.status} ${errorOf(reply.text).split(':')[0] ?? ''}`;
    };
    assert.equal(await refusal({ client_secret: 'wrong' }), '401 AADSTS7000215');
    assert.equal(await refusal({ scope: 'https://graph.microsoft.com/.default' }), '400 AADSTS500011');
    assert.equal(await refusal({ client_id: 'nobody' }), '400 AADSTS700016');
    assert.equal(await refusal({}, { ...principal, tenantId: 'elsewhere' }), '400 AADSTS90002');
    principal.secretExpiresAt = azure.now();
    assert.equal(await refusal({}), '401 AADSTS7000222');
  });

  it('knows the identities of the machine, and says so when it has none', async () => {
    const user = azure.addPrincipal({ managed: 'user' });
    const get = (clientId: string) =>
      new ManagedIdentityCredential({ clientId, retryOptions: { maxRetries: 0 } }).getToken(SCOPE);
    assert.ok((await get(user.clientId)).token);
    await assert.rejects(get('00000000-0000-0000-0000-000000000000'), /Identity not found/);
    azure.settings.hasManagedIdentity = false;
    // Another identity: MSAL keeps the first one's token for the life of the process.
    await assert.rejects(get(azure.addPrincipal({ managed: 'user' }).clientId), /Identity not found/);
    azure.settings.hasManagedIdentity = true;
    azure.assertNoViolations();
  });

  it('wants the Metadata header, which keeps web pages from asking', async () => {
    const query = `api-version=2018-02-01&resource=${encodeURIComponent(azure.settings.armAudience)}`;
    const reply = await send(azure, `${azure.imdsUrl}/metadata/identity/oauth2/token?${query}`);
    assert.equal(reply.status, 400);
    assert.match(reply.text, /Required metadata header not specified/);
  });

  it('lets ARM refuse a token that is missing, made up, late or revoked', async () => {
    azure.addVm({ name: 'web-01' });
    const caller = await createCaller(azure, azure.addPrincipal({ secret: 'right' }));
    const path =
      '/subscriptions/x/providers/Microsoft.Security/jitNetworkAccessPolicies?api-version=2020-01-01';
    const code = async (headers: Record<string, string>): Promise<string> => {
      const { status, text, headers: received } = await send(azure, azure.url + path, { headers });
      assert.equal(status, 401);
      assert.match(received['www-authenticate'] ?? '', /^Bearer authorization_uri=/);
      return (JSON.parse(text) as { error: { code: string } }).error.code;
    };
    assert.equal(await code({}), 'AuthenticationFailed');
    assert.equal(await code({ authorization: 'Bearer made-up' }), 'InvalidAuthenticationToken');
    assert.equal((await caller.ask('GET', path)).status, 404);
    azure.revokeTokens();
    assert.equal(await code({ authorization: `Bearer ${caller.token}` }), 'InvalidAuthenticationToken');
    const second = await createCaller(azure, azure.addPrincipal({ secret: 'right' }));
    azure.advance(3600_000);
    assert.equal(await code({ authorization: `Bearer ${second.token}` }), 'ExpiredAuthenticationToken');
  });

  it('records no secret: neither tokens nor client secrets nor assertions', async () => {
    const caller = await createCaller(azure, azure.addPrincipal({ name: 'deployer', secret: 'very secret' }));
    await caller.ask(
      'GET',
      '/subscriptions/x/providers/Microsoft.Security/jitNetworkAccessPolicies?api-version=2020-01-01',
    );
    const seen = JSON.stringify(azure.calls);
    for (const secret of azure.secrets())
      assert.ok(!seen.includes(secret), `a secret was recorded: ${secret}`);
    assert.match(azure.calls.at(-1)?.headers['authorization'] ?? '', /^Bearer <token \d+ of deployer>$/);
    assert.ok(azure.secrets().includes(caller.token));
  });

  it('puts everybody into one tenant unless told otherwise', () => {
    assert.equal(azure.addPrincipal().tenantId, DEFAULT_TENANT);
  });
});
