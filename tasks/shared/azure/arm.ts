import {
  createPipelineFromOptions,
  type HttpClient,
  type Pipeline,
  type PipelinePolicy,
  type PipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import { senselessAnswer } from '../messages/failures';
import { ProxyRefusedError } from '../messages/routes';
import type { Clock } from '../core/limits';
import { apiVersionPolicy, type VersionChange } from './apiVersions';
import { azureErrorOf } from './azureErrors';
import { isNestedDeeply, parseJson } from './parseJson';
import { congestionPolicy } from './congestion';
import { isReadingPost } from './readingOperations';
import { retryPolicy, type Announce } from './retry';
import type { Tokens } from './signIn';

export interface ArmParts {
  readonly armUrl: string;
  readonly tokens: Tokens;
  readonly transport: HttpClient;
  readonly clock: Clock;
  readonly announce: Announce;
  /** Called when an API version other than the requested one is used. */
  readonly onVersion: (change: VersionChange) => void;
}

/** Azure Resource Manager, with one sign-in, one retry policy, and one clock for all calls. */
export interface Arm {
  readonly url: string;
  /** Sends a request, with retries for transient errors. A response with an error status is returned, not thrown. */
  send(request: PipelineRequest): Promise<PipelineResponse>;
  /** Sends a request without retries, for requests that need a new decision before they are sent again. */
  sendOnce(request: PipelineRequest): Promise<PipelineResponse>;
  /**
   * Azure's clock in milliseconds since 1970: the `Date` of the last response plus the time since then. Throws JIT604
   * if no response had a valid `Date`.
   */
  readonly azureNow: () => number;
  /** Whether a request was sent over the network. If not, Azure cannot have carried it out. */
  readonly wasSent: (request: PipelineRequest) => boolean;
  /** Called before each pause. The retries of all calls use it. */
  readonly announce: Announce;
}

export function createArm(parts: ArmParts): Arm {
  const { armUrl, transport, clock } = parts;
  const azureClock = createAzureClock(clock);
  const sent = new WeakSet<PipelineRequest>();
  const versions = apiVersionPolicy(parts.onVersion);
  const congestion = congestionPolicy();
  const prepare = (pipeline: Pipeline, retries = true): Pipeline => {
    pipeline.removePolicy({ name: 'defaultRetryPolicy' });
    // Without a phase, a policy runs outside the retries.
    pipeline.addPolicy(versions);
    if (retries) pipeline.addPolicy(retryPolicy(clock, parts.announce, repeatable), { phase: 'Retry' });
    pipeline.addPolicy(originPolicy(new URL(armUrl).origin), { phase: 'Sign' });
    pipeline.addPolicy(tokenPolicy(parts.tokens), { phase: 'Sign' });
    pipeline.addPolicy(congestion, { afterPhase: 'Sign' });
    // A call that waits in the queue has not been sent.
    pipeline.addPolicy(answerPolicy(azureClock.observe, sent), { afterPolicies: [congestion.name] });
    return pipeline;
  };
  const plain = prepare(createPipelineFromOptions({}));
  const once = prepare(createPipelineFromOptions({}), false);
  return {
    url: armUrl,
    send: (request) => plain.sendRequest(transport, request),
    sendOnce: (request) => once.sendRequest(transport, request),
    azureNow: azureClock.now,
    wasSent: (request) => sent.has(request),
    announce: parts.announce,
  };
}

/** A POST requests access and must not be sent twice, unless it only reads. */
const repeatable = ({ method, url }: PipelineRequest): boolean =>
  method !== 'POST' || isReadingPost(new URL(url).pathname);

/** Sends the token only to the origin in the service connection, even if a page link names another host. */
function originPolicy(origin: string): PipelinePolicy {
  return {
    name: 'jitOriginPolicy',
    sendRequest(request, next) {
      const requested = new URL(request.url).origin;
      if (requested !== origin) {
        throw senselessAnswer(
          'Azure Resource Manager',
          `a link to another host, ${requested}, which was not followed`,
        );
      }
      return next(request);
    },
  };
}

/** Adds the token to requests. If Azure refuses the token (401), signs in again and sends the request once more. */
function tokenPolicy(tokens: Tokens): PipelinePolicy {
  return {
    name: 'jitTokenPolicy',
    async sendRequest(request, next) {
      const signal = (request.abortSignal as AbortSignal | undefined) ?? new AbortController().signal;
      const token = await tokens.get(signal);
      request.headers.set('Authorization', `Bearer ${token}`);
      const response = await next(request);
      if (response.status !== 401) return response;
      request.headers.set('Authorization', `Bearer ${await tokens.renew(token, signal)}`);
      return next(request);
    },
  };
}

/**
 * Checks that a successful response is a JSON object: otherwise, a proxy's page with status 200 would be read as an
 * empty result. The response to a deletion can be empty, and so can one that means that a request was accepted (202) or
 * that there is nothing to return (204). Network Watcher returns null for an operation in progress.
 */
function answerPolicy(
  observe: (response: PipelineResponse) => void,
  sent: WeakSet<PipelineRequest>,
): PipelinePolicy {
  return {
    name: 'jitAnswerPolicy',
    async sendRequest(request, next) {
      const wasSent = sent.has(request);
      if (!request.abortSignal?.aborted) sent.add(request);
      let response;
      try {
        response = await next(request);
      } catch (error) {
        if (error instanceof ProxyRefusedError && !wasSent) sent.delete(request);
        throw error;
      }
      const success = response.status >= 200 && response.status < 300;
      if (success && !makesSense(request, response)) {
        throw senselessAnswer('Azure Resource Manager', whatCame(response));
      }
      if (success || azureErrorOf(response)) observe(response);
      return response;
    },
  };
}

function makesSense({ method }: PipelineRequest, { status, headers, bodyAsText }: PipelineResponse): boolean {
  const body = parseJson(bodyAsText);
  if (method === 'DELETE') return !bodyAsText || body !== undefined;
  if ((status === 202 || status === 204) && (!bodyAsText || body === null)) return true;
  return /\bjson\b/i.test(headers.get('content-type') ?? '') && typeof body === 'object' && body !== null;
}

function whatCame({ status, headers, bodyAsText }: PipelineResponse): string {
  const answer = `status ${String(status)} with`;
  if (isNestedDeeply(bodyAsText ?? '')) return `${answer} too many lists or objects inside each other`;
  const type = headers.get('content-type');
  return `${answer} ${type ? `content of type ${type}` : 'no content type'} instead of a JSON object`;
}

/** The times that a clock can show. End times are calculated from them, and Azure reads years with four digits. */
const [EARLIEST, LATEST] = [Date.UTC(2000), Date.UTC(9000)];

function createAzureClock(clock: Clock): {
  readonly observe: (response: PipelineResponse) => void;
  readonly now: () => number;
} {
  let azureAt = Number.NaN;
  let seenAt = 0;
  return {
    observe(response: PipelineResponse): void {
      const date = Date.parse(response.headers.get('date') ?? '');
      // Also false for NaN.
      if (!(date >= EARLIEST && date <= LATEST)) return;
      azureAt = date;
      seenAt = clock.now();
    },
    now: (): number => {
      if (Number.isNaN(azureAt)) {
        throw senselessAnswer('Azure Resource Manager', 'no response has a Date header with a valid time');
      }
      return azureAt + (clock.now() - seenAt);
    },
  };
}
