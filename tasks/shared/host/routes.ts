import { readFileSync } from 'node:fs';
import { Agent as HttpAgent, type Agent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import * as tls from 'node:tls';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { notReached } from '../messages/failures';
import { distrustsExtraCertificates } from './environment';

/** The agent's proxy. The password is as the administrator typed it, not encoded. */
export interface Proxy {
  readonly url: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
}

/** Which connections a request travels by, and which certificates it trusts. */
export interface Route {
  readonly agent: Agent;
  readonly ca: readonly string[] | undefined;
}

/**
 * The ways out of this machine: straight, or through the agent's proxy where its bypass list allows.
 * `proxyFor` gives the proxy for a URL, or nothing when the URL goes straight.
 */
export interface Ways {
  readonly direct: (url: string) => Route;
  readonly asAgent: (url: string) => Route;
}

export function createWays(proxyFor: (url: string) => Proxy | undefined, caFile: string | undefined): Ways {
  const ca = caFile || distrustsExtraCertificates ? trustedCertificates(caFile) : undefined;
  // Said aloud, because NODE_TLS_REJECT_UNAUTHORIZED in the agent's environment would turn the checks off.
  const checked = { keepAlive: true, rejectUnauthorized: true };
  const straight = new HttpsAgent(checked);
  const plain = new HttpAgent({ keepAlive: true });
  const direct = (url: string): Route => ({ agent: url.startsWith('http:') ? plain : straight, ca });
  const proxies = new Map<string, Agent>();
  return {
    direct,
    asAgent(url) {
      const proxy = url.startsWith('https:') ? proxyFor(url) : undefined;
      if (!proxy) return direct(url);
      const agent =
        proxies.get(proxy.url) ??
        new HttpsProxyAgent(proxyUrl(proxy), { ...checked, ...(ca && { ca: [...ca] }) });
      proxies.set(proxy.url, agent);
      return { agent, ca };
    },
  };
}

/** A password may hold any of `@:/%`, and is decoded again where the proxy is spoken to. */
function proxyUrl({ url, username, password }: Proxy): URL {
  const parsed = new URL(url);
  if (username) parsed.username = encodeURIComponent(username);
  if (password) parsed.password = encodeURIComponent(password);
  return parsed;
}

/**
 * What Node trusts, and the agent's own authorities in addition: an inspecting proxy's certificate is signed
 * by one of them. Naming any certificate replaces Node's list, so the list is repeated.
 */
function trustedCertificates(caFile: string | undefined): readonly string[] {
  const extra = process.env['NODE_EXTRA_CA_CERTS'];
  return [
    ...tls.rootCertificates,
    ...(extra ? readIfThere(extra) : []),
    ...(caFile ? [readAuthorities(caFile)] : []),
  ];
}

/** Node goes on without this file as well, after a warning of its own. */
function readIfThere(file: string): readonly string[] {
  try {
    return [readFileSync(file, 'utf8')];
  } catch {
    return [];
  }
}

function readAuthorities(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw notReached(
      'Azure',
      `the file of certificates that the agent names, ${file}, cannot be read (${code})`,
      error,
    );
  }
}
