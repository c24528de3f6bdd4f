import { createInventory } from './azure/inventory';
import { connect } from '../../../shared/task/connect';
import * as agent from '../../../shared/host/agent';
import { systemClock } from '../../../shared/host/clock';
import type { ReportWorld } from './makeReport';

/** The real world, by way of a service connection. Throws JIT201 when the connection is of no use. */
export function createWorld(given: agent.AgentConnection, signal: AbortSignal): ReportWorld {
  const { arm } = connect(given, signal);
  return { inventory: createInventory(arm), clock: systemClock, log: agent.agentLog, signal };
}
