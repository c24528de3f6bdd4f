import assert from 'node:assert/strict';
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { CONNECTION_ID, CONNECTION_KINDS } from '../support/scenario';
import {
  askedPorts,
  assertFailed,
  assertSucceeded,
  usePackagedTask,
  type Stage,
} from '../support/packagedTask';
import type { Connection } from '../support/agent/connections';

/** The service connection under its name, changed. */
const withConnection = (connection: Connection) => ({ connections: { 'my-connection': connection } });

/** The same values, some left out. */
const without = (values: Readonly<Record<string, string>> = {}, ...keys: readonly string[]) =>
  Object.fromEntries(Object.entries(values).filter(([key]) => !keys.includes(key)));

const signIns = ({ azure }: Stage) => azure.callsTo('token', 'imds').length;

/**
 * A proxy that notes where it is asked to connect to, and always leads to the same place. A name that the place's
 * certificate lacks fails at once there, so that nothing leaves this machine.
 */
async function startRecordingProxy() {
  const asked: string[] = [];
  let port = 0;
  const server = createHttpServer();
  server.on('connect', ({ url = '' }: IncomingMessage, client: Socket) => {
    asked.push(url);
    const target = connect(port, '127.0.0.1', () => client.write('HTTP/1.1 200 OK\r\n\r\n'));
    for (const socket of [client, target]) socket.on('error', () => client.destroy());
    client.pipe(target).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: own } = server.address() as AddressInfo;
  return {
    asked,
    url: `http://127.0.0.1:${own}`,
    leadTo: (url: string) => {
      port = Number(new URL(url).port);
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

for (const handler of ['Node20_1', 'Node24'] as const) {
  describe(`service connections, on ${handler}`, () => {
    const task = usePackagedTask(handler);

    it('opens a port by every kind of connection', async () => {
      await Promise.all(
        CONNECTION_KINDS.map(async (kind) => {
          const stage = await task.stage({ kind });
          const run = await stage.run();
          assertSucceeded(run);
          assert.equal(run.outputs['host'], '20.50.1.10', kind);
          assert.equal(stage.policy.liveGrants().length, 1, kind);
          assert.equal(signIns(stage), 1, kind);
        }),
      );
    });
  });
}

describe('service connections', () => {
  const task = usePackagedTask();

  it('builds the address for OIDC tokens when the agent does not give it', async () => {
    const stage = await task.stage({ kind: 'federation' });
    const { azure } = stage;
    const run = await stage.run(
      {},
      {
        variables: {
          'System.OidcRequestUri': undefined,
          'System.CollectionUri': azure.collectionUrl,
          'System.TeamProjectId': azure.job.projectId,
          'System.HostType': azure.job.hostType,
          'System.PlanId': azure.job.planId,
          'System.JobId': azure.job.jobId,
        },
      },
    );
    assertSucceeded(run);
    const asked = azure.callsTo('oidc');
    assert.equal(asked.length, 1);
    assert.equal(asked[0]?.query['serviceConnectionId'], CONNECTION_ID);
  });

  it('takes a connection without a scheme for a service principal', async () => {
    const stage = await task.stage();
    const { id, url, parameters, data } = stage.connection;
    assert.ok(id !== undefined && url !== undefined && parameters && data);
    assertSucceeded(await stage.run({}, withConnection({ id, url, parameters, data })));
  });

  it('takes a key when the connection does not say what it signs in with, and keys in any case', async () => {
    const stage = await task.stage();
    const parameters = Object.fromEntries(
      Object.entries(without(stage.connection.parameters, 'authenticationType')).map(([key, value]) => [
        key.toUpperCase(),
        value,
      ]),
    );
    assertSucceeded(await stage.run({}, withConnection({ ...stage.connection, parameters })));
  });

  it('takes the subscription from the VM for a connection to a management group', async () => {
    const stage = await task.stage();
    const data = without(stage.connection.data, 'subscriptionId', 'subscriptionName');
    const connection = { ...stage.connection, data: { ...data, scopeLevel: 'ManagementGroup' } };
    const [full, short] = await Promise.all([
      stage.run({}, withConnection(connection)),
      stage.run({ vmResourceId: 'rg-app/web-01' }, withConnection(connection)),
    ]);
    assertSucceeded(full);
    assertFailed(short, 'JIT101', 'vmResourceId', 'rg-app/web-01');
    assert.equal(askedPorts(stage).length, 1);
  });

  it('works in other clouds by what the connection says alone', async () => {
    await Promise.all(
      [
        { environment: 'AzureUSGovernment', audience: 'https://management.core.usgovcloudapi.net/' },
        { environment: 'AzureChinaCloud', audience: 'https://management.core.chinacloudapi.cn/' },
      ].map(async ({ environment, audience }) => {
        const stage = await task.stage({ settings: { armAudience: audience } });
        const { activeDirectoryAuthority, ...data } = stage.connection.data ?? {};
        assert.ok(activeDirectoryAuthority);
        const connection = {
          ...stage.connection,
          data: { ...data, environment, environmentAuthorityUrl: `${activeDirectoryAuthority}/` },
        };
        assertSucceeded(await stage.run({}, withConnection(connection)));
        const [token] = stage.azure.callsTo('token');
        const { scope } = token?.body as { readonly scope: string };
        assert.ok(
          scope.split(' ').some((part) => part.startsWith(audience)),
          scope,
        );
      }),
    );
  });

  it('signs in where the cloud does, when the connection names the cloud only', async () => {
    const proxy = await startRecordingProxy();
    const clouds = {
      AzureCloud: 'login.microsoftonline.com',
      AzureUSGovernment: 'login.microsoftonline.us',
      AzureChinaCloud: 'login.chinacloudapi.cn',
    };
    try {
      for (const [environment, host] of Object.entries(clouds)) {
        const stage = await task.stage();
        const data = { ...without(stage.connection.data, 'activeDirectoryAuthority'), environment };
        const settings = { url: proxy.url, bypass: ['localhost'] };
        proxy.leadTo(stage.azure.authorityUrl);
        const run = await stage.run(
          {},
          { ...withConnection({ ...stage.connection, data }), proxy: settings },
        );
        assertFailed(run, 'JIT603');
        assert.deepEqual(proxy.asked.splice(0), [`${host}:443`]);
      }
    } finally {
      await proxy.close();
    }
  });

  it('says which connection cannot be used, before anything is asked', async () => {
    const stage = await task.stage();
    const { connection } = stage;
    const parameters = without(connection.parameters, 'serviceprincipalkey');
    const [profile, keyless] = await Promise.all([
      stage.run({}, withConnection({ ...connection, scheme: 'PublishProfile' })),
      stage.run({}, withConnection({ ...connection, parameters })),
    ]);
    assertFailed(profile, 'JIT201', 'PublishProfile');
    assertFailed(keyless, 'JIT201', 'key');
    assert.deepEqual(stage.azure.calls, []);
  });

  it('says who refused the sign-in', async () => {
    const [key, federation, identity] = await Promise.all([
      task.stage(),
      task.stage({ kind: 'federation' }),
      task.stage({ kind: 'system-assigned identity', settings: { hasManagedIdentity: false } }),
    ]);
    key.principal.secretExpiresAt = 0;
    const [expired, unknown, none] = await Promise.all([
      key.run(),
      federation.run({}, { systemToken: 'a-token-of-another-job' }),
      identity.run(),
    ]);
    assertFailed(expired, 'JIT202', 'AADSTS7000222');
    assertFailed(unknown, 'JIT203', '401');
    assertFailed(none, 'JIT202', 'Identity not found');
    for (const stage of [key, federation, identity]) {
      assert.deepEqual(stage.azure.callsTo('policies.list', 'vm', 'initiate'), []);
    }
  });
});
