import type { PipelineResponse } from '@azure/core-rest-pipeline';
import { CodedError } from '../core/errors';
import { isJson, itemsIn } from '../core/json';
import { MANAGED_IDENTITY_SERVICE } from '../core/text';
import {
  identityMissing,
  notReached,
  senselessAnswer,
  serverError,
  signInRefused,
  throttled,
  type SignInFault,
} from '../messages/failures';
import type { Identity } from './connection';
import { wordOf } from './azureErrors';
import { parseJson } from './parseJson';
import { connectionTrouble } from './failures';

/** The last exchange with the sign-in service. The SDK's errors represent it in many forms. */
export interface SignInOutcome {
  response?: PipelineResponse | undefined;
  error?: unknown;
  /** Set if no assertion was obtained, before any call to Entra. */
  assertion?: CodedError;
}

/** Returns the coded failure of a sign-in, from the last exchange, because the SDK has many errors for one cause. */
export function signInFailure(outcome: SignInOutcome, cause: unknown, identity: Identity): CodedError {
  if (outcome.assertion) return outcome.assertion;
  if (outcome.error instanceof CodedError) return outcome.error;
  const what = identity.kind === 'managed' ? MANAGED_IDENTITY_SERVICE : 'Microsoft Entra ID';
  const { response, error } = outcome;
  if (cause instanceof Error && cause.name === 'AbortError') {
    const detail = 'it did not respond in time';
    return identity.kind === 'managed' ? identityMissing(detail, cause) : notReached(what, detail, cause);
  }
  if (error !== undefined || !response) {
    if (error === undefined) return signInRefused(unreadable(identity), undefined, cause);
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    const message =
      code !== undefined && error instanceof Error ? error.message : 'it did not respond in time';
    const detail = connectionTrouble(code, message);
    return identity.kind === 'managed' ? identityMissing(detail, cause) : notReached(what, detail, cause);
  }
  const { status } = response;
  const said = entraError(response);
  if (status === 407) return notReached(what, 'the proxy requires valid credentials (407)', cause);
  if (status === 429) return throttled(what, said ?? 'status 429', cause);
  if (status >= 500 || status === 408 || status === 409)
    return serverError(what, status, said ?? 'no reason given', cause);
  if (status >= 400 && identity.kind === 'managed') {
    return identityMissing(said ?? `status ${String(status)}`, cause);
  }
  if (status < 400 || said === undefined) {
    return senselessAnswer(what, `status ${String(status)} without the JSON of a sign-in`, cause);
  }
  return signInRefused(said, faultIn(response), cause);
}

const unreadable = (identity: Identity): string =>
  identity.kind === 'certificate'
    ? 'its certificate or private key is not readable PEM'
    : 'the sign-in could not be prepared';

/**
 * The error numbers of Entra. A refusal lists those that apply.
 * (learn.microsoft.com/azure/devops/pipelines/release/troubleshoot-workload-identity; Azure/login#515 for 7002138)
 */
const FAULTS: ReadonlyMap<unknown, SignInFault> = new Map([
  [7000222, 'secretExpired'],
  [7000215, 'secretWrong'],
  [700016, 'noApplication'],
  [70025, 'noCredential'],
  [70021, 'credential'],
  [700211, 'issuer'],
  [700213, 'subject'],
  [7002138, 'subjectCase'],
  [700223, 'restricted'],
  [700238, 'restricted'],
]);

function faultIn(response: PipelineResponse): SignInFault | undefined {
  const body = parseJson(response.bodyAsText);
  const numbers: readonly unknown[] = isJson(body) ? itemsIn(body, 'error_codes') : [];
  return numbers.map((number) => FAULTS.get(number)).find((fault) => fault !== undefined);
}

/** Returns Entra's error and the first line of its description (RFC 6749, 5.2). The other lines are trace IDs. */
function entraError(response: PipelineResponse): string | undefined {
  const body = parseJson(response.bodyAsText);
  if (typeof body !== 'object' || body === null || !('error' in body)) return undefined;
  const description =
    'error_description' in body && typeof body.error_description === 'string' ? body.error_description : '';
  const line = description.split(/[\r\n]/)[0] ?? '';
  return `${wordOf(body.error)}${line && `: ${line}`}`.replace(/\.\s*$/, '');
}
