import type { Settings } from '../settings';
import type { Topology } from '../network/topology';
import { answerPage } from './pages';
import { API_VERSIONS, nameIn, type Route } from './routes';

/**
 * Creates the routes for the list of subscriptions, which the CLI reads when it signs in, and for the resource groups
 * of a subscription. The simulation lists the groups that contain or contained a VM's network.
 */
export function createCatalogueRoutes(topology: Topology, settings: Readonly<Settings>): Route[] {
  return [
    {
      kind: 'subscriptions.list',
      method: 'GET',
      path: '/subscriptions',
      apiVersion: API_VERSIONS.subscriptions,
      query: ['$skiptoken'],
      handle: (request) => {
        const toJson = (subscriptionId: string): object => ({
          id: `/subscriptions/${subscriptionId}`,
          ...{ subscriptionId, displayName: subscriptionId, state: 'Enabled' },
          ...{ subscriptionPolicies: {}, authorizationSource: 'RoleBased' },
        });
        return answerPage(request, topology.subscriptions(), toJson, { pageSize: settings.listPageSize });
      },
    },
    {
      kind: 'groups.list',
      method: 'GET',
      path: '/subscriptions/{subscription}/resourcegroups',
      apiVersion: API_VERSIONS.resources,
      query: ['$skiptoken'],
      action: 'Microsoft.Resources/subscriptions/resourceGroups/read',
      isList: true,
      handle: (request) => {
        const nics = topology.list(nameIn(request, 'subscription'), 'Microsoft.Network/networkInterfaces');
        const ids = new Set(nics.map(({ resource }) => resource.id.replace(/\/providers\/.*$/i, '')));
        const type = 'Microsoft.Resources/resourceGroups';
        const toJson = (id: string): object => ({
          ...{ id, name: id.replace(/^.*\//, ''), type, location: 'westeurope' },
          properties: { provisioningState: 'Succeeded' },
        });
        return answerPage(request, [...ids], toJson, { pageSize: settings.listPageSize });
      },
    },
  ];
}
