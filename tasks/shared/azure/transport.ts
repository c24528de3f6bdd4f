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
 * breaks off inside a compressed body never ends; so the whole attempt is raced here. The SDK reads a body to its end,
 * however large it is, so it is read here: one that is larger than `LARGEST_BODY` is JIT604, and its connection is closed.
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
        agent: route.agent,
        // Of every status: the SDK decodes the body, and leaves reading it to this.
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
 * An answer with its text; without the text where that is too large. Once an answer has begun, it is ended by its body: the
 * SDK's way to give up breaks the connection with an error, which nobody hears when all of the answer is there already.
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
