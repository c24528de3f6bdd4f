import type { PolicyRef } from '../world';
import type { Call } from './failures';

export const JIT_VERSION = '2020-01-01';
/** What a failure says made no sense. */
export const JIT_SERVICE = 'The just-in-time service';

/** A call about one policy. `what`: what a failure says was tried. */
export const callFor = (action: string, policy: PolicyRef, what: string): Call => ({
  what,
  action,
  scope: policy.id,
  sought: { noun: 'just-in-time policy', id: policy.id },
});
