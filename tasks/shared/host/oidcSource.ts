import type { OidcSource } from '../core/oidcSource';
import { agentConnection, type Host } from './host';

/** Reads the source of OIDC tokens from the variables that the agent sets and from the agent's own connection. */
export function readOidcSource(host: Pick<Host, 'readVariable' | 'readConnection'>): OidcSource {
  const given = host.readVariable('System.OidcRequestUri');
  const connection = agentConnection(host);
  const home = connection.url;
  const jobToken = connection.parameter('AccessToken') || undefined;
  if (given) return { url: given, home, jobToken };
  const names = ['CollectionUri', 'TeamProjectId', 'HostType', 'PlanId', 'JobId'] as const;
  const [collection = '', project = '', hub = '', plan = '', job = ''] = names.map((name) =>
    host.readVariable(`System.${name}`),
  );
  if ([collection, project, hub, plan, job].includes('')) return { url: undefined, home, jobToken };
  const base = collection.replace(/\/+$/, '');
  return {
    url: `${base}/${project}/_apis/distributedtask/hubs/${hub}/plans/${plan}/jobs/${job}/oidctoken`,
    home,
    jobToken,
  };
}
