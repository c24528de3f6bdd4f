import { toEntry } from '../../../tasks/shared/azure/read/activityLog';
import {
  flat,
  toFirewall,
  toListedNic,
  toListedPolicy,
  toListedPublicAddress,
  toListedVm,
  toVnet,
} from '../../../tasks/shared/azure/read/inventoryModels';
import { toSecurityGroup } from '../../../tasks/shared/azure/read/securityGroup';
import type { Json } from '../../../tasks/shared/domain/json';
import { toGroupId } from '../../../tasks/shared/domain/resourceIds';
import type { Inventory, Pages } from '../../../tasks/shared/inventory';
import { notFound } from '../../../tasks/shared/messages/failures';
import { ForbiddenError } from '../../../tasks/shared/messages/refusals';
import type { Limit } from '../../../tasks/shared/world';
import type { Kind } from '../azure';
import { activityToJson } from '../azure/activity/activities';
import type { ActivityLog } from '../azure/activity/log';
import type { Assessments } from '../azure/defender/assessments';
import { hasRightsWithin, isAllowed } from '../azure/identity/principals';
import { POLICY_TYPE, policyToJson } from '../azure/jit/policies';
import { spelling } from '../azure/jit/service';
import type { ServiceParts } from './fakeService';

interface Parts extends ServiceParts {
  readonly assessments: Assessments;
  readonly activityLog: ActivityLog;
}

/** What can be read of one kind of resource: how faults call a list and a single one, and what becomes of the JSON. */
interface Source<T> {
  readonly type: string;
  readonly list: Kind;
  readonly single?: Kind;
  readonly read: (body: Json) => T;
}

const VMS: Source<ReturnType<typeof toListedVm>> = {
  ...{ type: 'Microsoft.Compute/virtualMachines', list: 'vms.list', single: 'vm', read: toListedVm },
};
const NICS: Source<ReturnType<typeof toListedNic>> = {
  ...{ type: 'Microsoft.Network/networkInterfaces', list: 'nics.list', single: 'nic', read: toListedNic },
};
const GROUPS: Source<ReturnType<typeof toSecurityGroup>> = {
  ...{ type: 'Microsoft.Network/networkSecurityGroups', list: 'nsgs.list', single: 'nsg' },
  read: (body) => toSecurityGroup(String(body['id']), flat(body)),
};
const VNETS: Source<ReturnType<typeof toVnet>> = {
  ...{ type: 'Microsoft.Network/virtualNetworks', list: 'vnets.list', single: 'vnet', read: toVnet },
};
const PUBLIC_ADDRESSES: Source<ReturnType<typeof toListedPublicAddress>> = {
  ...{ type: 'Microsoft.Network/publicIPAddresses', list: 'publicIp', single: 'publicIp' },
  read: toListedPublicAddress,
};
const FIREWALLS: Source<ReturnType<typeof toFirewall>> = {
  ...{ type: 'Microsoft.Network/azureFirewalls', list: 'firewalls.list', read: toFirewall },
};

/** What is there in a subscription, in memory: the simulation's JSON without the wire and its pages of text. */
export function createFakeInventory(parts: Parts): Inventory {
  const { service, settings, principal, entrance, topology, assessments, activityLog, now } = parts;
  const spell = spelling(settings);

  /** Enters once for each page, and once for an empty list. */
  async function* paged<T>(
    kind: Kind,
    scope: string,
    action: string,
    limit: Limit,
    items: () => readonly T[],
    size: number,
  ): Pages<T> {
    const [, , subscriptionId = '', , group] = scope.split('/');
    for (let start = 0; ; start += size) {
      if (!topology.hasSubscription(subscriptionId)) throw notFound('subscription', scope);
      await entrance.enter({ kind, id: scope }, { action, scope }, limit);
      if (group !== undefined && !topology.hasGroup(subscriptionId, group)) {
        throw notFound('resource group', scope);
      }
      const all = items();
      yield all.slice(start, start + size);
      if (start + size >= all.length) return;
    }
  }

  const list = <T>({ type, list: kind, read }: Source<T>, id: string, limit: Limit, group?: string) => {
    const inGroup = () =>
      topology.list(id, type).filter((one) => group === undefined || one.group === group.toLowerCase());
    const items = () => inGroup().map(({ resource }) => read(resource.json() as Json));
    return paged(kind, toGroupId(id, group), `${type}/read`, limit, items, settings.listPageSize);
  };

  const get = async <T>({ type, list: many, single, read }: Source<T>, id: string, limit: Limit) => {
    await entrance.enter({ kind: single ?? many, id }, { action: `${type}/read`, scope: id }, limit);
    if (!topology.has(id)) throw notFound(type, id);
    return read(topology.read(id) as Json);
  };

  return {
    azureNow: now,
    vms: (id, group, limit) => list(VMS, id, limit, group),
    vm: (vm, limit) => get(VMS, vm.id, limit),
    nics: (id, limit) => list(NICS, id, limit),
    nic: (id, limit) => get(NICS, id, limit),
    securityGroups: (id, limit) => list(GROUPS, id, limit),
    securityGroup: (id, limit) => get(GROUPS, id, limit),
    vnets: (id, limit) => list(VNETS, id, limit),
    vnet: (id, limit) => get(VNETS, id, limit),
    publicAddress: (id, limit) => get(PUBLIC_ADDRESSES, id, limit),
    firewalls: (id, limit) => list(FIREWALLS, id, limit),
    policies(subscriptionId, resourceGroup, limit) {
      const scope = toGroupId(subscriptionId, resourceGroup);
      const isIn = (id: string) => id.toLowerCase().startsWith(`${scope.toLowerCase()}/`);
      const items = () =>
        service.policies
          .filter(({ id }) => isIn(id))
          .map((policy) => toListedPolicy(policyToJson(policy, now(), spell) as Json));
      return paged('policies.list', scope, `${POLICY_TYPE}/read`, limit, items, settings.pageSize);
    },
    async *assessments(id, limit) {
      const [scope, action] = [toGroupId(id), 'Microsoft.Security/assessments/read'];
      const rows = assessments.rows(id).filter((row) => isAllowed(principal, action, row.id));
      const items = rows.map(({ resourceId, status, cause }) => ({ vmKey: resourceId, status, cause }));
      for (let start = 0; ; start += settings.listPageSize) {
        // Resource Graph leaves out what may not be read, and refuses only who may read nothing at all.
        await entrance.enter({ kind: 'assessments', id: scope }, undefined, limit);
        if (!hasRightsWithin(principal, scope)) throw new ForbiddenError(action, scope);
        yield items.slice(start, start + settings.listPageSize);
        if (start + settings.listPageSize >= items.length) return;
      }
    },
    async *calls(id, fromMs, toMs, limit) {
      const scope = toGroupId(id);
      if (!topology.hasSubscription(id)) throw notFound('subscription', scope);
      const filter = {
        fromMs,
        toMs,
        by: { field: 'resourceProvider', value: 'Microsoft.Security' },
      } as const;
      const right = { action: 'Microsoft.Insights/eventtypes/values/read', scope };
      let start: number | undefined;
      do {
        await entrance.enter({ kind: 'activityLog', id: scope }, right, limit);
        const { entries, next } = activityLog.page(id, filter, settings.listPageSize, start);
        yield entries.flatMap(
          (entry) => toEntry(activityToJson(entry, spell(entry.resourceId)) as Json) ?? [],
        );
        start = next;
      } while (start > 0);
    },
  };
}
