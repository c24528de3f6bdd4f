import assert from 'node:assert/strict';
import type { Fault, Kind } from '../support/azure';
import { assertFailed, usePackagedTask, type PackagedStep } from '../support/packagedTask';
import type { ConnectionKind } from '../support/scenario';

/** The debug log that a user enables to investigate a problem. */
const DEBUG = { variables: { 'System.Debug': 'true' } };

/** An error that quotes what it received: in plain text, in a URL, in JSON. */
const quoting = (secret: string): Fault => ({
  status: 400,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    error: 'invalid_request',
    error_description: `You sent ${secret}, that is ${encodeURIComponent(secret)}. What is "${secret}" to be?`,
  }),
});

const entraError = (secret: string): string =>
  JSON.stringify({ error: 'invalid_client', error_description: `You sent ${secret}` });

describe('secrets, whatever goes wrong', () => {
  const task = usePackagedTask();

  /** Makes a service quote the credential of the request in its response. */
  function quoteBack(
    { azure }: PackagedStep,
    kind: Kind,
    credentialIn: (text: string, header: string) => string,
  ): void {
    azure.faults.always((target) => {
      if (target.kind !== kind) return false;
      const credential = credentialIn(target.text, target.headers['authorization'] ?? '');
      assert.notEqual(credential, '');
      azure.faults.next(kind, quoting(credential));
      return false;
    }, 'pass');
    // The first matching plan is used before the one above extends the script, so this one is first.
    azure.faults.next(kind, 'reset');
  }

  const formField = (name: string) => (text: string) => new URLSearchParams(text).get(name) ?? '';
  const bearer = (_text: string, header: string): string => header.replace(/^Bearer /, '');

  it('are not shown if a service quotes what it received', async () => {
    const quotes = [
      ['token', 'key', formField('client_secret'), 'JIT202'],
      ['token', 'certificate', formField('client_assertion'), 'JIT202'],
      ['token', 'federation', formField('client_assertion'), 'JIT202'],
      ['oidc', 'federation', bearer, 'JIT203'],
      ['policies.list', 'key', bearer, 'JIT604'],
      ['initiate', 'key', bearer, 'JIT604'],
    ] as const;
    await Promise.all(
      quotes.map(async ([kind, by, credentialIn, code]) => {
        const step = await task.prepare({ kind: by });
        quoteBack(step, kind, credentialIn);
        assertFailed(await step.run({}, DEBUG), code);
      }),
    );
  });

  it('are not shown if Entra quotes one that looks like plain words', async () => {
    const step = await task.prepare();
    const secret = 'correct-horse/battery staple';
    const { tenantId, clientId } = step.azure.addPrincipal({ secret });
    const parameters = {
      tenantid: tenantId,
      serviceprincipalid: clientId,
      authenticationType: 'spnKey',
      serviceprincipalkey: secret,
    };
    step.azure.faults.always('token', quoting(secret));
    const connections = { 'my-connection': { ...step.connection, parameters } };
    assertFailed(await step.run({}, { ...DEBUG, connections }), 'JIT202', 'You sent ***');
  });

  for (const [how, toBody] of [
    // As System.Text.Json writes it.
    ['in JSON with escapes', (secret: string) => entraError(secret).replaceAll('+', '\\u002B')],
    ['in JSON with escaped slashes', (secret: string) => entraError(secret).replaceAll('/', '\\/')],
    ['in a URL with lowercase digits', (secret: string) => entraError(secret.replaceAll('+', '%2b'))],
    ['in base64', (secret: string) => entraError(Buffer.from(`id:${secret}`).toString('base64'))],
  ] as const) {
    it(`are not shown when Entra quotes one ${how}`, async () => {
      const step = await task.prepare();
      const secret = 'correct+horse+battery/staple+is+this';
      const { tenantId, clientId } = step.azure.addPrincipal({ secret });
      const parameters = {
        tenantid: tenantId,
        serviceprincipalid: clientId,
        authenticationType: 'spnKey',
        serviceprincipalkey: secret,
      };
      const headers = { 'content-type': 'application/json' };
      step.azure.faults.always('token', { status: 400, headers, body: toBody(secret) });
      const connections = { 'my-connection': { ...step.connection, parameters } };
      const run = await step.run({}, { ...DEBUG, connections });
      assertFailed(run, 'JIT202', '***');
      assert.doesNotMatch(run.message, /horse|YWl|aG9yc2/);
    });
  }

  const SIGN_INS: readonly (readonly [ConnectionKind, readonly Kind[]])[] = [
    ['key', ['openid', 'token']],
    ['certificate', ['token']],
    ['federation', ['oidc', 'token']],
    ['system-assigned identity', ['imds']],
  ];
  for (const [by, kinds] of SIGN_INS) {
    it(`are not shown if a sign-in with ${by} fails in any way`, async () => {
      const faults: readonly Fault[] = [400, { status: 503, retryAfterMs: 10 }, 'html'];
      for (const kind of kinds) {
        await Promise.all(
          faults.map(async (fault) => {
            const step = await task.prepare({ kind: by });
            step.azure.faults.always(kind, fault);
            const run = await step.run({}, DEBUG);
            assert.equal(run.result, 'Failed');
          }),
        );
      }
    });
  }

  it("are not shown if Azure's own text contains one, during a wait", async () => {
    const step = await task.prepare();
    quoteBack(step, 'nsg', bearer);
    const run = await step.run({ waitTimeout: '2s' }, DEBUG);
    assert.equal(run.result, 'Failed');
  });
});
