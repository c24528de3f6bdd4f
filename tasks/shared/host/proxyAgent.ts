import type { Agent } from 'node:http';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { toRefusalCode } from '../core/proxyRefusal';

/** The agent's proxy. Name and password are as the administrator typed them, not encoded. */
export interface Proxy {
  /** `http://proxy.contoso.com:8080`, without a name or a password. */
  readonly url: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
}

/** Name and password as the proxy gets them (RFC 7617). */
export const toBasic = ({ username = '', password = '' }: Proxy): string =>
  Buffer.from(`${username}:${password}`, 'utf8').toString('base64');

/**
 * Connections by way of a proxy. A proxy that gives no way to a host answers CONNECT itself, in clear text: nothing of
 * that answer may be taken for the host's, so it is an error with a code of `proxyRefusal`. (HttpsProxyAgent would hand
 * the answer on as the host's own.)
 */
export function createProxyAgent(
  proxy: Proxy,
  options: ConstructorParameters<typeof HttpsProxyAgent>[1],
): Agent {
  // Not in the URL, which would be decoded again, and written to the debug output of the library.
  const headers = proxy.username ? { 'Proxy-Authorization': `Basic ${toBasic(proxy)}` } : {};
  const agent = new HttpsProxyAgent(proxy.url, { ...options, headers });
  const connect = agent.connect.bind(agent);
  agent.connect = async (request, target) => {
    let status = 0;
    request.once('proxyConnect', ({ statusCode }: { readonly statusCode: number }) => {
      status = statusCode;
    });
    const refusal = (): Error => {
      const code = toRefusalCode(Number.isInteger(status) && status < 1000 ? status : 0);
      return Object.assign(new Error('The proxy opened no connection.'), { code });
    };
    let socket;
    try {
      socket = await connect(request, target);
    } catch (error) {
      // The library's own have no code: the proxy hung up, or its answer cannot be read.
      throw error instanceof TypeError || (error instanceof Error && 'code' in error) ? error : refusal();
    }
    if (status === 200) return socket;
    socket.destroy();
    throw refusal();
  };
  return agent;
}
