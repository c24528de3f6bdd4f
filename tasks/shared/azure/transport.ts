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
import { ProxyRefusedError } from '../messages/routes';
import { parseRefusalCode } from '../core/proxyRefusal';
import type { Clock } from '../core/limits';
import { withoutSentCredentials } from './credentials';

/** Which connections a request travels by: the agent's proxy or none, and the certificates to trust. */
export interface RequestRoute {
  readonly agent: Agent;
  /** What is trusted, as Node has it; absent: what Node trusts anyway. */
  readonly secureContext: object | undefined;
  /** The URL of the proxy on the way. */
  readonly proxy: string | undefined;
}

export type RouteFinder = (url: string) => RequestRoute;

/** The code of the `RestError` that stands for an attempt without an answer. */
export const NO_ANSWER = 'ETIMEDOUT';

/**
 * Sends one request by the route that the agent prescribes, and gives up after `attemptMs`.
 *
 * The SDK's own time-out ends with the headers, its proxy policy drops the certificates, and an answer that
 * breaks off inside a compressed body never ends; so the whole attempt is raced here.
 *
 * An answer of the proxy in place of a way to the host is a `ProxyRefusedError`, and no answer. No redirect is followed:
 * whatever is sent here carries a token or a credential, or asks for one.
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
        abortSignal: signal,
        agent: route.agent,
        ...(route.secureContext && { requestOverrides: { secureContext: route.secureContext } }),
      };
      try {
        const response = await Promise.race([client.sendRequest(attempt), rejectWhen(signal)]);
        return withoutRedirect(withoutSentCredentials(request, { ...response, request }));
      } catch (error) {
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

/** The SDK's clients, those of the sign-in among them, follow where this header leads. */
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
