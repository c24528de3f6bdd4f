import { connectAzure } from '../../../shared/azure/azure';
import { parseConnection } from '../../../shared/azure/connection';
import { createPolicyWriter } from '../../../shared/azure/policyWriter';
import { createRightsGateway } from '../../../shared/azure/rightsGateway';
import * as agent from '../../../shared/host/agent';
import { systemClock } from '../../../shared/host/clock';
import { createWays } from '../../../shared/host/routes';
import { pausing } from '../../../shared/messages/story';
import type { PolicyWorld } from './configurePolicy';

/** The real world, by way of a service connection. Throws JIT201 when the connection is of no use. */
export function createWorld(connection: agent.AgentConnection, signal: AbortSignal): PolicyWorld {
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
  return {
    policies: createPolicyWriter(arm),
    rights: createRightsGateway(arm),
    clock: systemClock,
    log: agent.agentLog,
    signal,
  };
}
