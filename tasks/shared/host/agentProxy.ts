import { badProxy, bypassListUnreadable, bypassUseless, proxyReplaced } from '../messages/routes';
import type { Host } from './host';
import { createBypass } from './bypassList';
import { findConfiguredProxy } from './configuredProxy';
import { parseProxyUrl, shownProxy } from './proxyUrl';
import { toBasic, type Proxy } from './proxyAgent';
import { proxyPassword } from './secretVariables';

/** The proxy of the agent, and the URLs that bypass it. */
export interface AgentProxy {
  readonly proxy: Proxy;
  /** Whether the agent's own configuration names the proxy. Otherwise, a variable does, which steps can change. */
  readonly isConfigured: boolean;
  /** Returns the proxy for a URL, or `undefined` if the bypass list contains the URL. */
  readonly proxyFor: (url: string) => Proxy | undefined;
}

/** The members of the host that reading the proxy needs. */
type ProxyHost = Pick<Host, 'readVariable' | 'maskSecret' | 'log'>;

/**
 * Reads the proxy of the agent, or returns `undefined` if the agent has none. Logs a warning for each entry of the
 * bypass list that cannot be used. Throws JIT603 if the address of the proxy is invalid: a direct connection would not
 * be what the administrator wants. If the agent's own file names another proxy than the variable, a step changed the
 * variable: the proxy in the file is used and gets the password, and a warning is logged.
 *
 * The task library is not used for this: it runs the expressions of the bypass list without a time limit, and fails on
 * the first invalid one.
 *
 * @param node the path of the Node executable in use
 */
export function readAgentProxy(host: ProxyHost, node = process.execPath): AgentProxy | undefined {
  const named = host.readVariable('Agent.ProxyUrl').trim();
  const configured = findConfiguredProxy(node);
  const given = configured ?? named;
  if (given === '') return undefined;
  if (given !== named) host.log.warning(proxyReplaced(shownProxy(named), shownProxy(given)));
  const url = parseProxyUrl(given);
  if (!url) throw badProxy(shownProxy(given));
  const inUrl = decoded(url.password);
  if (inUrl) host.maskSecret(inUrl);
  const proxy = {
    url: url.origin,
    username: [host.readVariable('Agent.ProxyUsername'), decoded(url.username)].find(Boolean),
    password: [proxyPassword, inUrl].find(Boolean),
  };
  if (proxy.username !== undefined || proxy.password !== undefined) {
    host.maskSecret(toBasic(proxy));
  }
  const isBypassed = createBypass(readBypassList(host), (entries) => {
    host.log.warning(bypassUseless(entries));
  });
  return {
    proxy,
    isConfigured: configured !== undefined,
    proxyFor: (of) => (isBypassed(of) ? undefined : proxy),
  };
}

function readBypassList(host: ProxyHost): readonly unknown[] {
  const text = host.readVariable('Agent.ProxyBypassList');
  if (text === '') return [];
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list)) return list;
  } catch {
    // Handled like any other JSON.
  }
  host.log.warning(bypassListUnreadable());
  return [];
}

/** Decodes a part of a URL. Returns it unchanged if it cannot be decoded, because the user did not encode it. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Returns the first environment variable that names a proxy, which other programs would use, and the proxy's host. */
export function findOtherProxy(): { readonly variable: string; readonly host: string } | undefined {
  const variable = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'].find((name) => process.env[name]);
  const value = variable === undefined ? '' : (process.env[variable] ?? '');
  if (variable === undefined) return undefined;
  return { variable, host: (parseProxyUrl(value) ?? parseProxyUrl(`http://${value}`))?.host ?? '' };
}
