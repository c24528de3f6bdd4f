import { createPolicyWriter } from './azure/policyWriter';
import { createFindVms } from '../../../shared/azure/findVms';
import { createRightsGateway } from '../../../shared/azure/rightsGateway';
import { createSurroundings } from './azure/surroundings';
import { connect } from '../../../shared/task/connect';
import type { Host, ServiceConnection } from '../../../shared/host/host';
import type { ConfigureContext } from './context';

/** Creates the context of the task from a service connection. Throws JIT201 if the connection cannot be used. */
export function createContext(host: Host, given: ServiceConnection, signal: AbortSignal): ConfigureContext {
  const { arm } = connect(host, given, signal);
  return {
    policies: createPolicyWriter(arm),
    rights: createRightsGateway(arm),
    findVms: createFindVms(arm),
    surroundings: createSurroundings(arm),
    clock: host.clock,
    log: host.log,
    signal,
  };
}
