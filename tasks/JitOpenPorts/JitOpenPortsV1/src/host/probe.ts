import { connect } from 'node:net';
import type { Limit } from '../../../../shared/core/limits';

export interface Probe {
  /** Tries one TCP connection, for at most five seconds. */
  connect(host: string, port: number, limit: Limit): Promise<ProbeAnswer>;
}

/**
 * `open`: something answered. `refused`: the connection is allowed, but nothing listens. `silent`: no answer in time.
 * `unresolved`: name servers returned no address for the host.
 */
export type ProbeAnswer = 'open' | 'refused' | 'silent' | 'unresolved';

const ANSWER_MS = 5000;

/** Connects as SSH would: directly, never through a proxy. */
export const tcpProbe: Probe = {
  connect: (host, port, limit) =>
    new Promise((resolve) => {
      if (limit.signal.aborted) {
        resolve('silent');
        return;
      }
      const socket = connect({ host, port });
      const stop = () => {
        socket.destroy();
        limit.signal.removeEventListener('abort', stop);
        resolve('silent');
      };
      const answer = (found: ProbeAnswer) => {
        limit.signal.removeEventListener('abort', stop);
        socket.destroy();
        resolve(found);
      };
      limit.signal.addEventListener('abort', stop);
      socket.setTimeout(Math.max(1, Math.min(ANSWER_MS, limit.remainingMs())), stop);
      socket.once('connect', () => {
        answer('open');
      });
      socket.once('error', (error) => {
        if ('syscall' in error && error.syscall === 'getaddrinfo') {
          answer('unresolved');
          return;
        }
        // A reset comes from the other end, so the rules allow the packets.
        const code = 'code' in error ? error.code : '';
        answer(code === 'ECONNREFUSED' || code === 'ECONNRESET' ? 'refused' : 'silent');
      });
    }),
};
