import { request } from 'node:https';
import { setTimeout as after } from 'node:timers';
import type { EchoAnswer } from '../domain/echo';
import type { Limit, PublicAddress } from '../world';
import type { Route, Ways } from './routes';

/** An address is 15 characters; whatever is longer than this is no address. */
const LONGEST_ANSWER = 2048;
const ANSWER_MS = 8000;

/** Asks address services over https and IPv4, so that they see the address that ssh will come from. */
export function createPublicAddress(ways: Ways, hasProxy: boolean): PublicAddress {
  return {
    hasProxy,
    ask: (services, way, limit) => {
      const route = way === 'direct' ? ways.direct : ways.asAgent;
      return Promise.all(services.map((service) => askOne(service, route(service), limit)));
    },
  };
}

function askOne(service: string, route: Route, limit: Limit): Promise<EchoAnswer> {
  return new Promise((resolve) => {
    const over = new AbortController();
    const stop = () => {
      over.abort();
    };
    const timer = after(stop, Math.min(ANSWER_MS, limit.remainingMs()));
    limit.signal.addEventListener('abort', stop);
    const finish = (answer: EchoAnswer) => {
      clearTimeout(timer);
      limit.signal.removeEventListener('abort', stop);
      resolve(answer);
    };
    const fail = (reason: string) => {
      finish({ service, kind: 'failure', reason });
    };
    const sent = request(
      service,
      {
        agent: route.agent,
        family: 4,
        signal: over.signal,
        headers: { Accept: 'text/plain', 'User-Agent': 'azure-pipelines-jit-vm-access' },
        ...(route.ca && { ca: [...route.ca] }),
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
          fail(reasonOf(error));
        });
        response.on('end', () => {
          const { statusCode = 0 } = response;
          if (statusCode === 200) finish({ service, kind: 'text', text: text.trim() });
          else fail(`status ${String(statusCode)}`);
        });
      },
    );
    sent.on('error', (error) => {
      fail(over.signal.aborted ? 'no answer in time' : reasonOf(error));
    });
    sent.end();
  });
}

const reasonOf = (error: Error): string => ('code' in error ? String(error.code) : error.message);
