import type { PolicyRef } from '../world';
import type { Call } from './failures';

/** The type of a policy, as actions and ids name it. */
export const JIT_TYPE = 'Microsoft.Security/locations/jitNetworkAccessPolicies';
export const JIT_VERSION = '2020-01-01';

/** A call about one policy. `what`: what a failure says was tried. */
export const callFor = (action: string, policy: PolicyRef, what: string): Call => ({
  what,
  action,
  scope: policy.id,
  sought: { noun: 'just-in-time policy', id: policy.id },
});
