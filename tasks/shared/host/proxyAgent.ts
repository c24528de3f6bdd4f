import type { Agent } from 'node:http';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { toRefusalCode } from '../core/proxyRefusal';

/** The agent's proxy. Name and password are as the administrator typed them, not encoded. */
export interface Proxy {
  /** `http://proxy.contoso.com:8080`, without name and password. */
  readonly url: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
}

/** Returns name and password as they are sent to the proxy (RFC 7617). */
export const toBasic = ({ username = '', password = '' }: Proxy): string =>
  Buffer.from(`${username}:${password}`, 'utf8').toString('base64');

/**
 * Creates an agent that connects through a proxy. A proxy that does not connect to a host responds to CONNECT itself,
 * in clear text. Its response must not be taken for the host's, so it is an error with a code of `proxyRefusal`.
 * (HttpsProxyAgent would pass the response on as the host's own.)
 */
export function createProxyAgent(
  proxy: Proxy,
  options: ConstructorParameters<typeof HttpsProxyAgent>[1],
): Agent {
  // Not in the URL: the library would decode them again, and write them to its debug output.
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
      // The library's own errors have no code: the proxy closed the connection, or its response cannot be read.
      throw error instanceof TypeError || (error instanceof Error && 'code' in error) ? error : refusal();
    }
    if (status === 200) return socket;
    socket.destroy();
    throw refusal();
  };
  return agent;
}
