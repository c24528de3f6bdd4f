import { badProxy, bypassListUnreadable, bypassUseless, proxyReplaced } from '../messages/routes';
import type { Host } from './host';
import { createBypass } from './bypassList';
import { findConfiguredProxy } from './configuredProxy';
import { parseProxyUrl, shownProxy } from './proxyUrl';
import { toBasic, type Proxy } from './proxyAgent';
import { proxyPassword } from './secretVariables';

/** The proxy that the agent was configured with, and what is reached without it. */
export interface AgentProxy {
  readonly proxy: Proxy;
  /** Whether the agent's own configuration names it: else it is what a variable says, which steps can change. */
  readonly isConfigured: boolean;
  /** The proxy for a URL, unless the bypass list names it. */
  readonly proxyFor: (url: string) => Proxy | undefined;
}

/** What reading the proxy takes of a host. */
type ProxyHost = Pick<Host, 'readVariable' | 'maskSecret' | 'log'>;

/**
 * Reads the proxy of the agent; says what is of no use in its bypass list, and gives nothing when the agent has none. Throws JIT603 when its address is none: to go straight would
 * not be what its administrator wants. Where the agent's own file names another proxy than the variable, the variable was
 * changed: the password goes to the agent's proxy, and a warning says so.
 *
 * Not by the task library, which runs the expressions of the bypass list without a limit, and fails on the first bad one.
 *
 * @param node the file of the Node that runs
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
    // As another kind of JSON.
  }
  host.log.warning(bypassListUnreadable());
  return [];
}

/** What stands in a URL is encoded, where whoever typed it knew that. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The first variable of the environment that names a proxy, which other programs would use, and its host. */
export function findOtherProxy(): { readonly variable: string; readonly host: string } | undefined {
  const variable = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'].find((name) => process.env[name]);
  const value = variable === undefined ? '' : (process.env[variable] ?? '');
  if (variable === undefined) return undefined;
  return { variable, host: (parseProxyUrl(value) ?? parseProxyUrl(`http://${value}`))?.host ?? '' };
}
