import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { createBench, type Bench } from '../../support/azure/bench';
import { send } from '../../support/azure/caller';
import { processAuthority, SERVER_NAMES, startAzure, type SimulatedAzure } from '../../support/azure';

describe('the services of the simulated Azure', () => {
  let azure: SimulatedAzure;
  let bench: Bench;

  before(async () => {
    azure = await startAzure();
    bench = await createBench(azure, azure.addPrincipal({ secret: 'right' }));
  });
  after(() => azure.close());
  beforeEach(() => {
    azure.forget();
    azure.setEcho({ text: '20.1.2.3\n' });
  });

  describe('with strict checks', () => {
    const violation = async (method: string, path: string, body?: unknown) => {
      azure.forget();
      const { status } = await bench.caller.ask(method, path, body);
      assert.throws(() => {
        azure.assertNoViolations();
      }, /misused/);
      return status;
    };
    const jit = () => bench.policy.id;

    it('respond to unknown paths and methods with 404, and record them', async () => {
      assert.equal(await violation('GET', '/tenants?api-version=2022-12-01'), 404);
      assert.equal(await violation('PATCH', `${jit()}?api-version=2020-01-01`, {}), 404);
      assert.equal(await violation('POST', `${jit()}/revoke?api-version=2020-01-01`, {}), 404);
      assert.equal(await violation('GET', `/${jit()}?api-version=2020-01-01`), 404);
    });

    it('respond to other api-versions, none, two, and unknown parameters with 400', async () => {
      assert.equal(await violation('GET', `${jit()}?api-version=2015-06-01-preview`), 400);
      assert.equal(await violation('GET', jit()), 400);
      assert.equal(await violation('GET', `${jit()}?api-version=2020-01-01&api-version=2020-01-01`), 400);
      assert.equal(await violation('GET', `${jit()}?api-version=2020-01-01&$top=1`), 400);
    });

    it('require JSON with the right content type', async () => {
      const { status } = await send(azure, `${azure.url}${jit()}/initiate?api-version=2020-01-01`, {
        method: 'POST',
        headers: { authorization: `Bearer ${bench.caller.token}`, 'content-type': 'text/plain' },
        body: '{}',
      });
      assert.equal(status, 415);
      assert.equal(azure.violations.length, 1);
    });

    it('record unexpected requests to every other service', async () => {
      await send(azure, `${azure.authorityUrl}/tenant/oauth2/token`);
      await send(azure, azure.oidcUrl);
      await send(azure, `${azure.imdsUrl}/metadata/instance`);
      assert.equal(azure.violations.length, 3);
    });
  });

  it('return a correlation ID with each response, their own or the caller’s', async () => {
    const reply = await bench.caller.ask('GET', `${bench.policy.id}?api-version=2020-01-01`);
    assert.match(reply.headers['x-ms-correlation-request-id'] ?? '', /^[0-9a-f-]{36}$/);
    const initiated = await bench.initiate({});
    assert.equal(initiated.headers['x-ms-request-id'], '');
  });

  it('record requests with their bodies, responses, and times', async () => {
    await bench.initiate({ allowedSourceAddressPrefix: '20.1.2.3' });
    const [call] = azure.callsTo('initiate');
    assert.equal(call?.status, 202);
    assert.equal(call.query['api-version'], '2020-01-01');
    assert.match(JSON.stringify(call.body), /"allowedSourceAddressPrefix":"20\.1\.2\.3"/);
    assert.match(call.answer ?? '', /"status":"Initiating"/);
    assert.equal(call.host, new URL(azure.url).host);
  });

  describe('for addresses', () => {
    const request = (index: number, headers = {}) => send(azure, azure.echoUrls[index] ?? '', { headers });

    it('return the configured response, on every path', async () => {
      Object.assign(azure.echo[1] ?? {}, { answer: { text: 'null', status: 429 } });
      Object.assign(azure.echo[2] ?? {}, { answer: 'html' });
      const replies = await Promise.all([request(0), request(1), request(2)]);
      assert.deepEqual(
        replies.map(({ status, text }) => `${status} ${text.slice(0, 9)}`),
        ['200 20.1.2.3\n', '429 null', '200 <!DOCTYPE'],
      );
      assert.equal((await send(azure, `${azure.echoUrls[0]}/plain?x=1`)).text, '20.1.2.3\n');
    });

    it('can break the connection, and be stopped', async () => {
      azure.setEcho('close');
      await assert.rejects(request(0), { code: 'ECONNRESET' });
      const other = await startAzure();
      await other.stop('echo-3');
      await assert.rejects(send(other, other.echoUrls[2] ?? ''), { code: 'ECONNREFUSED' });
      assert.equal((await send(other, other.echoUrls[1] ?? '')).status, 200);
      await other.close();
    });

    it('are not trusted: credentials that are sent there are a violation', async () => {
      await request(0, { authorization: 'Bearer secret' });
      assert.match(azure.violations.join(), /echo-1 was sent authorization/);
      assert.ok(!JSON.stringify(azure.calls).includes('Bearer secret'));
    });
  });

  describe('have certificates that', () => {
    it('are valid for localhost and 127.0.0.1, from an authority in a file', async () => {
      assert.equal(readFileSync(azure.caFile, 'utf8'), azure.caPem);
      assert.equal(
        (await send(azure, azure.echoUrls[0]?.replace('localhost', '127.0.0.1') ?? '')).status,
        200,
      );
      const server = new X509Certificate(processAuthority().issueServer(SERVER_NAMES).cert);
      assert.ok(server.verify(new X509Certificate(azure.caPem).publicKey));
      assert.equal(server.checkHost('login.azure.test'), 'login.azure.test');
      assert.equal(server.checkHost('example.com'), undefined);
    });

    it('are trusted by a child process with the file', async () => {
      const script = `fetch('${azure.echoUrls[0] ?? ''}').then((r) => r.text()).then((t) => process.stdout.write(t))`;
      const env = { NODE_EXTRA_CA_CERTS: azure.caFile };
      const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { env });
      assert.equal(stdout, '20.1.2.3\n');
    });

    it('are not trusted without the authority', async () => {
      await assert.rejects(send({ caPem: '' }, azure.echoUrls[0] ?? ''), {
        code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      });
    });

    for (const [certificate, code] of [
      ['untrusted', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
      ['expired', 'CERT_HAS_EXPIRED'],
      ['wrong-name', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ] as const) {
      it(`can be ${certificate}`, async () => {
        const other = await startAzure({ certificate });
        await assert.rejects(send(azure, other.echoUrls[0] ?? ''), { code });
        await other.close();
      });
    }
  });
});
