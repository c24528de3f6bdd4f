import type { CodedError } from '../../../../shared/core/errors';
import type { JitGateway } from './jitGateway';
import { RequestError } from './requestError';

/**
 * The same service, which requests nothing more once closing has begun: nobody would close it.
 *
 * @param hasBegun looked up before each request
 */
export const untilClosing = (
  jit: JitGateway,
  hasBegun: () => boolean,
  refusal: () => CodedError,
): JitGateway => ({
  ...jit,
  initiate: (policy, body, limit) =>
    hasBegun() ? Promise.reject(new RequestError(refusal(), false)) : jit.initiate(policy, body, limit),
});
