import { answerPage } from '../arm/pages';
import { API_VERSIONS, nameIn, type Route } from '../arm/routes';
import type { Kind } from '../http/calls';
import type { Settings } from '../settings';
import type { Listed, Topology } from './topology';

const SUBSCRIPTION = '/subscriptions/{subscription}';
const GROUP = `${SUBSCRIPTION}/resourceGroups/{group}`;

/** Creates the lists of VMs and of their network resources. */
export function createListRoutes(topology: Topology, settings: Readonly<Settings>): Route[] {
  const list = (
    kind: Kind,
    type: string,
    apiVersion: string,
    parent = SUBSCRIPTION,
    query: readonly string[] = [],
  ): Route => ({
    kind,
    method: 'GET',
    path: `${parent}/providers/${type}`,
    apiVersion,
    query: ['$skiptoken', ...query],
    action: `${type}/read`,
    isList: true,
    handle: (request) => {
      const { group } = request.names;
      const all = topology.list(nameIn(request, 'subscription'), type);
      const listed = group === undefined ? all : all.filter((one) => one.group === group.toLowerCase());
      const isStates = request.query.get('statusOnly') === 'true';
      return answerPage(request, listed, (one) => (isStates ? toState(one) : toJson(one, settings)), {
        pageSize: settings.listPageSize,
      });
    },
  });
  const { compute, network } = API_VERSIONS;
  const vms = 'Microsoft.Compute/virtualMachines';
  const nics = 'Microsoft.Network/networkInterfaces';
  const publicIps = 'Microsoft.Network/publicIPAddresses';
  return [
    // The list of a group has no power states. https://learn.microsoft.com/rest/api/compute/virtual-machines/list-all
    list('vms.list', vms, compute, SUBSCRIPTION, ['statusOnly']),
    list('vms.list', vms, compute, GROUP),
    list('nics.list', nics, network),
    list('nics.list', nics, network, GROUP),
    list('publicIps.list', publicIps, network),
    list('publicIps.list', publicIps, network, GROUP),
    list('nsgs.list', 'Microsoft.Network/networkSecurityGroups', network),
    list('vnets.list', 'Microsoft.Network/virtualNetworks', network),
    list('firewalls.list', 'Microsoft.Network/azureFirewalls', network),
  ];
}

/** Lists have a resource's group in upper case, whatever case it was created in. References keep their case. */
function toJson({ resource }: Listed, { changesIdCase }: Readonly<Settings>): object {
  if (!changesIdCase) return resource.json();
  const id = resource.id.replace(
    /\/resourceGroups\/([^/]+)/i,
    (_whole, group: string) => `/resourceGroups/${group.toUpperCase()}`,
  );
  return { ...resource.json(), id };
}

/** What `statusOnly` returns in addition to the state is not documented, so this is the minimum. */
function toState({ resource }: Listed): object {
  const { location, properties = {} } = (resource.expanded ?? resource.json)() as {
    location?: string;
    properties?: { instanceView?: object };
  };
  return { id: resource.id, location, properties: { instanceView: properties.instanceView } };
}
