import { placeOf } from '../core/resourceIds';
import { isRestError, type PipelineResponse } from '@azure/core-rest-pipeline';
import { CodedError } from '../core/errors';
import {
  notFound,
  notReached,
  senselessAnswer,
  serverError,
  throttled,
  tokenRefused,
} from '../messages/failures';
import {
  defenderPlanOff,
  forbiddenBy,
  forbidden,
  notOnboarded,
  refusedByAzure,
  tokenOfOtherTenant,
  versionRefused,
} from '../messages/refusals';
import { azureErrorOf, bareErrorOf, detailOf } from './azureErrors';
import { refusalOf, type NamedRight, type Refusal } from './refusals';

/** One kind of call: what a failure message calls it, and the permission that it needs. */
export interface Call {
  /** As in "… was not reached". */
  readonly what: string;
  readonly action: string;
  /** The ARM ID of the scope at which the permission is needed. */
  readonly scope: string;
  /** The resource that is missing after a 404. */
  readonly sought: { readonly noun: string; readonly id: string };
  /** The service returns errors that are not wrapped. */
  readonly bareErrors?: true;
  /** Returns the failure that a response means for this call only, or `undefined` if it has no special meaning. */
  readonly explain?: (response: PipelineResponse) => CodedError | undefined;
}

/** Converts an error of a call to its coded failure. Returns any other error unchanged. */
export function toFailure(error: unknown, call: Call): unknown {
  if (error instanceof CodedError) return error;
  if (error instanceof Error && error.name === 'AbortError') {
    return notReached(call.what, 'it did not respond in time', error);
  }
  if (!isRestError(error)) return error;
  if (error.response) return failureOf(error.response, call, error);
  if (error.statusCode !== undefined) return senselessAnswer(call.what, error.name, error);
  return notReached(call.what, connectionTrouble(error.code, error.message), error);
}

/** Returns the coded failure for a response with an error status. */
export function failureOf(response: PipelineResponse, call: Call, cause?: unknown): CodedError {
  const explained = call.explain?.(response);
  if (explained) return explained;
  const { status } = response;
  const azure = azureErrorOf(response) ?? (call.bareErrors && bareErrorOf(response));
  const words = detailOf(response, azure);
  if (status === 407) return notReached(call.what, 'the proxy requires valid credentials (407)', cause);
  if (status === 429) return throttled(call.what, words, cause);
  const refusal = refusalOf(response, azure);
  if (refusal) return refusalFailure(refusal, call, words, cause);
  if (status >= 500 || status === 408 || status === 409) return serverError(call.what, status, words, cause);
  if (status === 401) return tokenRefused(azure && words, cause);
  if (!azure || status < 400) return senselessAnswer(call.what, words, cause);
  if (status === 404) return notFound(call.sought.noun, call.sought.id, cause);
  if (status !== 403) return refusedByAzure(call.what, words, cause);
  // If the plan is off, Azure denies just-in-time access with an undocumented code.
  return isJit(call)
    ? defenderPlanOff(subscriptionOf(call), words, cause)
    : forbidden(call.action, call.scope, { words }, { cause });
}

/** Returns the failure if the response's code explains it, or `undefined` if only the kind of call can. */
export function explainedFailure(response: PipelineResponse, call: Call): CodedError | undefined {
  return refusalOf(response) && failureOf(response, call);
}

function refusalFailure(refusal: Refusal, call: Call, words: string, cause: unknown): CodedError {
  switch (refusal.kind) {
    case 'forbidden':
      return forbiddenBy(refusal.barrier, call.what, words, cause);
    case 'missingRight': {
      const { action, scope } = otherThan(call, refusal.named) ?? call;
      const { condition } = refusal;
      return forbidden(action, scope, condition ? { condition, words } : {}, { cause });
    }
    case 'missingLinkedRight': {
      const { action, scope } = refusal.named ?? call;
      return forbidden(action, scope, refusal.named ? {} : { unnamed: true, words }, { cause });
    }
    case 'otherTenant':
      return tokenOfOtherTenant(refusal.tenants, words, cause);
    case 'versionUnknown':
      return versionRefused(call.what, words, cause);
    case 'notOnboarded':
      return isJit(call) ? notOnboarded(call.what, words, cause) : refusedByAzure(call.what, words, cause);
    case 'notRegistered':
      return isJit(call)
        ? defenderPlanOff(subscriptionOf(call), words, cause)
        : refusedByAzure(call.what, words, cause);
  }
}

/** Returns the permission that Azure names if it is not the call's own, such as one on the VM of a request. */
const otherThan = (call: Call, named: NamedRight | undefined): NamedRight | undefined =>
  named && named.action.toLowerCase() !== call.action.toLowerCase() ? named : undefined;

const isJit = ({ action }: Call): boolean =>
  action.startsWith('Microsoft.Security/locations/jitNetworkAccessPolicies/');

const TROUBLES: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name cannot be resolved (ENOTFOUND)',
  EAI_AGAIN: 'the name server did not respond (EAI_AGAIN)',
  ECONNREFUSED: 'the connection was refused (ECONNREFUSED)',
  ECONNRESET: 'the connection was reset (ECONNRESET)',
  ETIMEDOUT: 'it did not respond in time (ETIMEDOUT)',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'its certificate was issued by an authority that the agent does not trust',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate was issued by an authority that the agent does not trust',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate does not chain to an authority that the agent trusts',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for a different name',
};

/** Returns a socket's error code in words. */
export const connectionTrouble = (code: string | undefined, message: string): string =>
  TROUBLES[code ?? ''] ?? (code ? `${code}: ${message}` : message);

const subscriptionOf = ({ scope }: Call): string => placeOf(scope)?.subscriptionId ?? scope;
