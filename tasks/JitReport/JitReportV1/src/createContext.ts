import { createInventory } from './azure/inventory';
import { createFindVms } from '../../../shared/azure/findVms';
import { connect } from '../../../shared/task/connect';
import type { Host, ServiceConnection } from '../../../shared/host/host';
import type { ReportContext } from './makeReport';

/** Creates the context of the task from a service connection. Throws JIT201 if the connection cannot be used. */
export function createContext(host: Host, given: ServiceConnection, signal: AbortSignal): ReportContext {
  const { arm } = connect(host, given, signal);
  const [inventory, findVms] = [createInventory(arm), createFindVms(arm)];
  return { inventory, findVms, clock: host.clock, time: () => host.time(), log: host.log, signal };
}
