import { createServer, request as send } from 'node:https';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { processAuthority, SERVER_NAMES } from '../../../test/support/azure';

/** A recorded call, in which `{arm}` replaces the address of Azure Resource Manager. */
export interface Recorded {
  readonly method: string;
  /** Encoded, and without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly answer: string;
}

/**
 * Forwards calls between a task and Azure. A task uses the addresses in its connection, so it can be recorded without a
 * special option.
 */
export interface Forwarder {
  /** The address of Azure Resource Manager for the connection. */
  readonly armUrl: string;
  /**
   * The address of the sign-in for the connection. Any client with any secret receives the token of the recording user.
   */
  readonly authorityUrl: string;
  /** A PEM file with the authority to trust. */
  readonly caFile: string;
  readonly calls: readonly Recorded[];
  close(): Promise<void>;
}

export interface ForwarderParts {
  /** The real address of Azure Resource Manager, without a slash at the end. */
  readonly armUrl: string;
  readonly token: () => Promise<string>;
  /** Authorities to trust for Azure, in addition to Node's. */
  readonly ca?: string;
}

/** The response headers that matter to a client. */
const KEPT = ['date', 'content-type', 'retry-after', 'location', 'azure-asyncoperation', 'www-authenticate'];
/** The request headers that only concern one connection. */
const OWN = ['host', 'connection', 'content-length', 'accept-encoding', 'transfer-encoding'];

/** Starts both servers on free ports of this machine. */
export async function startForwarder(parts: ForwarderParts): Promise<Forwarder> {
  const calls: Recorded[] = [];
  const certificate = processAuthority().issueServer(SERVER_NAMES);
  const listen = async (answer: (message: IncomingMessage, response: ServerResponse) => Promise<void>) => {
    const server = createServer(certificate, (message, response) => {
      answer(message, response).catch(() => {
        message.socket.destroy();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { server, url: `https://localhost:${String((server.address() as AddressInfo).port)}` };
  };
  const arm = await listen((message, response) => forward(message, response, parts, arm.url, calls));
  const entra = await listen((message, response) => signIn(message, response, parts));
  return {
    armUrl: arm.url,
    authorityUrl: entra.url,
    caFile: processAuthority().caFile,
    calls,
    async close() {
      await Promise.all(
        [arm, entra].map(
          ({ server }) =>
            new Promise((resolve) => {
              server.close(resolve);
              server.closeAllConnections();
            }),
        ),
      );
    },
  };
}

async function forward(
  message: IncomingMessage,
  response: ServerResponse,
  { armUrl, ca }: ForwarderParts,
  ownUrl: string,
  calls: Recorded[],
): Promise<void> {
  const [path = '/', search = ''] = (message.url ?? '/').split('?');
  const body = await textOf(message);
  const method = message.method ?? 'GET';
  const answered = await exchange(armUrl + (message.url ?? ''), method, headersOf(message.headers), body, ca);
  const text = await textOf(answered);
  const status = answered.statusCode ?? 502;
  const headers = Object.fromEntries(
    KEPT.flatMap((name) => {
      const value = answered.headers[name];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
  const withPlace = (original: string, place: string): string => original.replaceAll(armUrl, place);
  const placed = (place: string) =>
    Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, withPlace(value, place)]));
  calls.push({
    ...{ method, path, query: Object.fromEntries(new URLSearchParams(search)), body, status },
    ...{ headers: placed('{arm}'), answer: withPlace(text, '{arm}') },
  });
  response.sendDate = false;
  response.writeHead(status, placed(ownUrl));
  response.end(withPlace(text, ownUrl));
}

function exchange(
  url: string,
  method: string,
  headers: Record<string, string>,
  body: string,
  ca: string | undefined,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = send(url, { method, headers, ...(ca !== undefined && { ca }) }, resolve);
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

const headersOf = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' && !OWN.includes(name) ? [[name, value]] : [],
    ),
  );

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Responds to a sign-in like Microsoft Entra ID, with the addresses of its endpoints, and a token. */
async function signIn(
  message: IncomingMessage,
  response: ServerResponse,
  { token }: ForwarderParts,
): Promise<void> {
  await textOf(message);
  const base = `https://${message.headers.host ?? ''}/${message.url?.split('/')[1] ?? ''}`;
  const isToken = message.method === 'POST';
  const body = isToken
    ? { token_type: 'Bearer', expires_in: 3599, access_token: await token() }
    : {
        ...{ issuer: `${base}/v2.0`, token_endpoint: `${base}/oauth2/v2.0/token` },
        ...{ authorization_endpoint: `${base}/oauth2/v2.0/authorize`, jwks_uri: `${base}/keys` },
      };
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
