import { confirmAbsence } from './azure/gone';
import { toSignIn } from '../../../shared/azure/connection';
import { createJitGateway } from './azure/jitGateway';
import { createNetworkGateway } from './azure/networkGateway';
import { createRightsGateway } from '../../../shared/azure/rightsGateway';
import { connect } from '../../../shared/task/connect';
import * as agent from '../../../shared/host/agent';
import { systemClock } from '../../../shared/host/clock';
import { tcpProbe } from './host/probe';
import { createPublicAddress } from './host/publicAddress';
import type { World } from './context';

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
