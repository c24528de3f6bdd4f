import assert from 'node:assert/strict';
import type { StepOptions } from '../support/agent/job';
import { createAuthority, processAuthority } from '../support/azure/http/certificates';
import { startProxy, type Proxy, type ProxyOptions } from '../support/proxy/proxy';
import {
  assertFailed,
  assertSucceeded,
  assertWarns,
  usePackagedTask,
  warningsOf,
} from '../support/packagedTask';

const USER = 'CONTOSO\\build agent';
const PASSWORD = 'p@ss:w/rd %41?#&';

const portOf = (url: string): string => new URL(url).port;

/** The agent's proxy with the credentials that the administrator typed. */
const behind = ({ url }: Proxy, bypass: readonly string[] = []): Partial<StepOptions> => ({
  proxy: { url, username: USER, password: PASSWORD, bypass },
});

describe("the agent's proxy", () => {
  const task = usePackagedTask();
  const started: Proxy[] = [];
  const start = async (options: ProxyOptions = { username: USER, password: PASSWORD }): Promise<Proxy> => {
    const proxy = await startProxy(options);
    started.push(proxy);
    return proxy;
  };
  afterEach(async () => {
    await Promise.all(started.splice(0).map((proxy) => proxy.close()));
  });

  it('leads to Azure, to its sign-in and to Azure DevOps, with its password as it was typed', async () => {
    const proxy = await start();
    const stage = await task.stage({ kind: 'federation' });
    const run = await stage.run({}, { ...behind(proxy), variables: { 'System.Debug': 'true' } });
    assertSucceeded(run);
    const { url, authorityUrl, oidcUrl } = stage.azure;
    assert.deepEqual(new Set(proxy.ports()), new Set([url, authorityUrl, oidcUrl].map(portOf)));
    assert.deepEqual(new Set(proxy.calls.map(({ method }) => method)), new Set(['CONNECT']));
    assert.equal(proxy.calls[0]?.credentials, `${USER}:${PASSWORD}`);
    assert.deepEqual(warningsOf(run), []);
  });

  it('is passed by for what its bypass list names', async () => {
    const proxy = await start();
    const stage = await task.stage();
    const armPort = portOf(stage.azure.url);
    assertSucceeded(await stage.run({}, behind(proxy, [`localhost:${armPort}`])));
    assert.deepEqual(new Set(proxy.ports()), new Set([portOf(stage.azure.authorityUrl)]));
  });

  it('never sees a managed identity, whatever the environment says', async () => {
    const proxy = await start();
    const { url } = await start({});
    const stage = await task.stage({ kind: 'system-assigned identity' });
    const env = { HTTP_PROXY: url, HTTPS_PROXY: url, http_proxy: url, https_proxy: url, ALL_PROXY: url };
    const given = stage.step({}, { ...behind(proxy) });
    assertSucceeded(await stage.run({}, { ...behind(proxy), env: { ...given.env, ...env } }));
    assert.deepEqual(new Set(proxy.ports()), new Set([portOf(stage.azure.url)]));
    assert.deepEqual(started[1]?.calls, []);
    assert.equal(stage.azure.callsTo('imds').length, 1);
  });

  it('is asked for the address only when the direct way fails, and a warning says so', async () => {
    const proxy = await start();
    const stage = await task.stage();
    const ports = stage.azure.echoUrls.map(portOf);
    // The direct way is cut: nothing comes back for as long as no tunnel leads to the services.
    stage.azure.setEcho('close');
    stage.azure.faults.always(({ kind }) => {
      const isByProxy = proxy.ports().some((port) => ports.includes(port));
      if (kind === 'echo' && isByProxy) stage.azure.setEcho({ text: '20.61.99.8' });
      return false;
    }, 'pass');
    const run = await stage.run({}, behind(proxy));
    assertSucceeded(run);
    assert.equal(run.outputs['sourceAddresses'], '20.61.99.8');
    assertWarns(run, 'proxy', '20.61.99.8');
  });

  it('fails the step with JIT603 when it refuses the credentials, and is asked once', async () => {
    const proxy = await start({ username: USER, password: 'another' });
    const stage = await task.stage();
    const run = await stage.run({}, { ...behind(proxy), variables: { 'System.Debug': 'true' } });
    assertFailed(run, 'JIT603', '407', 'proxy');
    assert.equal(proxy.calls.length, 1);
    assert.deepEqual(stage.azure.callsTo('initiate'), []);
  });

  it('is tried again while it answers 502 or breaks off, and the step succeeds', async () => {
    const proxy = await start();
    const stage = await task.stage();
    for (const mood of ['bad gateway', 'close'] as const) {
      proxy.mood = mood;
      const running = stage.start({}, behind(proxy));
      await running.waitForLine(/trying again/);
      proxy.mood = 'tunnel';
      assertSucceeded(await running.finished);
    }
  });

  it('may inspect what goes through it, when the agent trusts its authority', async () => {
    const authority = createAuthority('Inspecting proxy');
    const inspects = { authority, trusts: processAuthority().caPem };
    const proxy = await start({ inspects });
    const stage = await task.stage();
    const both = { caFile: authority.caFile, env: { NODE_EXTRA_CA_CERTS: stage.azure.caFile } };
    assertSucceeded(await stage.run({}, { proxy: { url: proxy.url }, ...both }));
    const strange = await stage.run({}, { proxy: { url: proxy.url } });
    assertFailed(strange, 'JIT603', 'certificate');
  });
});
