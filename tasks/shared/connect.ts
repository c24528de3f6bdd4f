import type { Arm } from './azure/arm';
import { connectAzure } from './azure/azure';
import { parseConnection, type Connection } from './azure/connection';
import * as agent from './host/agent';
import { systemClock } from './host/clock';
import { createWays, type Ways } from './host/routes';
import { hostsOf } from './messages/routes';
import { pausing } from './messages/story';

/** Azure, as the agent reaches it. */
export interface Connected {
  readonly arm: Arm;
  readonly connection: Connection;
  readonly ways: Ways;
}

/** Connects the agent with Azure by way of a service connection. Throws JIT201 when that is of no use. */
export function connect(given: agent.AgentConnection, signal: AbortSignal): Connected {
  const connection = parseConnection(given);
  const { cloud, armUrl, authorityUrl } = connection;
  if (!cloud.known) agent.agentLog.line(hostsOf(cloud.name, hostOf(armUrl), hostOf(authorityUrl)));
  const ways = createWays(agent.proxyFor, agent.readVariable('Agent.CAInfo') || undefined);
  const arm = connectAzure({
    connection,
    routes: ways,
    oidc: agent.readOidcSource(),
    clock: systemClock,
    announce: ({ reason, waitMs }) => {
      agent.agentLog.line(pausing(reason, waitMs));
    },
    onSecret: agent.maskSecret,
    signal,
  });
  return { arm, connection, ways };
}

const hostOf = (url: string): string => new URL(url).host;
