import { badProxy, bypassListUnreadable, bypassUseless } from '../messages/routes';
import { maskSecret, readVariable } from './agent';
import { createBypass } from './bypassList';
import type { Proxy } from './proxyAgent';
import { proxyPassword } from './secretVariables';

/** The proxy that the agent was configured with, and what is reached without it. */
export interface AgentProxy {
  readonly proxy: Proxy;
  /** The proxy for a URL, unless the bypass list names it. */
  readonly proxyFor: (url: string) => Proxy | undefined;
}

/**
 * Reads the proxy of the agent; nothing when it has none. Throws JIT603 when its address is none: to go straight would
 * not be what its administrator wants.
 *
 * Not by the task library, which runs the expressions of the bypass list without a limit, and fails on the first bad one.
 *
 * @param warn hears of what is of no use in the bypass list
 */
export function readAgentProxy(warn: (text: string) => void): AgentProxy | undefined {
  const given = readVariable('Agent.ProxyUrl').trim();
  if (given === '') return undefined;
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === '') throw badProxy(given);
  const inUrl = decoded(url.password);
  if (inUrl) maskSecret(inUrl);
  const proxy = {
    url: url.origin,
    username: [readVariable('Agent.ProxyUsername'), decoded(url.username)].find(Boolean),
    password: [proxyPassword, inUrl].find(Boolean),
  };
  const isBypassed = createBypass(readBypassList(warn), (entry, problem) => {
    warn(bypassUseless(entry, problem));
  });
  return { proxy, proxyFor: (of) => (isBypassed(of) ? undefined : proxy) };
}

function readBypassList(warn: (text: string) => void): readonly unknown[] {
  const text = readVariable('Agent.ProxyBypassList');
  if (text === '') return [];
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list)) return list;
  } catch {
    // As another kind of JSON.
  }
  warn(bypassListUnreadable());
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
  const url = URL.canParse(value) ? value : `http://${value}`;
  return { variable, host: URL.canParse(url) ? new URL(url).host : '' };
}
