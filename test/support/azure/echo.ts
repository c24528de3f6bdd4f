import { empty, html, plain, type Answer } from './http/answers';
import type { Incoming } from './http/calls';
import type { Known } from './http/listener';

/** The answer of an address service. `close` closes the connection, `hang` never answers. */
export type EchoAnswer =
  | { readonly text: string; readonly status?: number; readonly delayMs?: number }
  | 'html'
  | 'empty'
  | 'hang'
  | 'close';

/** One of the services that tell a caller its address. Every path has the same answer. */
export interface EchoService {
  readonly url: string;
  /** Tests can change it at any time. */
  answer: EchoAnswer;
}

function toAnswer(answer: EchoAnswer): Answer {
  if (answer === 'html') return html();
  if (answer === 'empty') return plain(200, '');
  if (answer === 'hang') return { ...empty(0), delivery: 'hang' };
  if (answer === 'close') return { ...empty(0), delivery: 'reset' };
  const { text, status = 200, delayMs = 0 } = answer;
  return { ...plain(status, text), delayMs };
}

/**
 * Creates the behavior of the service. Sending credentials to it is a violation, because it belongs to a third party.
 */
export function createEcho(
  answer: () => EchoAnswer,
  violate: (sentence: string) => void,
): (request: Incoming) => Known {
  return (request) => ({
    kind: 'echo',
    answer: () => {
      const { method, headers, path, service } = request;
      if (method !== 'GET') violate(`${service} was asked ${method} ${path} instead of GET.`);
      const secrets = ['authorization', 'cookie', 'metadata'].filter((name) => headers[name] !== undefined);
      if (secrets.length > 0) violate(`${service} was sent ${secrets.join(' and ')}.`);
      return toAnswer(answer());
    },
  });
}
