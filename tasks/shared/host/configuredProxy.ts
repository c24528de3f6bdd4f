import { readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The path of an agent's own Node: `externals/node20_1/bin/node`, or `node.exe` on Windows. An agent that has updated
 * itself has a folder for each version, `externals.4.266.2`, and a link to it (microsoft/azure-pipelines-agent,
 * SelfUpdater).
 */
const OWN_NODE = [/^externals(?:\.[\w.-]+)?$/, /^node/, 'bin', /^node(?:\.exe)?$/i] as const;

/**
 * Returns the proxy that an agent was configured with: the first line of the file `.proxy` in the agent's own folder
 * (microsoft/azure-pipelines-agent, VstsAgentWebProxy.LoadProxySetting). Returns `undefined` if Node is not the
 * agent's, as in a container, or if the agent got its proxy in another way.
 *
 * @param node the path of the Node executable in use
 */
export function findConfiguredProxy(node: string): string | undefined {
  const parts = node.split(path.sep);
  const own = parts.slice(-OWN_NODE.length);
  const isAgents = OWN_NODE.every((name, at) =>
    typeof name === 'string' ? own[at] === name : name.test(own[at] ?? ''),
  );
  if (!isAgents) return undefined;
  try {
    const text = readFileSync([...parts.slice(0, -OWN_NODE.length), '.proxy'].join(path.sep), 'utf8');
    const [first = ''] = text.replace(/^\uFEFF/, '').split('\n');
    return first.trim() === '' ? undefined : first.trim();
  } catch {
    return undefined;
  }
}
