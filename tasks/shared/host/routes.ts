import { Agent as HttpAgent, type Agent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { SecureContext } from 'node:tls';
import { createProxyAgent, type Proxy } from './proxyAgent';

/** Which connections a request travels by, and which certificates it trusts. */
export interface Route {
  readonly agent: Agent;
  /** What is trusted; absent: what Node trusts anyway. */
  readonly secureContext: SecureContext | undefined;
  /** The URL of the proxy on the way. */
  readonly proxy: string | undefined;
}

/**
 * The ways out of this machine: straight, or through the agent's proxy where its bypass list allows.
 * `proxyFor` gives the proxy for a URL, or nothing when the URL goes straight.
 */
export interface Routes {
  readonly direct: (url: string) => Route;
  readonly asAgent: (url: string) => Route;
}

/** @param secureContext what to trust; absent: what Node trusts */
export function createRoutes(
  proxyFor: (url: string) => Proxy | undefined,
  secureContext: SecureContext | undefined,
): Routes {
  // Said aloud, because NODE_TLS_REJECT_UNAUTHORIZED in the agent's environment would turn the checks off.
  const checked = { keepAlive: true, rejectUnauthorized: true };
  const straight = new HttpsAgent(checked);
  const plain = new HttpAgent({ keepAlive: true });
  const direct = (url: string): Route =>
    url.startsWith('http:')
      ? { agent: plain, secureContext: undefined, proxy: undefined }
      : { agent: straight, secureContext, proxy: undefined };
  const proxies = new Map<string, Agent>();
  return {
    direct,
    asAgent(url) {
      const proxy = url.startsWith('https:') ? proxyFor(url) : undefined;
      if (!proxy) return direct(url);
      const agent =
        proxies.get(proxy.url) ??
        createProxyAgent(proxy, { ...checked, ...(secureContext && { secureContext }) });
      proxies.set(proxy.url, agent);
      return { agent, secureContext, proxy: proxy.url };
    },
  };
}
