import {
  createDefaultHttpClient,
  isRestError,
  RestError,
  type Agent,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import { AbortError } from '@azure/abort-controller';
import { CodedError } from '../core/errors';
import { senselessAnswer } from '../messages/failures';
import { ProxyRefusedError } from '../messages/routes';
import { parseRefusalCode } from '../core/proxyRefusal';
import type { Clock } from '../core/limits';
import { withoutSentCredentials } from './credentials';
import { LARGEST_BODY, readBody } from './readBody';

/** The connections that a request uses, with the agent's proxy or without one, and the certificates that it trusts. */
export interface RequestRoute {
  readonly agent: Agent;
  /** The trusted certificates, as Node represents them. If absent, Node's default applies. */
  readonly secureContext: object | undefined;
  /** The URL of the proxy, if the request uses one. */
  readonly proxy: string | undefined;
}

export type RouteFinder = (url: string) => RequestRoute;

/** The code of the `RestError` for an attempt without a response. */
export const NO_ANSWER = 'ETIMEDOUT';

/**
 * Sends one request by the agent's route, and cancels it after `attemptMs` milliseconds.
 *
 * The SDK's own timeout ends with the headers, its proxy policy drops the certificates, and a response that breaks off
 * inside a compressed body never ends. For these reasons, the complete attempt has its own timeout here. The SDK reads
 * a body to its end, regardless of its size, so the body is read here too: one that is larger than `LARGEST_BODY` is
 * JIT604, and its connection is closed.
 *
 * If the proxy responds instead of connecting to the host, that is a `ProxyRefusedError` and not a response. No
 * redirect is followed, because every request has a token or a credential, or requests one.
 */
export function createTransport(routes: RouteFinder, clock: Clock, attemptMs: number): HttpClient {
  const client = createDefaultHttpClient();
  return {
    async sendRequest(request: PipelineRequest): Promise<PipelineResponse> {
      const route = routes(request.url);
      const over = new AbortController();
      const done = new AbortController();
      const signal = over.signal;
      const stop = () => {
        over.abort();
      };
      const outer = request.abortSignal;
      if (outer?.aborted) throw new AbortError('The run ended before the request was sent.');
      outer?.addEventListener('abort', stop);
      void clock.sleep(attemptMs, done.signal).then(stop);
      const attempt: PipelineRequest = {
        ...request,
        agent: route.agent,
        // For every status: the SDK decodes the body, but does not read it.
        streamResponseStatusCodes: new Set([Infinity]),
        ...(route.secureContext && { requestOverrides: { secureContext: route.secureContext } }),
      };
      try {
        const { response, text } = await Promise.race([
          sendAndRead(client, attempt, signal),
          rejectWhen(signal),
        ]);
        if (text === undefined) {
          const { host } = new URL(request.url);
          throw senselessAnswer(host, `it is larger than ${String(LARGEST_BODY / 2 ** 20)} MiB`);
        }
        return withoutRedirect(withoutSentCredentials(request, { ...response, request, bodyAsText: text }));
      } catch (error) {
        if (error instanceof CodedError) throw error;
        const refused = isRestError(error) ? parseRefusalCode(error.code) : undefined;
        if (refused !== undefined) {
          const { host } = new URL(request.url);
          throw new ProxyRefusedError(host, route.proxy ?? '', refused, { cause: error });
        }
        if (outer?.aborted) throw new AbortError('The run ended while the request was in progress.');
        if (signal.aborted) {
          const text = `No answer within ${String(attemptMs / 1000)} seconds.`;
          throw new RestError(text, { code: NO_ANSWER, request });
        }
        throw error;
      } finally {
        done.abort();
        outer?.removeEventListener('abort', stop);
      }
    },
  };
}

/**
 * Returns a response with its text, or without the text if it is too large. After the headers, the signal ends the body
 * and not the request: the SDK's cancellation would destroy the connection with an error that nothing handles if the
 * complete response is already there.
 */
async function sendAndRead(
  client: HttpClient,
  request: PipelineRequest,
  signal: AbortSignal,
): Promise<{ readonly response: PipelineResponse; readonly text: string | undefined }> {
  const sending = new AbortController();
  const stop = () => {
    sending.abort();
  };
  signal.addEventListener('abort', stop, { once: true });
  const sent = { ...request, abortSignal: sending.signal };
  const { readableStreamBody: body, ...response } = await client.sendRequest(sent);
  signal.removeEventListener('abort', stop);
  return { response, text: body ? await readBody(body, signal) : '' };
}

/** Removes the location of a redirect, because the SDK's clients, including those of the sign-in, would follow it. */
function withoutRedirect(response: PipelineResponse): PipelineResponse {
  if (response.status >= 300 && response.status < 400) response.headers.delete('location');
  return response;
}

function rejectWhen(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener(
      'abort',
      () => {
        reject(new AbortError('The attempt was given up.'));
      },
      { once: true },
    );
  });
}
