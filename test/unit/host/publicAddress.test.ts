import assert from 'node:assert/strict';
import { createSecureContext } from 'node:tls';
import { createPublicAddress } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/host/publicAddress';
import type { Proxy } from '../../../tasks/shared/host/proxyAgent';
import { createRoutes } from '../../../tasks/shared/host/routes';
import type { Limit } from '../../../tasks/shared/core/limits';
import { processAuthority, startAzure, type EchoAnswer, type SimulatedAzure } from '../../support/azure';
import { startProxy, type TestProxy } from './servers';

const aLimit = (signal = new AbortController().signal, remainingMs = 30_000): Limit => ({
  signal,
  remainingMs: () => remainingMs,
});
/** Too short for a second attempt. */
const once = () => aLimit(undefined, 450);

describe('the query to the address services', () => {
  let azure: SimulatedAzure;
  let proxy: TestProxy;
  before(async () => {
    azure = await startAzure();
    proxy = await startProxy();
  });
  after(async () => {
    await Promise.all([azure.close(), proxy.close()]);
  });

  const request = (
    answer: EchoAnswer,
    route: 'direct' | 'proxy' = 'direct',
    { isTrusted = true, limit = aLimit() } = {},
  ) => {
    azure.setEcho(answer);
    const toProxy = (): Proxy => ({ url: proxy.url, username: undefined, password: undefined });
    return createPublicAddress(
      createRoutes(toProxy, isTrusted ? createSecureContext({ ca: processAuthority().caPem }) : undefined),
      true,
    ).query(azure.echoUrls, route, limit);
  };

  it('returns the text of each service, in order, without surrounding white space', async () => {
    const answers = await request({ text: ' 20.50.1.7\r\n' });
    assert.deepEqual(
      answers,
      azure.echoUrls.map((service) => ({ service, kind: 'text', text: '20.50.1.7' })),
    );
  });

  it('is sent directly, and through the proxy only on request', async () => {
    await request({ text: '20.50.1.7' });
    assert.deepEqual(proxy.tunnels, []);
    const answers = await request({ text: '20.50.1.7' }, 'proxy');
    assert.ok(answers.every(({ kind }) => kind === 'text'));
    assert.equal(proxy.tunnels.length, 3);
  });

  for (const answer of ['close', { text: '20.50.1.7', status: 429 }, { text: 'no', status: 503 }] as const) {
    it(`treats ${JSON.stringify(answer)} as a failure, with a reason`, async () => {
      for (const found of await request(answer, 'direct', { limit: once() })) {
        assert.ok(found.kind === 'failure' && found.reason.length > 0);
      }
    });
  }

  it('rejects a response that is too long for an address', async () => {
    for (const found of await request({ text: '1'.repeat(100_000) })) assert.equal(found.kind, 'failure');
  });

  it('does not trust a certificate of an unknown authority', async () => {
    for (const found of await request({ text: '20.50.1.7' }, 'direct', { isTrusted: false })) {
      assert.equal(found.kind, 'failure');
    }
  });

  it('ends at its limit even if a service hangs', async () => {
    const over = new AbortController();
    const requested = request('hang', 'direct', { limit: aLimit(over.signal) });
    setImmediate(() => {
      over.abort();
    });
    for (const found of await requested) assert.equal(found.kind, 'failure');
  });

  it('ends at once if its limit is already over', async () => {
    azure.forget();
    const requested = request('hang', 'direct', { limit: aLimit(AbortSignal.abort()) });
    for (const found of await requested) assert.equal(found.kind, 'failure');
    assert.deepEqual(azure.callsTo('echo'), []);
  }).timeout(4000);

  it('sends nothing else to the services', async () => {
    azure.forget();
    await request({ text: '20.50.1.7' });
    azure.assertNoViolations();
    assert.equal(azure.callsTo('echo').length, 3);
  });
});
