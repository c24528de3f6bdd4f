import { confirmAbsence } from './azure/gone';
import { toSignIn } from '../../../shared/azure/connection';
import { createFlowGateway } from './azure/flowGateway';
import { createJitGateway } from './azure/jitGateway';
import { createNetworkGateway } from './azure/networkGateway';
import { createFindVms } from '../../../shared/azure/findVms';
import { createRightsGateway } from '../../../shared/azure/rightsGateway';
import { connect } from '../../../shared/task/connect';
import type { Host, ServiceConnection } from '../../../shared/host/host';
import { tcpProbe } from './host/probe';
import { createPublicAddress } from './host/publicAddress';
import type { Context } from './context';

/** Creates the context of the task from a service connection. Throws JIT201 if the connection cannot be used. */
export function createContext(host: Host, given: ServiceConnection, signal: AbortSignal): Context {
  const { arm, connection, routes } = connect(host, given, signal);
  return {
    jit: confirmAbsence(createJitGateway(arm, host.clock)),
    network: createNetworkGateway(arm),
    flows: createFlowGateway(arm, host.clock),
    rights: createRightsGateway(arm),
    findVms: createFindVms(arm),
    signIn: toSignIn(connection),
    hosts: [connection.armUrl, connection.authorityUrl],
    publicAddress: createPublicAddress(routes, host.readVariable('Agent.ProxyUrl') !== ''),
    probe: tcpProbe,
    clock: host.clock,
    log: host.log,
    signal,
  };
}
