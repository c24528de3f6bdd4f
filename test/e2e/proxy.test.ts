import assert from 'node:assert/strict';
import type { StepOptions } from '../support/agent/job';
import { createAuthority, processAuthority } from '../support/azure/http/certificates';
import { startProxy, type Proxy, type ProxyOptions } from '../support/proxy/proxy';
import {
  assertFailed,
  assertNames,
  assertSucceeded,
  assertWarns,
  usePackagedTask,
  warningsOf,
} from '../support/packagedTask';

const USER = 'CONTOSO\\build agent';
const PASSWORD = 'p@ss:w/rd %41?#&';

const portOf = (url: string): string => new URL(url).port;

/** The agent's proxy with the credentials as the administrator typed them. */
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

  it('is used for Azure, its sign-in, and Azure DevOps, with its password as it was typed', async () => {
    const proxy = await start();
    const step = await task.prepare({ kind: 'federation' });
    const run = await step.run({}, { ...behind(proxy), variables: { 'System.Debug': 'true' } });
    assertSucceeded(run);
    const { url, authorityUrl, oidcUrl } = step.azure;
    assert.deepEqual(new Set(proxy.ports()), new Set([url, authorityUrl, oidcUrl].map(portOf)));
    assert.deepEqual(new Set(proxy.calls.map(({ method }) => method)), new Set(['CONNECT']));
    assert.equal(proxy.calls[0]?.credentials, `${USER}:${PASSWORD}`);
    assert.deepEqual(warningsOf(run), []);
  });

  it('is bypassed for what its bypass list names', async () => {
    const proxy = await start();
    const step = await task.prepare();
    const armPort = portOf(step.azure.url);
    assertSucceeded(await step.run({}, behind(proxy, [`localhost:${armPort}`])));
    assert.deepEqual(new Set(proxy.ports()), new Set([portOf(step.azure.authorityUrl)]));
  });

  it('is never used for a managed identity, whatever the environment says', async () => {
    const proxy = await start();
    const { url } = await start({});
    const step = await task.prepare({ kind: 'system-assigned identity' });
    const env = { HTTP_PROXY: url, HTTPS_PROXY: url, http_proxy: url, https_proxy: url, ALL_PROXY: url };
    const given = step.step({}, { ...behind(proxy) });
    assertSucceeded(await step.run({}, { ...behind(proxy), env: { ...given.env, ...env } }));
    assert.deepEqual(new Set(proxy.ports()), new Set([portOf(step.azure.url)]));
    assert.deepEqual(started[1]?.calls, []);
    assert.equal(step.azure.callsTo('imds').length, 1);
  });

  it('is used for the address services only if direct connections fail, and a warning says so', async () => {
    const proxy = await start();
    const step = await task.prepare();
    const ports = step.azure.echoUrls.map(portOf);
    // Direct connections fail: the services do not answer until there is a tunnel to them.
    step.azure.setEcho('close');
    step.azure.faults.always(({ kind }) => {
      const isByProxy = proxy.ports().some((port) => ports.includes(port));
      if (kind === 'echo' && isByProxy) step.azure.setEcho({ text: '20.61.99.8' });
      return false;
    }, 'pass');
    const run = await step.run({}, behind(proxy));
    assertSucceeded(run);
    assert.equal(run.outputs['sourceAddresses'], '20.61.99.8');
    assertWarns(run, 'proxy', '20.61.99.8');
  });

  it('fails the step with JIT603 if it refuses the credentials, and is tried once', async () => {
    const proxy = await start({ username: USER, password: 'another' });
    const step = await task.prepare();
    const run = await step.run({}, { ...behind(proxy), variables: { 'System.Debug': 'true' } });
    assertFailed(run, 'JIT603', '407', 'proxy');
    assert.equal(proxy.calls.length, 1);
    assert.deepEqual(step.azure.callsTo('initiate'), []);
  });

  it('is tried again while it answers 502 or closes the connection, and the step succeeds', async () => {
    const proxy = await start();
    const step = await task.prepare();
    for (const mood of ['bad gateway', 'close'] as const) {
      proxy.mood = mood;
      const running = step.start({}, behind(proxy));
      await running.waitForLine(/Trying again/);
      proxy.mood = 'tunnel';
      assertSucceeded(await running.finished);
    }
  });

  it('fails the step with JIT603, which names it, if it closes the connection every time', async () => {
    const proxy = await start();
    proxy.mood = 'close';
    const step = await task.prepare();
    assertFailed(await step.run({ sourceIp: '20.61.99.7' }, behind(proxy)), 'JIT603', proxy.url, 'status');
    assert.deepEqual(step.azure.calls, []);
  });

  it('is logged once, without its password', async () => {
    const proxy = await start();
    const step = await task.prepare();
    const run = await step.run({}, behind(proxy));
    const named = run.log.filter((line) => line.includes(proxy.url));
    assert.equal(named.length, 1, run.log.join('\n'));
    const trusted = run.log.filter((line) => line.includes(step.azure.caFile));
    assert.equal(trusted.length, 1, run.log.join('\n'));
  });

  it('can have its credentials in its URL', async () => {
    // In a public variable. The agent hides only what it knows as a secret, which this is not.
    const password = 'in@the:address %41';
    const proxy = await start({ username: USER, password });
    const step = await task.prepare();
    const url = new URL(proxy.url);
    Object.assign(url, { username: encodeURIComponent(USER), password: encodeURIComponent(password) });
    const run = await step.run({}, { variables: { 'Agent.ProxyUrl': url.href } });
    assertSucceeded(run);
    assert.equal(proxy.calls[0]?.credentials, `${USER}:${password}`);
    assert.ok(!run.log.some((line) => line.includes(password)));
    // After that, the agent hides it.
    const secret = encodeURIComponent(password);
    assert.ok(!run.rawStdout.includes(secret), 'the library writes it to the debug log');
  });

  it('fails the step with JIT603 if its URL is invalid', async () => {
    const step = await task.prepare();
    for (const url of ['proxy.contoso.example:8080', 'socks5://127.0.0.1:1080', 'http://']) {
      assertFailed(await step.run({}, { proxy: { url } }), 'JIT603', url);
    }
    const secret = 'pass-of-proxy';
    const host = 'proxy.contoso.example:8080';
    for (const url of [
      `me:${secret}@${host}`,
      `socks5://me:${secret}@${host}`,
      `http://me:8/${secret}@${host}`,
    ]) {
      const run = await step.run({}, { proxy: { url } });
      assertFailed(run, 'JIT603', host);
      assert.ok(!run.rawStdout.includes(secret), url);
    }
    assert.deepEqual(step.azure.calls, []);
  });

  it('has a bypass list with invalid entries that are named, while the others work', async () => {
    const proxy = await start({});
    const step = await task.prepare();
    const host = new URL(step.azure.url).host;
    const endless = '^(.+)+~$';
    const run = await step.run({}, behind(proxy, ['*.contoso.com', endless, `(${host})`]));
    assertSucceeded(run);
    assertWarns(run, '*.contoso.com', 'regular expression');
    assert.ok(!proxy.ports().includes(portOf(step.azure.url)));
    assert.ok(proxy.ports().includes(portOf(step.azure.authorityUrl)));
  });

  it('has a bypass list whose invalid entries, however many, leave room for other warnings', async () => {
    const proxy = await start({});
    const step = await task.prepare();
    const bypass = Array.from({ length: 12 }, (_, index) => `*.host${String(index)}.contoso.com`);
    const run = await step.run({ sourceIp: '*' }, behind(proxy, bypass));
    assertWarns(run, '12 entries', bypass[0] ?? '', '7 more');
    assert.deepEqual(
      warningsOf(run).map((text) => /bypass|everyone|anyone/i.test(text)),
      [true, true],
    );
  });

  it('has a bypass list that can contain expressions that would never finish', async () => {
    const proxy = await start({});
    const step = await task.prepare();
    const bypass = ['^(.+)+~$', '^(([a-z:/.])+.)+~$', '(.*)*~$', ...Array<string>(50).fill('^(.+)+!$')];
    const run = await step.run({}, behind(proxy, bypass));
    assertSucceeded(run);
    assert.ok(proxy.ports().includes(portOf(step.azure.url)));
    assertWarns(run, 'bypass', '~$');
  });

  it('is used without its bypass list if the list is invalid', async () => {
    const proxy = await start({});
    const step = await task.prepare();
    for (const list of ['localhost', '{"a":1}', '[']) {
      const run = await step.run(
        {},
        { proxy: { url: proxy.url }, variables: { 'Agent.ProxyBypassList': list } },
      );
      assertSucceeded(run);
      assertWarns(run, 'bypass list');
    }
  });

  it('is named if only the environment has one, and is not used', async () => {
    const proxy = await start({});
    const step = await task.prepare();
    for (const name of ['HTTPS_PROXY', 'https_proxy']) {
      const given = step.step();
      const env = { ...given.env, [name]: proxy.url.replace('://', '://me:pass-of-proxy@') };
      const run = await step.run({}, { env });
      assertSucceeded(run);
      // On Windows, both are the same name.
      const shown = process.platform === 'win32' ? 'HTTPS_PROXY' : name;
      const named = run.log.filter((line) => line.includes(shown));
      assert.equal(named.length, 1, run.log.join('\n'));
      assertNames(named[0] ?? '', new URL(proxy.url).host, '--proxyurl');
      assert.doesNotMatch(run.log.join('\n'), /pass-of-proxy/);
    }
    assert.deepEqual(proxy.calls, []);
  });

  it('can inspect traffic if the agent trusts its certificate authority', async () => {
    const authority = createAuthority('Inspecting proxy');
    const inspects = { authority, trusts: processAuthority().caPem };
    const proxy = await start({ inspects });
    const step = await task.prepare();
    const both = { caFile: authority.caFile, env: { NODE_EXTRA_CA_CERTS: step.azure.caFile } };
    assertSucceeded(await step.run({}, { proxy: { url: proxy.url }, ...both }));
    const strange = await step.run({}, { proxy: { url: proxy.url } });
    assertFailed(strange, 'JIT603', 'certificate');
  });
});
