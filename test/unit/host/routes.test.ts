import assert from 'node:assert/strict';
import { createSecureContext } from 'node:tls';
import { request } from 'node:https';
import type { Proxy } from '../../../tasks/shared/host/proxyAgent';
import { createRoutes, type Route } from '../../../tasks/shared/host/routes';
import { parseRefusalCode, toRefusalCode } from '../../../tasks/shared/core/proxyRefusal';
import { processAuthority, startAzure, type SimulatedAzure } from '../../support/azure';
import { startProxy, type TestProxy } from './servers';

const trusted = () => createSecureContext({ ca: processAuthority().caPem });

describe('network routes', () => {
  let azure: SimulatedAzure;
  let proxy: TestProxy;
  beforeEach(async () => {
    azure = await startAzure();
    proxy = await startProxy();
  });
  afterEach(async () => {
    await Promise.all([azure.close(), proxy.close()]);
  });

  const aProxy = (given: Partial<Proxy> = {}): Proxy => ({
    url: proxy.url,
    username: undefined,
    password: undefined,
    ...given,
  });
  const get = (url: string, { agent, secureContext }: Route): Promise<number> =>
    new Promise((resolve, reject) => {
      const sent = request(url, { agent, ...(secureContext && { secureContext }) }, (response) => {
        response.resume();
        response.on('end', () => {
          resolve(response.statusCode ?? 0);
        });
      });
      sent.on('error', reject).end();
    });
  const url = () => azure.echo[0]?.url ?? '';

  it("lead through the agent's proxy, or directly", async () => {
    const routes = createRoutes(() => aProxy(), trusted());
    assert.equal(await get(url(), routes.direct(url())), 200);
    assert.deepEqual(proxy.tunnels, []);
    assert.equal(await get(url(), routes.asAgent(url())), 200);
    assert.deepEqual(proxy.tunnels, [new URL(url()).host]);
  });

  it('lead directly if the bypass list matches', async () => {
    const requested: string[] = [];
    const routes = createRoutes((of) => {
      requested.push(of);
      return undefined;
    }, trusted());
    assert.equal(await get(url(), routes.asAgent(url())), 200);
    assert.deepEqual(proxy.tunnels, []);
    assert.deepEqual(requested, [url()]);
  });

  it('are determined for each URL separately', async () => {
    const [one = '', two = ''] = azure.echoUrls;
    const routes = createRoutes((of) => (of === one ? aProxy() : undefined), trusted());
    await get(one, routes.asAgent(one));
    await get(two, routes.asAgent(two));
    assert.deepEqual(proxy.tunnels, [new URL(one).host]);
  });

  for (const password of ['p@ss:w/rd%41?#', 'ä ö+&', '%', '100%25']) {
    it(`send a password to the proxy exactly as it was typed: ${password}`, async () => {
      const routes = createRoutes(() => aProxy({ username: 'CONTOSO\\agent@x', password }), trusted());
      assert.equal(await get(url(), routes.asAgent(url())), 200);
      assert.deepEqual(proxy.credentials, [`CONTOSO\\agent@x:${password}`]);
    });
  }

  it('send nothing to a proxy without credentials', async () => {
    const routes = createRoutes(() => aProxy(), trusted());
    await get(url(), routes.asAgent(url()));
    assert.deepEqual(proxy.credentials, ['']);
  });

  it('lead directly to plain HTTP, which is an address of this machine', () => {
    const routes = createRoutes(() => aProxy(), trusted());
    assert.equal(
      routes.asAgent('http://169.254.169.254/x').agent,
      routes.direct('http://169.254.169.254/x').agent,
    );
  });

  for (const status of [100, 201, 204, 301, 403, 404, 407, 503]) {
    it(`do not treat a proxy's response ${status} to CONNECT as the response of the host`, async () => {
      const answer = `HTTP/1.1 ${status} Something\r\nContent-Length: 2\r\n\r\n{}`;
      const own = await startProxy(answer);
      try {
        const routes = createRoutes(() => ({ ...aProxy(), url: own.url }), trusted());
        await assert.rejects(get(url(), routes.asAgent(url())), { code: toRefusalCode(status) });
        assert.equal(parseRefusalCode(toRefusalCode(status)), status);
      } finally {
        await own.close();
      }
    });
  }

  it('do not treat a response without a status as a tunnel', async () => {
    for (const answer of [
      'HELLO\r\n\r\n',
      'HTTP/1.1 99999999999999999999 Huge\r\n\r\n',
      'HTTP/1.1 200 OK\r\nno header\r\n\r\n',
      '\r\n\r\n',
      '',
    ]) {
      const own = await startProxy(answer);
      try {
        const routes = createRoutes(() => ({ ...aProxy(), url: own.url }), trusted());
        await assert.rejects(get(url(), routes.asAgent(url())), { code: toRefusalCode(0) }, answer);
      } finally {
        await own.close();
      }
    }
  });

  it('never skip the certificate check', async () => {
    const routes = createRoutes(() => aProxy(), undefined);
    await assert.rejects(get(url(), routes.direct(url())));
    await assert.rejects(get(url(), routes.asAgent(url())));
  });
});
