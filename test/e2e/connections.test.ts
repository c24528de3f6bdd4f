import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { behindKnownCloud, KNOWN_CLOUDS, type KnownCloudName } from '../support/knownClouds';
import { CONNECTION_ID, CONNECTION_KINDS } from '../support/scenario';
import {
  requestedPorts,
  assertFailed,
  assertSucceeded,
  usePackagedTask,
  type PackagedStep,
} from '../support/packagedTask';
import type { Connection } from '../support/agent/connections';

/** The service connection under its name, changed. */
const withConnection = (connection: Connection) => ({ connections: { 'my-connection': connection } });

/** Returns the same values without some keys. */
const without = (values: Readonly<Record<string, string>> = {}, ...keys: readonly string[]) =>
  Object.fromEntries(Object.entries(values).filter(([key]) => !keys.includes(key)));

const signIns = ({ azure }: PackagedStep) => azure.callsTo('token', 'imds').length;

for (const handler of ['Node20_1', 'Node24'] as const) {
  describe(`a task with a service connection on ${handler}`, () => {
    const task = usePackagedTask(handler);

    it('opens a port with every kind of connection', async () => {
      await Promise.all(
        CONNECTION_KINDS.map(async (kind) => {
          const step = await task.prepare({ kind });
          const run = await step.run();
          assertSucceeded(run);
          assert.equal(run.outputs['host'], '20.50.1.10', kind);
          assert.equal(step.policy.liveGrants().length, 1, kind);
          assert.equal(signIns(step), 1, kind);
        }),
      );
    });
  });
}

describe('a task with a service connection', () => {
  const task = usePackagedTask();

  it('builds the URL for OIDC tokens if the agent does not provide it', async () => {
    const step = await task.prepare({ kind: 'federation' });
    const { azure } = step;
    const run = await step.run(
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
    const requested = azure.callsTo('oidc');
    assert.equal(requested.length, 1);
    assert.equal(requested[0]?.query['serviceConnectionId'], CONNECTION_ID);
  });

  it('is JIT604 when what comes as a token cannot be sent, by every kind of connection', async () => {
    for (const kind of CONNECTION_KINDS) {
      for (const token of ['no token', 'not\r\nX-Header: one', 'tökenж']) {
        const step = await task.prepare({ kind });
        step.azure.faults.always(['token', 'imds'], {
          edit: (body: object) => ({ ...body, access_token: token }),
        });
        assertFailed(await step.run(), 'JIT604', 'without the JSON of a sign-in');
        assert.equal(step.azure.callsTo('policies.list').length, 0, kind);
      }
    }
  });

  it('takes a connection without a scheme for a service principal', async () => {
    const step = await task.prepare();
    const { id, url, parameters, data } = step.connection;
    assert.ok(id !== undefined && url !== undefined && parameters && data);
    assertSucceeded(await step.run({}, withConnection({ id, url, parameters, data })));
  });

  it('uses a key if the connection does not say how it signs in, and accepts keys in any case', async () => {
    const step = await task.prepare();
    const parameters = Object.fromEntries(
      Object.entries(without(step.connection.parameters, 'authenticationType')).map(([key, value]) => [
        key.toUpperCase(),
        value,
      ]),
    );
    assertSucceeded(await step.run({}, withConnection({ ...step.connection, parameters })));
  });

  it('takes the subscription from the VM for a connection to a management group', async () => {
    const step = await task.prepare();
    const data = without(step.connection.data, 'subscriptionId', 'subscriptionName');
    const connection = { ...step.connection, data: { ...data, scopeLevel: 'ManagementGroup' } };
    const [full, short] = await Promise.all([
      step.run({}, withConnection(connection)),
      step.run({ vmResourceId: 'rg-app/web-01' }, withConnection(connection)),
    ]);
    assertSucceeded(full);
    assertFailed(short, 'JIT101', 'vmResourceId', 'rg-app/web-01');
    assert.equal(requestedPorts(step).length, 1);
  });

  for (const [cloud, { resourceManager, signIns, audience }] of Object.entries(KNOWN_CLOUDS)) {
    it(`works in ${cloud} with every host for the sign-in`, async () => {
      // In the last round, the connection contains only the name of the cloud.
      for (const signIn of [...signIns, '']) {
        const step = await task.prepare({ settings: { armAudience: audience } });
        const { connection } = step;
        const data = { ...connection.data, activeDirectoryServiceEndpointResourceId: audience };
        const given = { ...step, connection: { ...connection, data } };
        const known = await behindKnownCloud(given, cloud as KnownCloudName, signIn);
        try {
          assertSucceeded(await step.run({}, known.step));
          assert.deepEqual(
            new Set(known.proxy.calls.map(({ target }) => target)),
            new Set([`${resourceManager}:443`, `${signIn || signIns[0]}:443`]),
          );
          const [token] = step.azure.callsTo('token');
          const { scope } = token?.body as { readonly scope: string };
          assert.ok(
            scope.split(' ').some((part) => part.startsWith(audience)),
            scope,
          );
        } finally {
          await known.proxy.close();
        }
      }
    });
  }

  it('opens a port in the public cloud with every kind of connection', async () => {
    await Promise.all(
      CONNECTION_KINDS.map(async (kind) => {
        const step = await task.prepare({ kind });
        const known = await behindKnownCloud(step);
        try {
          assertSucceeded(await step.run({}, known.step));
          assert.equal(step.policy.liveGrants().length, 1, kind);
        } finally {
          await known.proxy.close();
        }
      }),
    );
  });

  it('reports which connection cannot be used, before any call', async () => {
    const step = await task.prepare();
    const { connection } = step;
    const parameters = without(connection.parameters, 'serviceprincipalkey');
    const [profile, keyless] = await Promise.all([
      step.run({}, withConnection({ ...connection, scheme: 'PublishProfile' })),
      step.run({}, withConnection({ ...connection, parameters })),
    ]);
    assertFailed(profile, 'JIT201', 'PublishProfile');
    assertFailed(keyless, 'JIT201', 'key');
    assert.deepEqual(step.azure.calls, []);
  });

  it('reports what is wrong with a certificate that cannot sign in, before any call', async () => {
    const step = await task.prepare({ kind: 'certificate' });
    const { parameters = {} } = step.connection;
    const pem = parameters['servicePrincipalCertificate'] ?? '';
    const [certificate = ''] = /-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/.exec(pem) ?? [];
    const key = createPrivateKey(pem);
    const encrypted = key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' });
    for (const [text, said] of [
      [certificate, 'no private key'],
      [`${certificate}\n${String(encrypted)}`, 'encrypted'],
      [pem.replace(certificate, ''), 'no readable certificate'],
    ] as const) {
      const spoilt = {
        ...step.connection,
        parameters: { ...parameters, servicePrincipalCertificate: text },
      };
      assertFailed(await step.run({}, withConnection(spoilt)), 'JIT201', 'certificate', said);
    }
    assert.deepEqual(step.azure.calls, []);
  });

  it('reports what is wrong with a federated credential, and what to do', async () => {
    for (const [spoil, number, remedy] of [
      [(subject: string) => `${subject}-renamed`, 'AADSTS700213', 'same subject'],
      [(subject: string) => subject.toUpperCase(), 'AADSTS7002138', 'uppercase and lowercase'],
    ] as const) {
      const step = await task.prepare({ kind: 'federation' });
      const { federated } = step.principal;
      assert.ok(federated);
      step.principal.federated = { ...federated, subject: spoil(federated.subject) };
      const run = await step.run();
      assertFailed(run, 'JIT202', number, federated.subject, remedy);
      assert.deepEqual(step.azure.callsTo('policies.list', 'vm', 'initiate'), []);
    }
  });

  it('reports who refused the sign-in', async () => {
    const [key, federation, identity] = await Promise.all([
      task.prepare(),
      task.prepare({ kind: 'federation' }),
      task.prepare({ kind: 'system-assigned identity', settings: { hasManagedIdentity: false } }),
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
    for (const step of [key, federation, identity]) {
      assert.deepEqual(step.azure.callsTo('policies.list', 'vm', 'initiate'), []);
    }
  });
});
