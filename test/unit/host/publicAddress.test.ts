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
/** Too short for asking a second time. */
const once = () => aLimit(undefined, 450);

describe('asking the address services', () => {
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

  it('gives the text of each, in order, without white space around it', async () => {
    const answers = await request({ text: ' 20.50.1.7\r\n' });
    assert.deepEqual(
      answers,
      azure.echoUrls.map((service) => ({ service, kind: 'text', text: '20.50.1.7' })),
    );
  });

  it('goes straight, and through the proxy only when told so', async () => {
    await request({ text: '20.50.1.7' });
    assert.deepEqual(proxy.tunnels, []);
    const answers = await request({ text: '20.50.1.7' }, 'proxy');
    assert.ok(answers.every(({ kind }) => kind === 'text'));
    assert.equal(proxy.tunnels.length, 3);
  });

  for (const answer of ['close', { text: '20.50.1.7', status: 429 }, { text: 'no', status: 503 }] as const) {
    it(`takes ${JSON.stringify(answer)} for a failure, with a reason`, async () => {
      for (const found of await request(answer, 'direct', { limit: once() })) {
        assert.ok(found.kind === 'failure' && found.reason.length > 0);
      }
    });
  }

  it('gives up on an answer that is too long for an address', async () => {
    for (const found of await request({ text: '1'.repeat(100_000) })) assert.equal(found.kind, 'failure');
  });

  it('trusts no certificate of an unknown authority', async () => {
    for (const found of await request({ text: '20.50.1.7' }, 'direct', { isTrusted: false })) {
      assert.equal(found.kind, 'failure');
    }
  });

  it('ends with its limit although a service hangs', async () => {
    const over = new AbortController();
    const requested = request('hang', 'direct', { limit: aLimit(over.signal) });
    setImmediate(() => {
      over.abort();
    });
    for (const found of await requested) assert.equal(found.kind, 'failure');
  });

  it('ends at once when its limit is over before', async () => {
    azure.forget();
    const requested = request('hang', 'direct', { limit: aLimit(AbortSignal.abort()) });
    for (const found of await requested) assert.equal(found.kind, 'failure');
    assert.deepEqual(azure.callsTo('echo'), []);
  }).timeout(4000);

  it('sends services nothing but the question', async () => {
    azure.forget();
    await request({ text: '20.50.1.7' });
    azure.assertNoViolations();
    assert.equal(azure.callsTo('echo').length, 3);
  });
});
