import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { ARM } from '../../../scripts/live/scrub/scrubber';
import type { Session, SessionCall } from '../../../scripts/live/record/session';
import { processAuthority, SERVER_NAMES } from '../azure';

/** A server that responds as in a recorded session. */
export interface Replay {
  /** The URL of both Azure Resource Manager and the sign-in. */
  readonly url: string;
  readonly caFile: string;
  /** The requests in order, such as `GET /subscriptions/…`. */
  readonly asked: readonly string[];
  /** The requests that are not in the session. */
  readonly strange: readonly string[];
  close(): Promise<void>;
}

/**
 * Starts the server. The responses for one URL are sent in the order of the recording, with its delays. The last one is
 * repeated.
 */
export async function startReplay(session: Session): Promise<Replay> {
  const answers = new Map<string, SessionCall[]>();
  for (const call of session.calls) {
    const key = keyOf(call.method, call.path, call.query);
    answers.set(key, [...(answers.get(key) ?? []), call]);
  }
  const asked: string[] = [];
  const strange: string[] = [];
  const server = createServer(processAuthority().issueServer(SERVER_NAMES), (message, response) => {
    message.resume();
    message.once('end', () => {
      const [path = '/', search = ''] = (message.url ?? '/').split('?');
      const url = `https://${message.headers.host ?? ''}`;
      const method = message.method ?? 'GET';
      if (isSignIn(path)) {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(signInAnswer(path, url)));
        return;
      }
      asked.push(`${method} ${path}`);
      const key = keyOf(method, path, Object.fromEntries(new URLSearchParams(search)));
      const queue = answers.get(key) ?? [];
      const call = queue.length > 1 ? queue.shift() : queue[0];
      if (!call) strange.push(`${method} ${message.url ?? ''}`);
      response.sendDate = false;
      response.writeHead(call?.status ?? 404, placed(call?.headers ?? {}, url));
      response.end(call ? bodyOf(call, url) : '');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    caFile: processAuthority().caFile,
    ...{ asked, strange },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** IDs can be in any case, and parameters in any order. */
const keyOf = (method: string, path: string, query: Readonly<Record<string, string>>): string =>
  [
    method,
    decodeURIComponent(path).toLowerCase(),
    ...Object.entries(query)
      .map(([name, value]) => `${name}=${value}`)
      .sort(),
  ].join(' ');

const placed = (headers: Readonly<Record<string, string>>, url: string): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.replaceAll(ARM, url)]));

function bodyOf({ answer }: SessionCall, url: string): string {
  const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
  return text.replaceAll(ARM, url);
}

const isSignIn = (path: string): boolean =>
  /\/(oauth2\/v2\.0\/token|\.well-known\/openid-configuration)$/.test(path);

function signInAnswer(path: string, url: string): object {
  if (path.endsWith('/token'))
    return { token_type: 'Bearer', expires_in: 3599, access_token: 'the-token-of-a-replay' };
  const base = `${url}/${path.split('/')[1] ?? ''}`;
  return {
    ...{ issuer: `${base}/v2.0`, token_endpoint: `${base}/oauth2/v2.0/token` },
    ...{ authorization_endpoint: `${base}/oauth2/v2.0/authorize`, jwks_uri: `${base}/keys` },
  };
}
