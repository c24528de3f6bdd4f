import { randomUUID } from 'node:crypto';
import { pageStart, pageToken } from '../arm/pages';
import { API_VERSIONS, nameIn, type ArmRequest, type Route } from '../arm/routes';
import { empty, json, refuse, type Answer } from '../http/answers';
import type { Kind } from '../http/calls';
import type { Settings } from '../settings';
import type { Topology } from './topology';
import { readVm } from './vmRoute';

const GROUP = '/subscriptions/{subscription}/resourceGroups/{group}/providers';
const { network: apiVersion } = API_VERSIONS;

const LIST_ADMIN_RULES = 'listNetworkManagerEffectiveSecurityAdminRules';

/**
 * Creates the routes that read a VM and its network, and that delete a rule, which is the only resource that can be
 * deleted.
 */
export function createNetworkRoutes(
  topology: Topology,
  settings: Readonly<Settings>,
  now: () => number,
  violate: (sentence: string) => void,
): Route[] {
  const read = (kind: Kind, type: string, version: string, tail = '{name}'): Route => ({
    kind,
    method: 'GET',
    path: `${GROUP}/${type.replace('/subnets', '/{vnet}/subnets')}/${tail}`,
    apiVersion: version,
    action: `${type}/read`,
    handle: ({ path }) => json(200, topology.read(decodeURIComponent(path))),
  });
  const operations = new Map<string, number>();
  return [
    readVm(topology, settings),
    read('nic', 'Microsoft.Network/networkInterfaces', apiVersion),
    read('nsg', 'Microsoft.Network/networkSecurityGroups', apiVersion),
    read('publicIp', 'Microsoft.Network/publicIPAddresses', apiVersion),
    read('vnet', 'Microsoft.Network/virtualNetworks', apiVersion),
    read('subnet', 'Microsoft.Network/virtualNetworks/subnets', apiVersion),
    {
      kind: 'adminRules',
      method: 'POST',
      path: `${GROUP}/Microsoft.Network/virtualNetworks/{name}/${LIST_ADMIN_RULES}`,
      apiVersion,
      action: `Microsoft.Network/virtualNetworks/${LIST_ADMIN_RULES}/action`,
      handle: listAdminRules,
    },
    {
      kind: 'rule.delete',
      method: 'DELETE',
      path: `${GROUP}/Microsoft.Network/networkSecurityGroups/{name}/securityRules/{rule}`,
      apiVersion,
      action: 'Microsoft.Network/networkSecurityGroups/securityRules/delete',
      handle: (request) => deleteRule(request, (id) => operations.set(id, now())),
    },
    ...['operations', 'operationResults'].map((folder): Route => ({
      kind: 'operation',
      method: 'GET',
      path: `/subscriptions/{subscription}/providers/Microsoft.Network/locations/{location}/${folder}/{operation}`,
      apiVersion,
      handle: (request) => {
        const startedAt = operations.get(nameIn(request, 'operation'));
        if (startedAt === undefined)
          throw refuse(404, 'OperationNotFound', 'The operation could not be found.');
        const isOver = now() >= startedAt + settings.ruleDeletionMs;
        const headers = { 'retry-after': String(settings.operationRetryAfterSeconds) };
        if (folder === 'operationResults') return empty(isOver ? 204 : 202, headers);
        return json(200, { status: isOver ? 'Succeeded' : 'InProgress' }, headers);
      },
    })),
  ];

  /**
   * Returns a page of the rules of a network. The token of the next page is a separate field, which the caller sends
   * back in the body.
   */
  function listAdminRules({ path, text }: ArmRequest): Answer {
    const id = decodeURIComponent(path).replace(/\/[^/]+$/, '');
    topology.read(id);
    const body = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const { skipToken, ...others } = body;
    if (Object.keys(others).length > 0 || !['string', 'undefined'].includes(typeof skipToken)) {
      violate(`${LIST_ADMIN_RULES} was asked with the body ${text}, and may have a text skipToken alone.`);
      throw refuse(400, 'InvalidRequestFormat', 'Cannot parse the request.');
    }
    const all = topology.vnets.get(id.toLowerCase())?.adminRules ?? [];
    const start = pageStart(skipToken as string | undefined);
    const end = start + settings.listPageSize;
    return json(200, {
      value: all.slice(start, end),
      ...(end < all.length && { skipToken: pageToken(end) }),
    });
  }

  function deleteRule(request: ArmRequest, begin: (operation: string) => void): Answer {
    const path = decodeURIComponent(request.path);
    const groupId = path.replace(/\/securityRules\/[^/]+$/i, '');
    topology.read(groupId);
    if (settings.ruleBlockedByLock) {
      const what = `The scope '${path}' cannot perform delete operation because following scope(s) are locked: '${groupId}'.`;
      throw refuse(409, 'ScopeLocked', `${what} Please remove the lock and try again.`);
    }
    const group = topology.securityGroup(groupId);
    const name = nameIn(request, 'rule');
    if (!group?.endRule(name, now() + settings.ruleDeletionMs)) return empty(204);
    const operation = randomUUID();
    begin(operation);
    const base = `${request.origin}/subscriptions/${nameIn(request, 'subscription')}/providers/Microsoft.Network/locations/${group.location}`;
    return empty(202, {
      'azure-asyncoperation': `${base}/operations/${operation}?api-version=${apiVersion}`,
      location: `${base}/operationResults/${operation}?api-version=${apiVersion}`,
      'retry-after': String(settings.operationRetryAfterSeconds),
    });
  }
}
