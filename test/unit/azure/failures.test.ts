import assert from 'node:assert/strict';
import { RestError } from '@azure/core-rest-pipeline';
import { AbortError } from '@azure/abort-controller';
import type { Code } from '../../../tasks/shared/core/codes';
import { CodedError, ForbiddenError } from '../../../tasks/shared/core/errors';
import { detailOf } from '../../../tasks/shared/azure/azureErrors';
import { failureOf, toFailure, type Call } from '../../../tasks/shared/azure/failures';
import { notReached } from '../../../tasks/shared/messages/failures';
import { anAnswer, anAzureError } from './answers';

const SCOPE = '/subscriptions/the-subscription/resourceGroups/rg';
const security: Call = {
  what: 'The policy',
  action: 'Microsoft.Security/locations/jitNetworkAccessPolicies/read',
  scope: SCOPE,
  sought: { noun: 'policy', id: SCOPE },
};
const network: Call = { ...security, action: 'Microsoft.Network/networkInterfaces/read' };
const page = '<html>Sign in</html>';

const TABLE: readonly (readonly [number, string | object, Call, Code])[] = [
  [400, anAzureError('BadRequest'), network, 'JIT604'],
  [400, page, network, 'JIT604'],
  [401, anAzureError('InvalidAuthenticationToken'), security, 'JIT202'],
  [401, page, security, 'JIT202'],
  [403, anAzureError('AuthorizationFailed'), security, 'JIT301'],
  [403, anAzureError('LinkedAuthorizationFailed'), security, 'JIT301'],
  [403, anAzureError('SubscriptionPricingTierNotSupported'), security, 'JIT302'],
  [403, anAzureError('AuthorizationFailed'), network, 'JIT301'],
  [403, page, security, 'JIT604'],
  [404, anAzureError('PolicyNotFound'), security, 'JIT406'],
  [404, page, security, 'JIT604'],
  [407, page, security, 'JIT603'],
  [408, page, security, 'JIT602'],
  [409, anAzureError('Conflict'), network, 'JIT602'],
  [409, anAzureError('MissingSubscriptionRegistration'), security, 'JIT302'],
  [404, anAzureError('SubscriptionNotRegistered'), security, 'JIT302'],
  [429, anAzureError('TooManyRequests'), security, 'JIT601'],
  [429, page, security, 'JIT601'],
  [500, anAzureError('InternalServerError'), security, 'JIT602'],
  [502, page, security, 'JIT602'],
  [503, '', security, 'JIT602'],
  [302, '', security, 'JIT604'],
];

describe('the failure for an Azure response', () => {
  for (const [status, body, call, code] of TABLE) {
    const said = typeof body === 'string' ? body || 'nothing' : JSON.stringify(body);
    it(`with ${status} and ${said} at ${call.action} is ${code}`, () => {
      assert.equal(failureOf(anAnswer(status, body), call).code, code);
    });
  }

  it('names the action and the scope of a missing permission', () => {
    const failure = failureOf(anAnswer(403, anAzureError('AuthorizationFailed')), network);
    assert.ok(failure instanceof ForbiddenError);
    assert.deepEqual([failure.action, failure.scope], [network.action, SCOPE]);
  });

  it('names the subscription without the plan', () => {
    const failure = failureOf(anAnswer(403, anAzureError('Other')), security);
    assert.ok(failure.seen.includes('the-subscription'));
  });

  it('does not depend on the text of an error', () => {
    const text = 'does not have authorization to perform action; not a subset of policy; 404; throttled';
    assert.equal(failureOf(anAnswer(500, anAzureError('X', text)), security).code, 'JIT602');
    assert.equal(failureOf(anAnswer(404, anAzureError('X', text)), network).code, 'JIT406');
  });

  it('includes the correlation ID', () => {
    const answer = anAnswer(500, anAzureError('X'), { 'x-ms-correlation-request-id': 'corr-1' });
    assert.ok(failureOf(answer, security).seen.includes('corr-1'));
    assert.ok(detailOf(answer).includes('corr-1'));
  });
});

describe('the failure for a thrown error', () => {
  const codeOf = (error: unknown): Code | undefined => {
    const failure = toFailure(error, security);
    return failure instanceof CodedError ? failure.code : undefined;
  };

  it('is the error itself if it has a code', () => {
    const known = notReached('x', 'y');
    assert.equal(toFailure(known, security), known);
  });

  for (const code of ['ENOTFOUND', 'ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'CERT_HAS_EXPIRED', 'EPIPE']) {
    it(`is JIT603 for ${code}, and names it`, () => {
      const failure = toFailure(new RestError('It broke.', { code }), security);
      assert.ok(failure instanceof CodedError && failure.code === 'JIT603');
      assert.match(failure.seen, code.startsWith('CERT') ? /certificate/ : new RegExp(code));
    });
  }

  it('is JIT603 for a timeout', () => {
    assert.equal(codeOf(new AbortError('over')), 'JIT603');
  });

  it('is the failure of the response if there is one', () => {
    const response = anAnswer(503, anAzureError('Busy'));
    assert.equal(codeOf(new RestError('x', { statusCode: 503, response })), 'JIT602');
  });

  it('is JIT604 if the response cannot be parsed', () => {
    assert.equal(codeOf(new RestError('x', { code: RestError.PARSE_ERROR, statusCode: 200 })), 'JIT604');
  });

  it('is the error itself if it is a bug', () => {
    const bug = new TypeError('x is undefined');
    assert.equal(toFailure(bug, security), bug);
  });
});
