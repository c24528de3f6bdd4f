import { createServer, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, TLSSocket } from 'node:tls';
import type { CertificateAuthority } from '../azure';

/** A response of the proxy itself instead of a tunnel. */
export interface ProxyAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** How the proxy handles the next requests for a tunnel. */
export type ProxyMood = 'tunnel' | 'refuse' | 'bad gateway' | 'close' | 'hang' | ProxyAnswer;

/** A request for a tunnel. */
export interface ProxyCall {
  /** `CONNECT`, or the method of a request without a tunnel. */
  readonly method: string;
  /** `localhost:4711`, or a whole URL. */
  readonly target: string;
  /** The name and the password as they were sent. Absent without credentials. */
  readonly credentials: string | undefined;
  /** True when a tunnel was opened. */
  readonly let: boolean;
}

export interface ProxyOptions {
  /** The credentials that are required, with Basic authentication (RFC 7617). */
  readonly username?: string;
  readonly password?: string;
  /** The targets of names that do not resolve to this machine, such as `management.azure.com`, as URLs on it. */
  readonly leads?: Readonly<Record<string, string>>;
  /** Intercepts every tunnel and reads the traffic, with certificates of this authority. */
  readonly inspects?: { readonly authority: CertificateAuthority; readonly trusts: string };
}

/** A proxy for CONNECT on 127.0.0.1. */
export interface Proxy {
  readonly url: string;
  readonly calls: readonly ProxyCall[];
  /** The ports that tunnels led to. */
  readonly ports: () => readonly string[];
  /** Tests can change it at any time. */
  mood: ProxyMood;
  close(): Promise<void>;
}

/** Starts a proxy. Close it at the end of the test. */
export async function startProxy(options: ProxyOptions = {}): Promise<Proxy> {
  const calls: ProxyCall[] = [];
  const sockets = new Set<Duplex>();
  const keep = (socket: Duplex): void => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
  };
  const note = (request: IncomingMessage, opened: boolean): void => {
    const { method = '', url = '' } = request;
    calls.push({ method, target: url, credentials: credentialsIn(request), let: opened });
  };
  const server = createServer((request, response) => {
    note(request, false);
    response.writeHead(405).end('Only CONNECT.');
  });
  const proxy: Proxy = {
    url: '',
    calls,
    ports: () => calls.filter((call) => call.let).map(({ target }) => target.split(':')[1] ?? ''),
    mood: 'tunnel',
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
        for (const socket of sockets) socket.destroy();
      }),
  };
  server.on('connection', keep);
  server.on('connect', (request: IncomingMessage, client: Duplex) => {
    keep(client);
    const opened = proxy.mood === 'tunnel' && isWelcome(request, options);
    note(request, opened);
    if (opened) tunnel(request, client, options, keep);
    else turnAway(client, proxy.mood);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(proxy, { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}` });
}

function credentialsIn({ headers }: IncomingMessage): string | undefined {
  const encoded = /^Basic (\S+)$/.exec(headers['proxy-authorization'] ?? '')?.[1];
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8');
}

function isWelcome(request: IncomingMessage, { username, password }: ProxyOptions): boolean {
  return username === undefined || credentialsIn(request) === `${username}:${password ?? ''}`;
}

function turnAway(client: Duplex, mood: ProxyMood): void {
  if (mood === 'hang') return;
  if (mood === 'close') {
    client.destroy();
    return;
  }
  const page = { body: '<html>The proxy does not let you.</html>' };
  const {
    status,
    headers = {},
    body = '',
  }: ProxyAnswer = typeof mood === 'object'
    ? mood
    : mood === 'bad gateway'
      ? { status: 502, ...page }
      : { status: 407, headers: { 'Proxy-Authenticate': 'Basic realm="proxy"' }, ...page };
  const lines = Object.entries({
    'Content-Type': 'text/html',
    'Content-Length': String(body.length),
    Connection: 'close',
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  client.end(`HTTP/1.1 ${String(status)} Answer\r\n${lines.join('')}\r\n${body}`);
}

function tunnel(
  { url = '' }: IncomingMessage,
  client: Duplex,
  { inspects, leads }: ProxyOptions,
  keep: (socket: Duplex) => void,
): void {
  const [host = 'localhost', requested = '443'] = url.split(':');
  const mapped = leads?.[host];
  const port = mapped === undefined ? requested : new URL(mapped).port;
  const welcome = (): void => void client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
  if (!inspects) {
    const server = connect(Number(port), '127.0.0.1', welcome);
    keep(server);
    server.pipe(client);
    client.pipe(server);
    return;
  }
  welcome();
  const inside = new TLSSocket(client, { isServer: true, ...inspects.authority.issueServer([host]) });
  const server = connectTls({
    port: Number(port),
    host: '127.0.0.1',
    servername: host,
    ca: [inspects.trusts],
  });
  keep(inside);
  keep(server);
  server.pipe(inside);
  inside.pipe(server);
}
