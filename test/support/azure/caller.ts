import { request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import type { Principal } from './identity/principals';
import type { SimulatedAzure } from './simulatedAzure';

/** A response as it arrived, complete. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export interface Question {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * Sends one request to a simulated service on a connection of its own, and trusts the test authority. Rejects if the
 * connection breaks before the response is complete.
 */
export function send(
  azure: Pick<SimulatedAzure, 'caPem'>,
  url: string,
  question: Question = {},
): Promise<Reply> {
  const { method = 'GET', headers = {}, body } = question;
  const start = url.startsWith('https:') ? overHttps : overHttp;
  return new Promise((resolve, reject) => {
    const outgoing = start(url, { method, headers, ca: azure.caPem, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const received = Object.entries(response.headers).map(
          ([name, value]) => [name, String(value)] as const,
        );
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, headers: Object.fromEntries(received), text });
      });
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

/** Signs in with the principal's secret and returns Entra's response. */
export function requestToken(
  azure: SimulatedAzure,
  principal: Principal,
  fields: object = {},
): Promise<Reply> {
  const form = {
    grant_type: 'client_credentials',
    client_id: principal.clientId,
    client_secret: principal.secret ?? '',
    scope: `${azure.settings.armAudience}/.default`,
    ...fields,
  };
  return send(azure, `${azure.authorityUrl}/${principal.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  });
}

/** Calls ARM as one principal. Paths begin with a slash and include their api-version. */
export interface Caller {
  readonly token: string;
  ask(method: string, path: string, body?: unknown): Promise<Reply>;
}

/** Signs in and creates a caller. */
export async function createCaller(azure: SimulatedAzure, principal: Principal): Promise<Caller> {
  const reply = await requestToken(azure, principal);
  const { access_token: token } = JSON.parse(reply.text) as { readonly access_token: string };
  return {
    token,
    ask: (method, path, body) =>
      send(azure, azure.url + path, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
  };
}
