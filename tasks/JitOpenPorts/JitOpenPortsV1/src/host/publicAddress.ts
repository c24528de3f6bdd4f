import { request } from 'node:https';
import type { EchoAnswer } from '../plan/echo';
import { withLimit, type Limit } from '../../../../shared/core/limits';
import { proxyAnswer } from '../../../../shared/messages/routes';
import { parseRefusalCode } from '../../../../shared/core/proxyRefusal';
import { systemClock } from '../../../../shared/host/clock';
import type { Route, Routes } from '../../../../shared/host/routes';

/** Queries all address services at the same time, directly or through the proxy. */
export interface PublicAddress {
  query(services: readonly string[], by: 'direct' | 'proxy', limit: Limit): Promise<readonly EchoAnswer[]>;
  /** Whether the agent has a proxy through which the services can also be queried. */
  readonly hasProxy: boolean;
}

/** The maximum length of a response, in characters. An address has at most 15, so anything longer is not an address. */
const LONGEST_ANSWER = 2048;
const ANSWER_MS = 8000;
/** Pauses in milliseconds before a service with a temporary error is queried again. */
const PAUSES_MS: readonly number[] = [500, 1500];
const PASSING: readonly number[] = [408, 409, 429, 500, 502, 503, 504];
const BROKEN: readonly string[] = ['ECONNRESET', 'EPIPE', 'EAI_AGAIN', 'ETIMEDOUT'];
const LATE = 'no answer in time';

/**
 * Creates the client for address services. It uses HTTPS and IPv4, so that the services see the address that SSH
 * connections come from.
 */
export function createPublicAddress(routes: Routes, hasProxy: boolean): PublicAddress {
  return {
    hasProxy,
    query: (services, by, limit) => {
      const route = by === 'direct' ? routes.direct : routes.asAgent;
      return Promise.all(
        services.map((service) =>
          withLimit(systemClock, limit.signal, Math.min(ANSWER_MS, limit.remainingMs()), (own) =>
            queryUntilAnswered(service, route(service), own),
          ),
        ),
      );
    },
  };
}

/** Queries a service again after a temporary error: a broken connection, throttling, or a server error. */
async function queryUntilAnswered(service: string, route: Route, limit: Limit): Promise<EchoAnswer> {
  for (let attempt = 0; ; attempt++) {
    const { answer, passes } = await queryOnce(service, route, limit);
    const waitMs = PAUSES_MS[attempt];
    if (!passes || waitMs === undefined || limit.remainingMs() <= waitMs) return answer;
    await systemClock.sleep(waitMs, limit.signal);
  }
}

interface Attempt {
  readonly answer: EchoAnswer;
  /** Whether another query might help. */
  readonly passes: boolean;
}

function queryOnce(service: string, route: Route, limit: Limit): Promise<Attempt> {
  return new Promise((resolve) => {
    const { signal } = limit;
    const finish = (answer: EchoAnswer, passes = false) => {
      resolve({ answer, passes });
    };
    const fail = (reason: string, passes = false) => {
      finish({ service, kind: 'failure', reason }, passes);
    };
    const sent = request(
      service,
      {
        agent: route.agent,
        family: 4,
        signal,
        headers: { Accept: 'text/plain', 'User-Agent': 'azure-pipelines-jit-vm-access' },
        ...(route.secureContext && { secureContext: route.secureContext }),
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => {
          text += part;
          if (text.length > LONGEST_ANSWER) {
            fail(`an answer longer than ${String(LONGEST_ANSWER)} characters`);
            response.destroy();
          }
        });
        response.on('error', (error) => {
          fail(signal.aborted ? LATE : reasonOf(error), BROKEN.includes(reasonOf(error)));
        });
        response.on('end', () => {
          const { statusCode = 0 } = response;
          if (statusCode === 200) finish({ service, kind: 'text', text: text.trim() });
          else fail(`status ${String(statusCode)}`, PASSING.includes(statusCode));
        });
      },
    );
    // Without a listener, Node closes the connection, and the request has neither a response nor an error.
    sent.on('upgrade', (response, socket) => {
      socket.destroy();
      fail(`status ${String(response.statusCode)}`);
    });
    sent.on('error', (error) => {
      const refused = parseRefusalCode(reasonOf(error));
      if (refused !== undefined) fail(proxyAnswer(route.proxy ?? '', refused), PASSING.includes(refused));
      else fail(signal.aborted ? LATE : reasonOf(error), BROKEN.includes(reasonOf(error)));
    });
    sent.end();
  });
}

const reasonOf = (error: Error): string => ('code' in error ? String(error.code) : error.message);
