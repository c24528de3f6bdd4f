import { connectAzure } from '../../../shared/azure/azure';
import { parseConnection } from '../../../shared/azure/connection';
import { createInventory } from '../../../shared/azure/inventory';
import * as agent from '../../../shared/host/agent';
import { systemClock } from '../../../shared/host/clock';
import { createWays } from '../../../shared/host/routes';
import { pausing } from '../../../shared/messages/story';
import type { ReportWorld } from './makeReport';

/** The real world, by way of a service connection. Throws JIT201 when the connection is of no use. */
export function createWorld(connection: agent.AgentConnection, signal: AbortSignal): ReportWorld {
  const arm = connectAzure({
    connection: parseConnection(connection),
    routes: createWays(agent.proxyFor, agent.readVariable('Agent.CAInfo') || undefined),
    oidc: agent.readOidcSource(),
    clock: systemClock,
    announce: ({ reason, waitMs }) => {
      agent.agentLog.line(pausing(reason, waitMs));
    },
    onSecret: agent.maskSecret,
    signal,
  });
  return { inventory: createInventory(arm), clock: systemClock, log: agent.agentLog, signal };
}
