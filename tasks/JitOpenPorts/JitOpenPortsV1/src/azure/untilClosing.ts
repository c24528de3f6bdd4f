import type { CodedError } from '../../../../shared/core/errors';
import type { JitGateway } from './jitGateway';
import { RequestError } from './requestError';

/**
 * Returns the same service, which requests nothing after closing has begun, because nothing would close it. A request
 * then fails with a `RequestError` that has `refusal` as its cause.
 *
 * @param hasBegun checked before each request
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
