import { createPolicyWriter } from './azure/policyWriter';
import { createRightsGateway } from '../../../shared/azure/rightsGateway';
import { createSurroundings } from './azure/surroundings';
import { connect } from '../../../shared/task/connect';
import * as agent from '../../../shared/host/agent';
import { systemClock } from '../../../shared/host/clock';
import type { PolicyWorld } from './context';

/** The real world, by way of a service connection. Throws JIT201 when the connection is of no use. */
export function createWorld(given: agent.AgentConnection, signal: AbortSignal): PolicyWorld {
  const { arm } = connect(given, signal);
  return {
    policies: createPolicyWriter(arm),
    rights: createRightsGateway(arm),
    surroundings: createSurroundings(arm),
    clock: systemClock,
    log: agent.agentLog,
    signal,
  };
}
