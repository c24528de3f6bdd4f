import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** A proxy on 127.0.0.1 that records its requests. */
export interface TestProxy {
  readonly url: string;
  /** Hosts and ports of the tunnels, in order. */
  readonly tunnels: readonly string[];
  /** The decoded `Proxy-Authorization` headers, or empty texts without one. */
  readonly credentials: readonly string[];
  close(): Promise<void>;
}

/** @param answer the response to every request, instead of a tunnel */
export async function startProxy(answer?: string): Promise<TestProxy> {
  const tunnels: string[] = [];
  const credentials: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer();
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    tunnels.push(request.url ?? '');
    const [, encoded = ''] = (request.headers['proxy-authorization'] ?? '').split(' ');
    credentials.push(Buffer.from(encoded, 'base64').toString());
    if (answer !== undefined) {
      socket.on('error', () => undefined);
      socket.end(answer);
      return;
    }
    const [host = '', port = ''] = (request.url ?? '').split(':');
    const target = connect(Number(port), host === 'localhost' ? '127.0.0.1' : host, () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      target.pipe(socket).pipe(target);
    });
    for (const end of [socket, target]) {
      sockets.add(end);
      end.on('error', () => undefined);
    }
  });
  await listen(server);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tunnels,
    credentials,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return close(server);
    },
  };
}

export const listen = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });

export const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
