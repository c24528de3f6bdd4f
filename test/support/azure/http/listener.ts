import {
  createServer as createHttp,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Refusal, type Answer } from './answers';
import { parseBody, type Call, type Incoming, type Kind, type Service } from './calls';
import type { ServerCertificate } from './certificates';
import { afflict, type Fault, type Target } from './faults';
import type { Records } from './records';

/** A request that a service supports: its kind, and how to respond. Responding can change the state. */
export interface Known {
  readonly kind: Kind;
  readonly answer: () => Answer | Promise<Answer>;
}

/** What a listener requires from the other parts. */
export interface Surroundings {
  readonly records: Records;
  readonly now: () => number;
  readonly take: (target: Target) => Fault;
  readonly strangerUrl: () => string;
  /** Returns the name with which tests can refer to an Authorization header. */
  readonly nameOf: (authorization: string) => string;
}

export interface Listener {
  /** `https://localhost:PORT`, or `http://…` without a certificate. */
  readonly url: string;
  /** Stops listening, and closes connections that hang. After that, the port refuses connections. */
  close(): Promise<void>;
}

/** Starts one service on a free port of 127.0.0.1. Without a certificate, it uses plain http. */
export async function listen(
  service: Service,
  surroundings: Surroundings,
  identify: (request: Incoming) => Known,
  certificate?: ServerCertificate,
): Promise<Listener> {
  const scheme = certificate ? 'https' : 'http';
  const onRequest: RequestListener = (message, response) => {
    serve(message, response, { service, scheme, surroundings, identify }).catch((error: unknown) => {
      surroundings.records.violate(
        `The simulation itself failed at ${String(message.url)}: ${String(error)}`,
      );
      message.socket.destroy();
    });
  };
  const server = certificate ? createHttps({ ...certificate }, onRequest) : createHttp(onRequest);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${scheme}://localhost:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

interface Serving {
  readonly service: Service;
  readonly scheme: string;
  readonly surroundings: Surroundings;
  readonly identify: (request: Incoming) => Known;
}

async function serve(message: IncomingMessage, response: ServerResponse, serving: Serving): Promise<void> {
  const { surroundings } = serving;
  const request = await read(message, serving);
  if (!request) return;
  const known = serving.identify(request);
  const target = { ...request, kind: known.kind };
  const answer = await afflict(
    surroundings.take(target),
    target,
    orRefusal(known.answer),
    surroundings.strangerUrl(),
  );
  surroundings.records.add(toCall(target, answer, surroundings));
  deliver(answer, message, response, surroundings.now());
}

const orRefusal = (answer: Known['answer']) => async (): Promise<Answer> => {
  try {
    return await answer();
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    throw error;
  }
};

/** Reads the complete request. Returns undefined if the caller closed the connection before its end. */
async function read(message: IncomingMessage, { service, scheme }: Serving): Promise<Incoming | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of message) chunks.push(chunk as Buffer);
  } catch {
    return undefined;
  }
  const origin = `${scheme}://${message.headers.host ?? 'localhost'}`;
  const [path = '/', ...query] = (message.url ?? '/').split('?');
  const headers = Object.entries(message.headers).map(([name, value]) => [name, String(value)] as const);
  return {
    service,
    method: message.method ?? 'GET',
    path,
    query: new URLSearchParams(query.join('?')),
    headers: Object.fromEntries(headers),
    text: Buffer.concat(chunks).toString('utf8'),
    origin,
  };
}

const GIVES_TOKENS: readonly Kind[] = ['token', 'oidc', 'imds'];

function toCall(target: Target, answer: Answer, { nameOf, now }: Surroundings): Call {
  const { kind, service, method, path, headers } = target;
  const authorization = headers['authorization'];
  const answered = answer.delivery === undefined || answer.delivery === 'whole' || answer.delivery === 'half';
  return {
    kind,
    service,
    method,
    path,
    query: Object.fromEntries(target.query),
    headers: authorization === undefined ? headers : { ...headers, authorization: nameOf(authorization) },
    body: parseBody(target.text, headers['content-type']),
    host: headers['host'] ?? '',
    atMs: now(),
    ...(answered ? { status: answer.status, answer: GIVES_TOKENS.includes(kind) ? '' : answer.text } : {}),
  };
}

function deliver(answer: Answer, message: IncomingMessage, response: ServerResponse, nowMs: number): void {
  if (answer.delayMs) {
    const { delayMs, ...rest } = answer;
    const { socket } = message;
    const giveUp = (): void => {
      clearTimeout(timer);
    };
    const timer = setTimeout(() => {
      socket.off('close', giveUp);
      deliver(rest, message, response, nowMs + delayMs);
    }, delayMs);
    socket.once('close', giveUp);
    return;
  }
  if (answer.delivery === 'hang') return;
  if (answer.delivery === 'reset') {
    message.socket.destroy();
    return;
  }
  response.sendDate = false;
  const body = Buffer.from(answer.text, 'utf8');
  response.writeHead(answer.status, {
    date: new Date(nowMs).toUTCString(),
    'content-length': body.length,
    ...answer.headers,
  });
  if (answer.delivery === 'half') {
    response.write(body.subarray(0, Math.floor(body.length / 2)), () => message.socket.destroy());
    return;
  }
  response.end(body);
}
