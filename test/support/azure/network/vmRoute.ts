import { API_VERSIONS, type Route } from '../arm/routes';
import { json, refuse } from '../http/answers';
import { isAllowed } from '../identity/principals';
import type { Settings } from '../settings';
import type { Topology } from './topology';

const TYPE = 'Microsoft.Compute/virtualMachines';

/**
 * Creates the route that reads a VM, with its instance view if `$expand` requests it. The only other valid value is
 * `userData`.
 */
export const readVm = (topology: Topology, settings: Readonly<Settings>): Route => ({
  kind: 'vm',
  method: 'GET',
  path: `/subscriptions/{subscription}/resourceGroups/{group}/providers/${TYPE}/{name}`,
  apiVersion: API_VERSIONS.compute,
  query: ['$expand'],
  action: `${TYPE}/read`,
  handle: ({ path, query, principal }) => {
    const [expand, id] = [query.get('$expand'), decodeURIComponent(path)];
    if (expand !== null && !/^(instanceView|userData)$/i.test(expand)) {
      throw refuse(400, 'InvalidParameter', `The value '${expand}' of the parameter '$expand' is invalid.`);
    }
    const isView = expand?.toLowerCase() === 'instanceview';
    if (isView && settings.instanceView === 'unavailable') {
      throw refuse(400, 'OperationNotAllowed', 'The instance view of this VM is not available.');
    }
    const action = `${TYPE}/instanceView/read`;
    if (isView && settings.instanceView === 'ownRight' && !isAllowed(principal, action, id)) {
      throw refuse(
        403,
        'AuthorizationFailed',
        `The client '${principal.clientId}' with object id '${principal.objectId}' does not have authorization to perform action '${action}' over scope '${id}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
      );
    }
    return json(200, topology.read(id, isView));
  },
});
