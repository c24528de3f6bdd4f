import assert from 'node:assert/strict';
import { RestError } from '@azure/core-rest-pipeline';
import type { Identity } from '../../../tasks/shared/azure/connection';
import { signInFailure, type SignInOutcome } from '../../../tasks/shared/azure/signInFailures';
import type { Code } from '../../../tasks/shared/core/codes';
import { noOidcToken } from '../../../tasks/shared/messages/failures';
import { anAnswer } from './answers';

const secret: Identity = { kind: 'secret', tenantId: 't', clientId: 'c', secret: 's' };
const certificate: Identity = { kind: 'certificate', tenantId: 't', clientId: 'c', certificate: 'PEM' };
const managed: Identity = { kind: 'managed', clientId: undefined };
const entra = (error: string, description = 'AADSTS7000222: The secret has expired.\r\nTrace ID: 123') => ({
  error,
  error_description: description,
});
const page = '<html>Sign in</html>';
const thrown = new Error('The SDK threw this.');
const aborted = Object.assign(new Error('over'), { name: 'AbortError' });

const TABLE: readonly (readonly [string, SignInOutcome, unknown, Identity, Code])[] = [
  ['a refusal', { response: anAnswer(401, entra('invalid_client')) }, thrown, secret, 'JIT202'],
  ['a refusal with 400', { response: anAnswer(400, entra('unauthorized_client')) }, thrown, secret, 'JIT202'],
  ['a page in place of a refusal', { response: anAnswer(403, page) }, thrown, secret, 'JIT604'],
  ['a page with status 200', { response: anAnswer(200, page) }, thrown, secret, 'JIT604'],
  ['throttling', { response: anAnswer(429, entra('x')) }, thrown, secret, 'JIT601'],
  ['a server error', { response: anAnswer(503, page) }, thrown, secret, 'JIT602'],
  ['a server error with JSON', { response: anAnswer(500, entra('server_error')) }, thrown, secret, 'JIT602'],
  ['a proxy that asks for credentials', { response: anAnswer(407, page) }, thrown, secret, 'JIT603'],
  ['a broken connection', { error: new RestError('x', { code: 'ECONNRESET' }) }, thrown, secret, 'JIT603'],
  [
    'a name that is not found',
    { error: new RestError('x', { code: 'ENOTFOUND' }) },
    thrown,
    secret,
    'JIT603',
  ],
  ['no answer in time', {}, aborted, secret, 'JIT603'],
  ['a certificate that cannot be read', {}, thrown, certificate, 'JIT202'],
  ['no OIDC token', { assertion: noOidcToken('x') }, thrown, secret, 'JIT203'],
  [
    'no identity on the agent',
    { response: anAnswer(400, entra('invalid_request')) },
    thrown,
    managed,
    'JIT202',
  ],
  ['an identity that is not known', { response: anAnswer(404, page) }, thrown, managed, 'JIT202'],
  ['nothing at the address of the identities', { error: new RestError('x') }, thrown, managed, 'JIT202'],
  ['silence at the address of the identities', {}, aborted, managed, 'JIT202'],
];

describe('a sign-in failure', () => {
  for (const [what, outcome, cause, identity, code] of TABLE) {
    it(`with ${what} is ${code}`, () => {
      assert.equal(signInFailure(outcome, cause, identity).code, code);
    });
  }

  it('names what is wrong with a connection, and does not call it silence', () => {
    const error = new RestError('write EPROTO: handshake failure', { code: 'EPROTO' });
    for (const identity of [secret, managed]) {
      const { seen } = signInFailure({ error }, thrown, identity);
      assert.match(seen, /handshake failure/);
      assert.doesNotMatch(seen, /in time/);
    }
  });

  for (const [number, remedy] of [
    [7000222, /Convert the service connection to workload identity federation/],
    [7000215, /its value, not its ID/],
    [700016, /application of the service connection still exists/],
    [70025, /no federated credential/],
    [70021, /issuer and subject identifier.*both identical.*conversion.*July 1, 2027/],
    [700211, /the same issuer.*Certificates & secrets.*conversion.*July 1, 2027/],
    [
      700213,
      /Service connections.*the same subject.*organization, the project, and the connection.*renaming.*app registration/,
    ],
    [7002138, /uppercase and lowercase.*Delete.*again/],
    [700223, /administrators of the Microsoft Entra tenant/],
    [700238, /administrators of the Microsoft Entra tenant/],
    [50034, /has not expired, and that its identity still exists/],
  ] as const)
    it(`has a remedy for AADSTS${number}, found by the number in the error_codes field`, () => {
      const body = { ...entra('invalid_client', 'No.'), error_codes: [number] };
      assert.match(signInFailure({ response: anAnswer(401, body) }, thrown, secret).remedy, remedy);
    });

  it('ignores numbers in the message, and invalid error_codes', () => {
    const usual = signInFailure({ response: anAnswer(401, entra('x', 'No.')) }, thrown, secret).remedy;
    for (const codes of [undefined, null, '7002138', {}, [], ['700213'], [null, {}]]) {
      const body = { ...entra('x', 'AADSTS700213: No.'), error_codes: codes };
      assert.equal(signInFailure({ response: anAnswer(401, body) }, thrown, secret).remedy, usual);
    }
  });

  it('quotes Entra on one line, without trace IDs', () => {
    const { seen } = signInFailure({ response: anAnswer(401, entra('invalid_client')) }, thrown, secret);
    assert.ok(seen.includes('invalid_client') && seen.includes('AADSTS7000222'));
    assert.ok(!seen.includes('Trace ID'));
  });
});
