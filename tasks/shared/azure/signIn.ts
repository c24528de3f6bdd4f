import { createEmptyPipeline, type HttpClient } from '@azure/core-rest-pipeline';
import type { AccessToken } from '@azure/identity';
import { CodedError } from '../core/errors';
import { withLimit, type Limit, type Clock } from '../core/limits';
import type { Connection } from './connection';
import { limitOf, PASSING, retryPolicy, type Announce } from './retry';
import { signInFailure, type SignInOutcome } from './signInFailures';

/** Tokens for Azure Resource Manager: one sign-in for the whole step, and another one if Azure refuses the token. */
export interface Tokens {
  get(signal: AbortSignal): Promise<string>;
  /** Returns a token other than the refused one. */
  renew(refused: string, signal: AbortSignal): Promise<string>;
}

export interface SignInParts {
  readonly connection: Connection;
  readonly transport: HttpClient;
  /** Gets an OIDC token from Azure DevOps; used only for workload identity federation. */
  readonly oidcToken: (limit: Limit) => Promise<string>;
  readonly clock: Clock;
  readonly announce: Announce;
  /** Called with every token before it is used, so that the agent masks it. */
  readonly onSecret: (secret: string) => void;
  readonly signal: AbortSignal;
}

/** The time limit of a sign-in, including retries and attempts without a response: 42 seconds. */
const SIGN_IN_MS = 42_000;
/**
 * The statuses that the managed identity service returns while it is being set up or updated.
 * https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token#retry-guidance
 */
const NOT_YET = [404, 410];

/** Creates the tokens of one step. A failed sign-in throws JIT202, JIT203, or JIT601 to JIT604. */
export function createTokens(parts: SignInParts): Tokens {
  let current: Promise<AccessToken> | undefined;
  let currentToken = '';

  const signIn = (): Promise<AccessToken> => {
    // Other calls whose old token is refused in the meantime wait for this sign-in.
    currentToken = '';
    const started = withLimit(parts.clock, parts.signal, SIGN_IN_MS, (limit) => acquire(parts, limit)).then(
      (token) => {
        parts.onSecret(token.token);
        currentToken = token.token;
        return token;
      },
    );
    current = started;
    started.catch(() => {
      if (current === started) current = undefined;
    });
    return started;
  };

  // A token is used until Azure refuses it: its expiry is based on clocks that this machine's might not agree with.
  const get = async (signal: AbortSignal): Promise<string> =>
    (await untilAborted(current ?? signIn(), signal)).token;

  return {
    get,
    renew(refused, signal) {
      // If several calls are refused at the same time, only the first one signs in again.
      if (refused === currentToken) current = undefined;
      return get(signal);
    },
  };
}

async function acquire(parts: SignInParts, limit: Limit): Promise<AccessToken> {
  const outcome: SignInOutcome = {};
  const managed = parts.connection.identity.kind === 'managed';
  const pipeline = createEmptyPipeline();
  const passing = managed ? [...PASSING, ...NOT_YET] : PASSING;
  pipeline.addPolicy(retryPolicy(parts.clock, parts.announce, () => true, passing));
  limitOf.set(limit.signal, limit);
  const observed: HttpClient = {
    async sendRequest(request) {
      outcome.response = undefined;
      outcome.error = undefined;
      // MSAL does not pass signals on, and a pause depends on the remaining time.
      request.abortSignal = limit.signal;
      try {
        return (outcome.response = await pipeline.sendRequest(parts.transport, request));
      } catch (error) {
        outcome.error = error;
        throw error;
      }
    },
  };
  try {
    const { createCredential } = await import('./signInLibrary');
    const credential = createCredential(parts.connection, observed, assertionOf(parts, limit, outcome));
    const token = await untilAborted(
      credential.getToken(`${parts.connection.audience}/.default`, { abortSignal: limit.signal }),
      limit.signal,
    );
    // The library returns anything that the service calls a token, even what no header can contain.
    if (!token || !isBearerToken(token.token)) throw new TypeError('The credential gave no token.');
    return token;
  } catch (cause) {
    throw signInFailure(outcome, cause, parts.connection.identity);
  }
}

/** Whether a value is visible ASCII without spaces, which is a little more than RFC 6750, 2.1, allows. */
const isBearerToken = (value: unknown): boolean => typeof value === 'string' && /^[!-~]+$/.test(value);

/** Gets an OIDC token only once: the library calls back twice for one sign-in, and an assertion is valid once. */
function assertionOf(
  { oidcToken }: SignInParts,
  limit: Limit,
  outcome: SignInOutcome,
): () => Promise<string> {
  let requested: Promise<string> | undefined;
  return async () => {
    try {
      return await (requested ??= oidcToken(limit));
    } catch (error) {
      if (error instanceof CodedError) outcome.assertion = error;
      throw error;
    }
  };
}

/** Settles with the work, or rejects when the signal fires: MSAL does not pass signals on. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) throw abortError();
  return new Promise<T>((resolve, reject) => {
    const stop = () => {
      reject(abortError());
    };
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', stop);
    });
  });
}

const abortError = (): Error => Object.assign(new Error('The run ended.'), { name: 'AbortError' });
