import { Agent as HttpAgent, type Agent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { SecureContext } from 'node:tls';
import { createProxyAgent, type Proxy } from './proxyAgent';

/** The connections that a request uses, and the certificates that it trusts. */
export interface Route {
  readonly agent: Agent;
  /** The trusted certificates. If absent, Node's default applies. */
  readonly secureContext: SecureContext | undefined;
  /** The URL of the proxy, if the request uses one. */
  readonly proxy: string | undefined;
}

/**
 * The routes out of this machine: `direct` uses no proxy, and `asAgent` uses the agent's proxy except for the URLs in
 * its bypass list.
 */
export interface Routes {
  readonly direct: (url: string) => Route;
  readonly asAgent: (url: string) => Route;
}

/**
 * @param proxyFor returns the proxy for a URL, or `undefined` for a direct connection
 * @param secureContext the trusted certificates; if absent, Node's default applies
 */
export function createRoutes(
  proxyFor: (url: string) => Proxy | undefined,
  secureContext: SecureContext | undefined,
): Routes {
  // Explicit, because NODE_TLS_REJECT_UNAUTHORIZED in the agent's environment would disable the checks.
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
