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

describe('the sign-in to the simulated Azure', () => {
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

  it('accepts a secret from Microsoft’s own client, with instance discovery off', async () => {
    const { clientId, tenantId } = azure.addPrincipal({ secret: 'right' });
    const credential = new ClientSecretCredential(tenantId, clientId, 'right', options());
    assert.ok((await credential.getToken(SCOPE)).token);
    azure.assertNoViolations();
  });

  it('reports instance discovery as a violation', async () => {
    await send(azure, `${azure.authorityUrl}/common/discovery/instance?api-version=1.1`);
    assert.throws(() => {
      azure.assertNoViolations();
    }, /instance discovery must be off/);
  });

  it('accepts a certificate from Microsoft’s own client', async () => {
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

  it('rejects a certificate that is not registered', async () => {
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

  it('accepts a federated token of its own Azure DevOps', async () => {
    const federated = azure.addConnection({ id: 'c1' });
    const { clientId, tenantId } = azure.addPrincipal({ federated });
    const credential = new ClientAssertionCredential(tenantId, clientId, () => oidcToken('c1'), options());
    assert.ok((await credential.getToken(SCOPE)).token);
    azure.assertNoViolations();
  });

  it('rejects a federated token that was already used, is expired, or is for another connection', async () => {
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

  it('issues OIDC tokens only to the job, and only for existing connections', async () => {
    azure.addConnection({ id: 'c4' });
    assert.equal(await oidcToken('c4', 'wrong').catch(() => 'refused'), 'refused');
    assert.equal(await oidcToken('unknown'), undefined);
    assert.ok(
      azure.oidcUrl.startsWith(
        `${azure.collectionUrl}${azure.job.projectId}/_apis/distributedtask/hubs/build/`,
      ),
    );
  });

  it('rejects a wrong secret, an expired secret, and an unknown scope, client, or tenant', async () => {
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

  it('knows the identities of the machine, and reports if there are none', async () => {
    const user = azure.addPrincipal({ managed: 'user' });
    const get = (clientId: string) =>
      new ManagedIdentityCredential({ clientId, retryOptions: { maxRetries: 0 } }).getToken(SCOPE);
    assert.ok((await get(user.clientId)).token);
    await assert.rejects(get('00000000-0000-0000-0000-000000000000'), /Identity not found/);
    azure.settings.hasManagedIdentity = false;
    // This must be another identity: MSAL keeps the token of the first one for the life of the process.
    await assert.rejects(get(azure.addPrincipal({ managed: 'user' }).clientId), /Identity not found/);
    azure.settings.hasManagedIdentity = true;
    azure.assertNoViolations();
  });

  it('requires the Metadata header, which web pages cannot send', async () => {
    const query = `api-version=2018-02-01&resource=${encodeURIComponent(azure.settings.armAudience)}`;
    const reply = await send(azure, `${azure.imdsUrl}/metadata/identity/oauth2/token?${query}`);
    assert.equal(reply.status, 400);
    assert.match(reply.text, /Required metadata header not specified/);
  });

  it('causes ARM to refuse a missing, invalid, expired, or revoked token', async () => {
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

  it('records no secret: no tokens, client secrets, or assertions', async () => {
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

  it('assigns every identity to one tenant by default', () => {
    assert.equal(azure.addPrincipal().tenantId, DEFAULT_TENANT);
  });
});
