import assert from 'node:assert/strict';
import { explainedFailure, failureOf, type Call } from '../../../tasks/shared/azure/failures';
import type { Code } from '../../../tasks/shared/core/codes';
import { ForbiddenError, RefusedError } from '../../../tasks/shared/core/errors';
import {
  LINKED,
  notOnboardedFault,
  OTHER_TENANT,
  REFUSALS,
  refusalFault,
  type RefusalCode,
} from '../../support/azure/arm/refusals';
import { anAnswer, anAzureError } from './answers';

const SCOPE =
  '/subscriptions/0d5a2c5e-1c1b-4c5e-9d0e-7a6b5c4d3e2f/resourceGroups/rg-app/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default';
const initiate: Call = {
  what: 'The request for access',
  action: 'Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action',
  scope: SCOPE,
  sought: { noun: 'policy', id: SCOPE },
};
const nic: Call = { ...initiate, action: 'Microsoft.Network/networkInterfaces/read' };

const EXPECTED: Readonly<Record<RefusalCode, Code>> = {
  LinkedAuthorizationFailed: 'JIT301',
  LinkedAccessCheckFailed: 'JIT301',
  AuthorizationFailed: 'JIT301',
  DenyAssignmentAuthorizationFailed: 'JIT303',
  RequestDisallowedByPolicy: 'JIT303',
  ScopeLocked: 'JIT303',
  ReadOnlyDisabledSubscription: 'JIT303',
  InvalidAuthenticationTokenTenant: 'JIT202',
  NoRegisteredProviderFound: 'JIT604',
  InvalidApiVersionParameter: 'JIT604',
  InvalidResourceType: 'JIT604',
};
const CODES = Object.keys(REFUSALS) as RefusalCode[];

const answer = ({ status, code = '', message = '', headers }: ReturnType<typeof refusalFault>) =>
  anAnswer(status, anAzureError(code, message), headers);

describe('a permanent refusal by Azure', () => {
  for (const call of [initiate, nic]) {
    for (const code of CODES) {
      it(`with ${code} at ${call.action} is ${EXPECTED[code]}`, () => {
        const failure = failureOf(answer(refusalFault(code, call)), call);
        assert.equal(failure.code, EXPECTED[code]);
        assert.doesNotMatch(failure.message, /proxy|sign-in page|Plan 2/);
        assert.equal(explainedFailure(answer(refusalFault(code, call)), call)?.code, failure.code);
      });
    }
  }

  it('is recognized by its code regardless of case, and by a code inside another error', () => {
    assert.equal(failureOf(anAnswer(409, anAzureError('SCOPELOCKED')), nic).code, 'JIT303');
    const details = [{ code: 'RequestDisallowedByPolicy', message: 'No.' }];
    const outer = { error: { code: 'InvalidRequest', message: 'See inside.', details } };
    assert.equal(failureOf(anAnswer(400, outer), initiate).code, 'JIT303');
  });

  it('names the deny assignment, even if long IDs precede it', () => {
    const { message, seen } = failureOf(
      answer(refusalFault('DenyAssignmentAuthorizationFailed', initiate)),
      initiate,
    );
    for (const text of ['deny assignment', 'deny-of-the-stack']) assert.ok(seen.includes(text), message);
  });

  it('names the linked action and its scope, and not the permission that exists', () => {
    for (const code of ['LinkedAuthorizationFailed', 'LinkedAccessCheckFailed'] as const) {
      const failure = failureOf(answer(refusalFault(code, initiate)), initiate);
      assert.ok(failure instanceof ForbiddenError);
      assert.deepEqual([failure.action, failure.scope], [LINKED.action, LINKED.scope]);
      assert.ok(!failure.message.includes(initiate.action));
    }
  });

  it('names all linked actions and scopes', () => {
    const scopes = `${LINKED.scope},${LINKED.scope}-2`;
    const text = `The client has permission to perform action 'a/b/action' on scope '/x', however it does not have permission to perform action(s) 'A/b/read,C/d/write' on the linked scope(s) '${scopes}' (respectively) or the linked scope(s) are invalid.`;
    const failure = failureOf(anAnswer(403, anAzureError('LinkedAuthorizationFailed', text)), initiate);
    assert.ok(failure instanceof ForbiddenError);
    assert.deepEqual([failure.action, failure.scope], ['A/b/read,C/d/write', scopes]);
  });

  it('quotes Azure if the linked permission cannot be read, and says that the identity has its own permission', () => {
    const text = `The client has permission to perform action '${initiate.action}' on scope '${SCOPE}', however the current tenant 't' is not authorized to access linked subscription 's'.`;
    const { seen } = failureOf(anAnswer(403, anAzureError('LinkedAuthorizationFailed', text)), initiate);
    assert.match(seen, /is allowed to perform.*another resource/);
    assert.match(seen, /linked subscription 's'/);
  });

  it('says that a condition might not be met', () => {
    const failure = failureOf(answer(refusalFault('AuthorizationFailed', initiate)), initiate);
    assert.match(failure.seen, /condition/);
    assert.match(failure.remedy, /condition/);
    const plain = failureOf(anAnswer(403, anAzureError('AuthorizationFailed', 'No.')), initiate);
    assert.doesNotMatch(plain.message, /condition/);
  });

  it('names the tenant of the subscription, from the challenge or from the text', () => {
    const fault = refusalFault('InvalidAuthenticationTokenTenant', nic);
    for (const headers of [
      fault.headers ?? {},
      {},
      { 'www-authenticate': 'Bearer authorization_uri="https://login.windows.net/common"' },
    ]) {
      const { seen } = failureOf(answer({ ...fault, headers }), nic);
      assert.ok(seen.includes(`the tenant ${OTHER_TENANT},`), seen);
    }
  });

  it('means that the plan is off only if there is no other explanation', () => {
    for (const code of ['SubscriptionPricingTierNotSupported', 'Forbidden']) {
      assert.equal(failureOf(anAnswer(403, anAzureError(code)), initiate).code, 'JIT302');
    }
    const assessments = { ...initiate, action: 'Microsoft.Security/assessments/read' };
    assert.equal(failureOf(anAnswer(403, anAzureError('Forbidden')), assessments).code, 'JIT301');
    assert.equal(
      failureOf(anAnswer(409, anAzureError('MissingSubscriptionRegistration')), nic).code,
      'JIT604',
    );
  });

  for (const status of [400, 404, 409]) {
    it(`with ${status} and the text that a machine is not onboarded is JIT302`, () => {
      const { code, seen } = failureOf(answer(notOnboardedFault(status)), initiate);
      assert.equal(code, 'JIT302');
      assert.match(seen, /web-01/);
    });
  }

  it('ignores that text if a code explains it, at another service, or with a transient status', () => {
    const { message = '' } = notOnboardedFault(409);
    assert.equal(failureOf(anAnswer(409, anAzureError('ScopeLocked', message)), initiate).code, 'JIT303');
    assert.equal(failureOf(anAnswer(400, anAzureError('X', message)), nic).code, 'JIT604');
    assert.equal(failureOf(anAnswer(429, anAzureError('X', message)), initiate).code, 'JIT601');
    assert.equal(failureOf(anAnswer(503, anAzureError('X', message)), initiate).code, 'JIT602');
    assert.equal(failureOf(anAnswer(404, `<html>${message}</html>`), initiate).code, 'JIT604');
  });

  it('is quoted if the code is unknown', () => {
    const failure = failureOf(anAnswer(412, anAzureError('EtagMismatch', 'Read it again.')), nic);
    assert.equal(failure.code, 'JIT604');
    assert.match(failure.seen, /EtagMismatch: Read it again/);
    assert.doesNotMatch(failure.message, /proxy|sense/);
  });

  it('of a read call does not have to end the run', () => {
    for (const code of [
      'DenyAssignmentAuthorizationFailed',
      'InvalidResourceType',
      'AuthorizationFailed',
    ] as const) {
      assert.ok(failureOf(answer(refusalFault(code, nic)), nic) instanceof RefusedError);
    }
  });

  it('is read from an error without a wrapper if the service returns such errors', () => {
    const bare = { code: 'BadRequest', message: 'The filter is wrong.' };
    const capital = { Code: 'BadRequest', Message: 'The filter is wrong.' };
    for (const body of [bare, capital]) {
      assert.match(failureOf(anAnswer(400, body), { ...nic, bareErrors: true }).seen, /The filter is wrong/);
    }
    assert.match(failureOf(anAnswer(400, bare), nic).seen, /^Unexpected response/);
  });
});
