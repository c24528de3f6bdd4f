import { Agent as HttpAgent, type Agent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { ProxyAgent, type Proxy } from './proxyAgent';

/** Which connections a request travels by, and which certificates it trusts. */
export interface Route {
  readonly agent: Agent;
  /** PEM texts; absent: what Node trusts anyway. */
  readonly ca: readonly string[] | undefined;
  /** The URL of the proxy on the way. */
  readonly proxy: string | undefined;
}

/**
 * The ways out of this machine: straight, or through the agent's proxy where its bypass list allows.
 * `proxyFor` gives the proxy for a URL, or nothing when the URL goes straight.
 */
export interface Ways {
  readonly direct: (url: string) => Route;
  readonly asAgent: (url: string) => Route;
}

/** @param ca the certificates to trust; absent: what Node trusts */
export function createWays(
  proxyFor: (url: string) => Proxy | undefined,
  ca: readonly string[] | undefined,
): Ways {
  // Said aloud, because NODE_TLS_REJECT_UNAUTHORIZED in the agent's environment would turn the checks off.
  const checked = { keepAlive: true, rejectUnauthorized: true };
  const straight = new HttpsAgent(checked);
  const plain = new HttpAgent({ keepAlive: true });
  const direct = (url: string): Route => ({
    agent: url.startsWith('http:') ? plain : straight,
    ca,
    proxy: undefined,
  });
  const proxies = new Map<string, Agent>();
  return {
    direct,
    asAgent(url) {
      const proxy = url.startsWith('https:') ? proxyFor(url) : undefined;
      if (!proxy) return direct(url);
      const agent =
        proxies.get(proxy.url) ?? new ProxyAgent(proxy, { ...checked, ...(ca && { ca: [...ca] }) });
      proxies.set(proxy.url, agent);
      return { agent, ca, proxy: proxy.url };
    },
  };
}
