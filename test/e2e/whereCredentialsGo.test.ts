import assert from 'node:assert/strict';
import type { Connection } from '../support/agent/connections';
import { behindKnownCloud, KNOWN_CLOUDS, type KnownCloudName } from '../support/knownClouds';
import type { Scenario } from '../support/scenario';
import {
  assertFailed,
  assertNames,
  assertSucceeded,
  assertWarns,
  closeAfter,
  usePackagedTask,
  warningsOf,
  type PackagedStep,
} from '../support/packagedTask';

const TASKS = {
  JitOpenPorts: undefined,
  JitConfigurePolicy: 'tasks/JitConfigurePolicy/JitConfigurePolicyV1',
  JitReport: 'tasks/JitReport/JitReportV1',
} as const;

/** Returns the inputs with which each task reaches its first call to Azure. */
const inputsOf = (name: keyof typeof TASKS, { vm }: Scenario): Readonly<Record<string, string>> =>
  name === 'JitReport' ? { scope: vm.id } : {};

const withConnection = (connection: Connection) => ({ connections: { 'my-connection': connection } });

const assertNothingSent = ({ azure }: PackagedStep): void => {
  assert.deepEqual(azure.callsTo('token', 'imds', 'oidc', 'initiate', 'policies.list', 'vm'), []);
};

for (const [name, folder] of Object.entries(TASKS) as [keyof typeof TASKS, string | undefined][]) {
  describe(`a service connection that was tampered with, for ${name},`, () => {
    const task = usePackagedTask('Node20_1', folder);
    /** All tasks share this code. One task is tested with every variant, the others with one. */
    const tried = <T>(spellings: readonly T[]): readonly T[] =>
      folder === undefined ? spellings : spellings.slice(0, 1);

    for (const [cloud, { resourceManager, signIns }] of Object.entries(KNOWN_CLOUDS)) {
      it(`sends no credential to a host that is not one of ${cloud}`, async () => {
        const prepared = await task.prepare();
        const known = await behindKnownCloud(prepared, cloud as KnownCloudName);
        await known.proxy.close();
        const { connection } = known;
        const spoilt: readonly (readonly [Partial<Connection>, Readonly<Record<string, string>>, string])[] =
          [
            [{ url: `https://${resourceManager}.attacker.example/` }, {}, 'attacker.example'],
            [{ url: `https://${resourceManager}@attacker.example/` }, {}, 'attacker.example'],
            [{ url: `https://${resourceManager}:8443/` }, {}, `${resourceManager}:8443`],
            [{ url: '' }, { resourceManagerUrl: 'https://attacker.example/' }, 'attacker.example'],
            [{}, { activeDirectoryAuthority: 'https://attacker.example/' }, 'attacker.example'],
            [{}, { environmentAuthorityUrl: `https://${signIns[0]}.attacker.example/` }, 'attacker.example'],
            [
              {},
              { activeDirectoryAuthority: prepared.azure.authorityUrl },
              new URL(prepared.azure.authorityUrl).host,
            ],
          ];
        await Promise.all(
          tried(spoilt).map(async ([changed, data, host]) => {
            const given = { ...connection, ...changed, data: { ...connection.data, ...data } };
            const run = await prepared.run(inputsOf(name, prepared), withConnection(given));
            assertFailed(run, 'JIT201', host, cloud);
          }),
        );
        assertNothingSent(prepared);
      });
    }

    it('counts as one of the public cloud if it names none', async () => {
      const prepared = await task.prepare();
      const data = { ...prepared.connection.data, environment: '' };
      const run = await prepared.run(
        inputsOf(name, prepared),
        withConnection({ ...prepared.connection, data }),
      );
      assertFailed(run, 'JIT201', new URL(prepared.azure.url).host, 'AzureCloud');
      assertNothingSent(prepared);
    });

    it('is used as it is for a private cloud, and its hosts are logged first', async () => {
      const prepared = await task.prepare();
      const hosts = [prepared.azure.url, prepared.azure.authorityUrl].map((url) => new URL(url).host);
      const data = { ...prepared.connection.data, environment: 'Private Cloud of Contoso' };
      prepared.azure.faults.always('token', 400);
      const run = await prepared.run(
        inputsOf(name, prepared),
        withConnection({ ...prepared.connection, data }),
      );
      assertFailed(run, 'JIT202');
      assertNames(run.log.join('\n'), 'Private Cloud of Contoso', ...hosts);
    });

    it("sends the job's token to its own organization only", async () => {
      const prepared = await task.prepare({ kind: 'federation' });
      const known = await behindKnownCloud(prepared);
      const home = known.step.collectionUri ?? '';
      const path = new URL(prepared.azure.oidcUrl).pathname;
      const places: readonly (readonly [Readonly<Record<string, string | undefined>>, string])[] = [
        [{ 'System.OidcRequestUri': `https://attacker.example${path}` }, 'attacker.example'],
        [{ 'System.OidcRequestUri': `https://dev.azure.com@attacker.example${path}` }, 'attacker.example'],
        [{ 'System.OidcRequestUri': `https://dev.azure.com.attacker.example${path}` }, 'attacker.example'],
        [
          { 'System.OidcRequestUri': `${home}..%2fattacker${path.slice(path.indexOf('/', 1))}` },
          'dev.azure.com',
        ],
        [{ 'System.OidcRequestUri': `https://dev.azure.com:8443${path}` }, 'dev.azure.com:8443'],
        [{ 'System.OidcRequestUri': `https://dev.azure.com.${path}` }, 'dev.azure.com.'],
        [{ 'System.OidcRequestUri': `https://me:you@dev.azure.com${path}` }, 'dev.azure.com'],
        [{ 'System.OidcRequestUri': `https://dev.azure.com/attacker${path}` }, 'dev.azure.com/attacker'],
        [
          { 'System.OidcRequestUri': `https://attacker.visualstudio.com${path}` },
          'attacker.visualstudio.com',
        ],
        [{ 'System.OidcRequestUri': `http://dev.azure.com${path}` }, 'dev.azure.com'],
        [{ 'System.OidcRequestUri': 'https://dev.azure.com/contoso/_apis/build/builds' }, 'dev.azure.com'],
        [{ 'System.OidcRequestUri': prepared.azure.oidcUrl }, new URL(prepared.azure.oidcUrl).host],
        [
          { 'System.OidcRequestUri': undefined, 'System.CollectionUri': 'https://attacker.example/contoso/' },
          'attacker.example',
        ],
      ];
      try {
        await Promise.all(
          tried(places).map(async ([variables, host]) => {
            const step = { ...known.step, variables };
            const run = await prepared.run(inputsOf(name, prepared), step);
            assertFailed(run, 'JIT203', host, new URL(home).host);
            assert.doesNotMatch(run.message, /@/);
          }),
        );
        assertNothingSent(prepared);
        assert.deepEqual(known.proxy.calls, []);
      } finally {
        await known.proxy.close();
      }
    });

    it("sends the job's token there with each of its two URLs", async () => {
      const prepared = await task.prepare({ kind: 'federation' });
      const known = await behindKnownCloud(prepared);
      const path = new URL(prepared.azure.oidcUrl).pathname;
      try {
        const first = new URL(prepared.azure.oidcUrl).pathname.split('/')[1] ?? '';
        const run = (collectionUri: string, requested: string) =>
          prepared.run(inputsOf(name, prepared), {
            ...known.step,
            collectionUri,
            variables: { 'System.OidcRequestUri': requested },
          });
        const there = `https://dev.azure.com${path}`;
        for (const collectionUri of tried([
          `https://${first}.visualstudio.com/`,
          `https://${first}.VisualStudio.com/DefaultCollection/`,
          `https://vsrm.dev.azure.com/${first.toUpperCase()}/`,
        ])) {
          assertSucceeded(await run(collectionUri, there));
        }
      } finally {
        await known.proxy.close();
      }
    });
  });
}

describe('a service connection that a later step changed', () => {
  const task = usePackagedTask();
  const CLOSE = { closeAtJobEnd: 'true' };

  for (const kind of ['key', 'federation'] as const) {
    it(`sends no credential to another host after the job, by ${kind}`, async () => {
      const [prepared, other] = [await task.prepare({ kind }), await task.prepare({ kind })];
      const { connection } = prepared;
      const { taskVariables } = await prepared.run(CLOSE);
      const changes: readonly (readonly [Partial<Connection>, Readonly<Record<string, string>>, string])[] = [
        [{ url: other.azure.url }, {}, other.azure.url],
        [{}, { activeDirectoryAuthority: other.azure.authorityUrl }, other.azure.authorityUrl],
      ];
      for (const [changed, data, url] of changes) {
        const given = { ...connection, ...changed, data: { ...connection.data, ...data } };
        const before = prepared.azure.calls.length;
        const run = await prepared.after(prepared.step(CLOSE, { taskVariables, ...withConnection(given) }));
        assertWarns(run, 'JIT201', prepared.azure.url, url);
        assertWarns(run, 'web-01', '22', 'UTC');
        assert.equal(prepared.azure.calls.length, before);
        assert.deepEqual(other.azure.calls, []);
      }
    });
  }

  it('sends none to a private cloud that replaced the known cloud', async () => {
    const [prepared, other] = [await task.prepare(), await task.prepare()];
    const known = await behindKnownCloud(prepared);
    const { taskVariables } = await prepared.run({ ...CLOSE, sourceIp: '20.61.99.7' }, known.step);
    await known.proxy.close();
    const { url = '', data } = other.connection;
    const given = { ...known.connection, url, ...(data && { data }) };
    const run = await prepared.after(prepared.step(CLOSE, { taskVariables, ...withConnection(given) }));
    assertWarns(run, 'JIT201', 'management.azure.com', other.azure.url);
    assert.deepEqual(other.azure.calls, []);
  });

  it('closes the port with the connection as it was', async () => {
    const prepared = await task.prepare();
    const { taskVariables } = await prepared.run(CLOSE);
    const after = await closeAfter(prepared, prepared.step(CLOSE, { taskVariables }));
    assert.deepEqual(warningsOf(after), []);
  });
});
