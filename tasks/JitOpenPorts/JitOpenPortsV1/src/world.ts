import { confirmAbsence } from '../../../shared/access/gone';
import { toSignIn } from '../../../shared/azure/connection';
import { createJitGateway } from '../../../shared/azure/jitGateway';
import { createNetworkGateway } from '../../../shared/azure/networkGateway';
import { createRightsGateway } from '../../../shared/azure/rightsGateway';
import { connect } from '../../../shared/connect';
import * as agent from '../../../shared/host/agent';
import { systemClock } from '../../../shared/host/clock';
import { tcpProbe } from '../../../shared/host/probe';
import { createPublicAddress } from '../../../shared/host/publicAddress';
import type { World } from '../../../shared/world';

/** The real world, by way of a service connection. Throws JIT201 when the connection is of no use. */
export function createWorld(given: agent.AgentConnection, signal: AbortSignal): World {
  const { arm, connection, ways } = connect(given, signal);
  return {
    jit: confirmAbsence(createJitGateway(arm, systemClock)),
    network: createNetworkGateway(arm),
    rights: createRightsGateway(arm),
    signIn: toSignIn(connection),
    publicAddress: createPublicAddress(ways, agent.readVariable('Agent.ProxyUrl') !== ''),
    probe: tcpProbe,
    clock: systemClock,
    log: agent.agentLog,
    signal,
  };
}
