import type { FlowGateway } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/flowGateway';
import { toGroupId } from '../../../tasks/shared/core/resourceIds';
import { notFound } from '../../../tasks/shared/messages/failures';
import { refusedByAzure } from '../../../tasks/shared/messages/refusals';
import { Refusal } from '../azure/http/answers';
import { verdictOn, type Watchers } from '../azure/network/watchers';
import type { Topology } from '../azure/network/topology';
import type { Settings } from '../azure/settings';
import type { Entrance } from './calls';

const TYPE = 'Microsoft.Network/networkWatchers';

/** Creates Network Watcher in memory. A result takes no time. */
export function createFakeFlows(
  topology: Topology,
  watchers: Watchers,
  settings: Readonly<Settings>,
  entrance: Entrance,
): FlowGateway {
  return {
    async listWatchers(subscriptionId, limit) {
      const scope = toGroupId(subscriptionId);
      await entrance.enter({ kind: 'watchers.list', id: scope }, { action: `${TYPE}/read`, scope }, limit);
      return topology
        .list(subscriptionId, TYPE)
        .map(({ resource }) => resource.json() as { readonly id: string; readonly location: string })
        .map(({ id, location }) => ({ id, location }));
    },

    async verify(id, { vm, nicId, privateIpAddress, port, protocol, source }, limit) {
      const right = { action: `${TYPE}/ipFlowVerify/action`, scope: id };
      await entrance.enter({ kind: 'ipFlowVerify', id }, right, limit);
      const watcher = watchers.get(id.toLowerCase());
      if (!watcher) throw notFound('network watcher', id);
      const asked = {
        ...{ targetResourceId: vm.id, targetNicResourceId: nicId, direction: 'Inbound', protocol },
        ...{ localPort: String(port), remotePort: '*' },
        ...{ localIPAddress: privateIpAddress, remoteIPAddress: source },
      };
      try {
        return verdictOn(asked, watcher, topology, settings);
      } catch (error) {
        if (error instanceof Refusal) throw refusedByAzure(id, error.message);
        throw error;
      }
    },
  };
}
