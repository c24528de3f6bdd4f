import { isRestError, type PipelineResponse } from '@azure/core-rest-pipeline';
import { CodedError } from '../errors';
import {
  defenderPlanOff,
  ForbiddenError,
  notFound,
  notReached,
  senselessAnswer,
  serverError,
  throttled,
  tokenRefused,
} from '../messages/failures';

/** One kind of call: what a failure says was tried, and the right that it needs. */
export interface Call {
  /** As in "… was not reached". */
  readonly what: string;
  readonly action: string;
  /** The ARM id that the right is needed at. */
  readonly scope: string;
  /** What a 404 says is missing. */
  readonly sought: { readonly noun: string; readonly id: string };
}

/** Azure's own error: `{"error":{"code","message"}}`. */
export interface AzureError {
  readonly code: string;
  readonly message: string;
}

// The codes of a missing right; anything else with 403 from Microsoft.Security is the missing plan.
const NO_RIGHT = ['AuthorizationFailed', 'LinkedAuthorizationFailed'];
const NOT_REGISTERED = ['MissingSubscriptionRegistration', 'SubscriptionNotRegistered'];

/** Turns whatever a call threw into its coded failure. Nothing is decided by an error's text. */
export function toFailure(error: unknown, call: Call): unknown {
  if (error instanceof CodedError) return error;
  if (error instanceof Error && error.name === 'AbortError') {
    return notReached(call.what, 'the time was over before it answered', error);
  }
  if (!isRestError(error)) return error;
  if (error.response) return failureOf(error.response, call, error);
  if (error.statusCode !== undefined) return senselessAnswer(call.what, error.name, error);
  return notReached(call.what, connectionTrouble(error.code, error.message), error);
}

/** The coded failure that an answer with an error status stands for. */
export function failureOf(response: PipelineResponse, call: Call, cause?: unknown): CodedError {
  const { status } = response;
  const azure = azureErrorOf(response);
  const detail = detailOf(response, azure);
  if (status === 407)
    return notReached(call.what, 'the proxy asks for credentials that it accepts (407)', cause);
  if (status === 429) return throttled(call.what, detail, cause);
  if (azure && NOT_REGISTERED.includes(azure.code)) {
    return defenderPlanOff(subscriptionOf(call.scope), detail, cause);
  }
  if (status >= 500 || status === 408 || status === 409) return serverError(call.what, status, detail, cause);
  if (status === 401) return tokenRefused(cause);
  if (!azure) return senselessAnswer(call.what, detail, cause);
  if (status === 403) {
    const missingPlan = call.action.startsWith('Microsoft.Security/') && !NO_RIGHT.includes(azure.code);
    if (missingPlan) return defenderPlanOff(subscriptionOf(call.scope), detail, cause);
    const { action, scope } = otherRight(azure.message, call) ?? call;
    return new ForbiddenError(action, scope, { cause });
  }
  if (status === 404) return notFound(call.sought.noun, call.sought.id, cause);
  return senselessAnswer(call.what, detail, cause);
}

/**
 * A right beside the call's own that Azure names as missing, such as one on a VM that access is asked for. It only
 * makes the message more exact: nothing is decided by it, and a text that reads otherwise is none.
 */
function otherRight(message: string, call: Call): Pick<Call, 'action' | 'scope'> | undefined {
  const [, action, scope] = /action '([\w./*-]+)' over scope '(\/[^'\s]+)'/.exec(message) ?? [];
  if (action === undefined || scope === undefined) return undefined;
  return action.toLowerCase() === call.action.toLowerCase() ? undefined : { action, scope };
}

/** What Azure said, with the id under which its support finds the call. */
export function detailOf(response: PipelineResponse, azure = azureErrorOf(response)): string {
  const said = azure
    ? `${azure.code}: ${azure.message}`
    : `status ${String(response.status)} without an error in JSON`;
  const id = response.headers.get('x-ms-correlation-request-id');
  return said.replace(/\.\s*$/, '') + (id ? ` (correlation id ${id})` : '');
}

/** Azure's own error in an answer; nothing for a page of something in between. */
export function azureErrorOf(response: PipelineResponse): AzureError | undefined {
  const body = parseJson(response.bodyAsText);
  if (typeof body !== 'object' || body === null || !('error' in body)) return undefined;
  const { error } = body;
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  const message = 'message' in error && typeof error.message === 'string' ? error.message : '';
  return { code: String(error.code), message };
}

/** JSON, or `undefined` when the text is none. */
export function parseJson(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? '') as unknown;
  } catch {
    return undefined;
  }
}

const TROUBLES: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name was not found (ENOTFOUND)',
  EAI_AGAIN: 'the name service did not answer (EAI_AGAIN)',
  ECONNREFUSED: 'the connection was refused (ECONNREFUSED)',
  ECONNRESET: 'the connection was broken off (ECONNRESET)',
  ETIMEDOUT: 'no answer in time (ETIMEDOUT)',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is of an authority that the agent does not trust',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is of an authority that the agent does not trust',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate does not lead to an authority that the agent trusts',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};

/** A socket's error code in words. */
export const connectionTrouble = (code: string | undefined, message: string): string =>
  TROUBLES[code ?? ''] ?? (code ? `${code}: ${message}` : message);

const subscriptionOf = (scope: string): string => scope.split('/')[2] ?? scope;
