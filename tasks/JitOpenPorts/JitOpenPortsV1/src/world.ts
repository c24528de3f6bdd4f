import { connectAzure } from '../../../shared/azure/azure';
import { parseConnection, toSignIn } from '../../../shared/azure/connection';
import { createJitGateway } from '../../../shared/azure/jitGateway';
import { createNetworkGateway } from '../../../shared/azure/networkGateway';
import { createRightsGateway } from '../../../shared/azure/rightsGateway';
import * as agent from '../../../shared/host/agent';
import { systemClock } from '../../../shared/host/clock';
import { tcpProbe } from '../../../shared/host/probe';
import { createPublicAddress } from '../../../shared/host/publicAddress';
import { createWays } from '../../../shared/host/routes';
import { pausing } from '../../../shared/messages/story';
import type { World } from '../../../shared/world';

/** The real world, by way of a service connection. Throws JIT201 when the connection is of no use. */
export function createWorld(connection: agent.AgentConnection, signal: AbortSignal): World {
  const ways = createWays(agent.proxyFor, agent.readVariable('Agent.CAInfo') || undefined);
  const parsed = parseConnection(connection);
  const arm = connectAzure({
    connection: parsed,
    routes: ways,
    oidc: agent.readOidcSource(),
    clock: systemClock,
    announce: ({ reason, waitMs }) => {
      agent.agentLog.line(pausing(reason, waitMs));
    },
    onSecret: agent.maskSecret,
    signal,
  });
  return {
    jit: createJitGateway(arm, systemClock),
    network: createNetworkGateway(arm),
    rights: createRightsGateway(arm),
    signIn: toSignIn(parsed),
    publicAddress: createPublicAddress(ways, agent.readVariable('Agent.ProxyUrl') !== ''),
    probe: tcpProbe,
    clock: systemClock,
    log: agent.agentLog,
    signal,
  };
}
