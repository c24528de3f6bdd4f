import {
  isRestError,
  type PipelinePolicy,
  type PipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import { waitTooLong } from '../messages/failures';
import { ProxyRefusedError } from '../messages/routes';
import type { Limit, Clock } from '../core/limits';
import { refusalOf } from './refusals';
import { NO_ANSWER } from './transport';

/** The limits of the calls by their signals. A pipeline passes nothing else on. */
export const limitOf = new WeakMap<AbortSignal, Limit>();

/** Called before each pause, so that a step can log that it waits. */
export type Announce = (pause: { readonly reason: string; readonly waitMs: number }) => void;

/** Transient statuses. 408: the server stopped reading; 409: another operation is in progress. */
export const PASSING = [408, 409, 429, 500, 502, 503, 504] as const;

/** The transient statuses after which nothing was carried out: safe for a request that must not be sent twice. */
export const NOT_CARRIED_OUT: readonly number[] = [409, 429];

/** The description of an error that has no code. */
export const BROKEN = 'a broken connection';

/** Certificate errors are not transient. */
const LASTING = /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|EPROTO|ERR_SSL/;

const RETRIES = 3;
const THROTTLED_RETRIES = 6;
/**
 * The pause before the first retry in milliseconds, if the response requires none and does not throttle. Each later
 * pause is twice as long. No pause is shorter, even if a response requires less.
 */
export const FIRST_PAUSE_MS = 500;

/** One second, in milliseconds. A pause up to this length never ends a call with JIT601: the time is over anyway. */
const SHORT_PAUSE_MS = 1000;

/**
 * Sends a request again after a transient error: throttling, a server error, or a broken connection. Follows
 * `Retry-After`, but no pause is shorter than `FIRST_PAUSE_MS`. Throws JIT601 at once if throttling or `Retry-After`
 * requires a pause that is longer than the remaining time.
 *
 * @param passing the transient statuses of a request that can be repeated
 */
export function retryPolicy(
  clock: Clock,
  announce: Announce,
  repeatable: (request: PipelineRequest) => boolean,
  passing: readonly number[] = PASSING,
): PipelinePolicy {
  return {
    name: 'jitRetryPolicy',
    async sendRequest(request, next) {
      for (let attempt = 0; ; attempt++) {
        let response: PipelineResponse | undefined;
        let error: unknown;
        try {
          response = await next(request);
        } catch (thrown) {
          error = thrown;
        }
        const trouble = troubleOf(repeatable(request) ? passing : undefined, response, error);
        if (!trouble || attempt >= trouble.retries) {
          if (response) return response;
          throw error;
        }
        const requested = retryAfterMs(response);
        const waitMs = Math.max(
          requested ?? (trouble.throttled ? 2000 : FIRST_PAUSE_MS) * 2 ** attempt,
          FIRST_PAUSE_MS,
        );
        const signal = request.abortSignal as AbortSignal | undefined;
        const left = (signal && limitOf.get(signal)?.remainingMs()) ?? Infinity;
        if (waitMs > Math.max(left, SHORT_PAUSE_MS)) {
          if (trouble.throttled || requested !== undefined) {
            throw waitTooLong(trouble.reason, waitMs, trouble.throttled, error);
          }
          if (response) return response;
          throw error;
        }
        announce({ reason: trouble.reason, waitMs });
        await clock.sleep(waitMs, signal ?? new AbortController().signal);
        if (!signal?.aborted) continue;
        // The time is over. The last error is more informative than that.
        if (response) return response;
        throw error;
      }
    },
  };
}

interface Trouble {
  readonly reason: string;
  readonly retries: number;
  readonly throttled: boolean;
}

/** @param passing the transient statuses; absent for a request that must not be sent twice */
function troubleOf(
  passing: readonly number[] | undefined,
  response: PipelineResponse | undefined,
  error: unknown,
): Trouble | undefined {
  if (response) {
    const { status } = response;
    // A lock is also a conflict, but waiting does not remove it.
    if (status === 409 && refusalOf(response)) return undefined;
    if (!(passing ?? NOT_CARRIED_OUT).includes(status)) return undefined;
    const throttled = status === 429;
    return {
      reason: `status ${String(status)}`,
      retries: throttled ? THROTTLED_RETRIES : RETRIES,
      throttled,
    };
  }
  // Nothing was sent, so every request can be sent again.
  if (error instanceof ProxyRefusedError) {
    const { status } = error;
    if (status !== 0 && !PASSING.some((passing) => passing === status)) return undefined;
    const reason =
      status === 0 ? 'the proxy gave no status' : `the proxy responded with status ${String(status)}`;
    return { reason, retries: RETRIES, throttled: false };
  }
  if (!passing || !isRestError(error) || error.statusCode !== undefined) return undefined;
  if (LASTING.test(error.code ?? '')) return undefined;
  // A step waits for at most two attempts without a response.
  const retries = error.code === NO_ANSWER ? 1 : RETRIES;
  return { reason: error.code ?? BROKEN, retries, throttled: false };
}

/**
 * Returns `Retry-After` in milliseconds. The header can have seconds, an HTTP date (RFC 9110, 10.2.3; compared with the
 * response's own `Date`), or one of Azure's millisecond forms.
 */
export function retryAfterMs(response: PipelineResponse | undefined): number | undefined {
  if (!response) return undefined;
  for (const name of ['retry-after-ms', 'x-ms-retry-after-ms']) {
    const text = response.headers.get(name);
    if (text && /^\d+$/.test(text)) return Number(text);
  }
  const text = response.headers.get('retry-after');
  if (!text) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  // A date begins with the name of a day (RFC 9110, 5.6.7). JavaScript would parse 1.5 or -1 as a date.
  if (!/^[A-Za-z]{3,9},? /.test(text)) return undefined;
  const until = Date.parse(text);
  const now = Date.parse(response.headers.get('date') ?? '');
  return Number.isNaN(until) || Number.isNaN(now) ? undefined : Math.max(0, until - now);
}
