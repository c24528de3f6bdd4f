import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

/**
 * What happens to a TCP connection: `accept` accepts it; `refused` answers with a reset, like a host on which nothing
 * listens; `reset` accepts it and closes it immediately; `silent` never answers the handshake, like a firewall that
 * drops packets.
 */
export type TcpBehaviour = 'accept' | 'refused' | 'reset' | 'silent';

export interface TcpTarget {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** Returns the number of connections that were accepted so far. */
  connections(): number;
  close(): Promise<void>;
}

/** Starts a target to probe on a free port of 127.0.0.1. `silent` requires Linux, where full queues drop handshakes. */
export async function startTcp({ behaviour }: { readonly behaviour: TcpBehaviour }): Promise<TcpTarget> {
  if (behaviour === 'silent') return startSilent();
  const sockets = new Set<Socket>();
  let count = 0;
  const server = createServer((socket) => {
    count += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    if (behaviour === 'reset') socket.resetAndDestroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => {
        resolve();
      });
      for (const socket of sockets) socket.destroy();
    });
  if (behaviour === 'refused') await close();
  return { host: '127.0.0.1', port, connections: () => count, close: behaviour === 'refused' ? done : close };
}

const done = (): Promise<void> => Promise.resolve();

// The thread listens and then sleeps. Nothing accepts connections, so the kernel's queue fills up, and later handshakes
// are dropped.
const SLEEPING_LISTENER = `
  const { workerData, parentPort } = require('node:worker_threads');
  const server = require('node:net').createServer();
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    Atomics.wait(new Int32Array(workerData), 0, 0);
    server.close();
    process.exit(0);
  });
`;

async function startSilent(): Promise<TcpTarget> {
  const bell = new SharedArrayBuffer(4);
  const worker = new Worker(SLEEPING_LISTENER, { eval: true, workerData: bell });
  const port = await new Promise<number>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  const fillers = await fillQueue(port);
  return {
    host: '127.0.0.1',
    port,
    connections: () => 0,
    async close() {
      for (const filler of fillers) filler.destroy();
      const ended = new Promise((resolve) => worker.once('exit', resolve));
      Atomics.store(new Int32Array(bell), 0, 1);
      Atomics.notify(new Int32Array(bell), 0);
      await ended;
    },
  };
}

/**
 * On Linux, a queue with a backlog of 1 holds two connections. This opens more than it can hold, and the others stay
 * pending.
 */
async function fillQueue(port: number): Promise<readonly Socket[]> {
  const fillers = Array.from({ length: 6 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
  let taken = 0;
  await new Promise<void>((resolve) => {
    for (const filler of fillers) {
      filler.once('connect', () => {
        taken += 1;
        if (taken === 2) resolve();
      });
    }
  });
  return fillers;
}
