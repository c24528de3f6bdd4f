import { createEmptyPipeline, type HttpClient } from '@azure/core-rest-pipeline';
import type { AccessToken } from '@azure/identity';
import { CodedError } from '../core/errors';
import { withLimit, type Limit, type Clock } from '../core/limits';
import type { Connection } from './connection';
import { limitOf, PASSING, retryPolicy, type Announce } from './retry';
import { signInFailure, type SignInOutcome } from './signInFailures';

/** Tokens for Azure Resource Manager: one sign-in for a whole step, and a new one when Azure refuses it. */
export interface Tokens {
  get(signal: AbortSignal): Promise<string>;
  /** A token other than the one that was refused. */
  renew(refused: string, signal: AbortSignal): Promise<string>;
}

export interface SignInParts {
  readonly connection: Connection;
  readonly transport: HttpClient;
  /** Asks Azure DevOps for an OIDC token; needed for workload identity federation only. */
  readonly oidcToken: (limit: Limit) => Promise<string>;
  readonly clock: Clock;
  readonly announce: Announce;
  /** Told of every token before it is used, so that the agent masks it. */
  readonly onSecret: (secret: string) => void;
  readonly signal: AbortSignal;
}

/** How long a sign-in may take, silence and retries included: 42 seconds. */
const SIGN_IN_MS = 42_000;
/**
 * What the managed identity service answers while it is being set up or updated.
 * https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token#retry-guidance
 */
const NOT_YET = [404, 410];

/** Makes the tokens of one step. A failed sign-in throws JIT202, JIT203 or JIT601 to JIT604. */
export function createTokens(parts: SignInParts): Tokens {
  let current: Promise<AccessToken> | undefined;
  let currentToken = '';

  const signIn = (): Promise<AccessToken> => {
    // Whoever else is refused the old token meanwhile waits for this one.
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

  // A token is used until Azure refuses it: its end is told by clocks that this machine's may not agree with.
  const get = async (signal: AbortSignal): Promise<string> =>
    (await untilAborted(current ?? signIn(), signal)).token;

  return {
    get,
    renew(refused, signal) {
      // Of many calls that are refused at once, the first one signs in anew.
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
      // MSAL passes no signal on, and a pause must know how much time is left.
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
    // The library hands on whatever the service calls a token.
    if (typeof token?.token !== 'string') throw new TypeError('The credential gave no token.');
    return token;
  } catch (cause) {
    throw signInFailure(outcome, cause, parts.connection.identity);
  }
}

/** Asks for an OIDC token once: the library calls back twice for one sign-in, and an assertion is good for one. */
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

/** Settles with the work, or rejects when the signal fires: MSAL does not pass signals through. */
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
