import { toEntry } from '../../../tasks/JitReport/JitReportV1/src/azure/activityLog';
import { toAdminRule } from '../../../tasks/shared/azure/read/adminRules';
import { FIREWALL } from '../../../tasks/shared/azure/read/firewall';
import { LISTED_NIC } from '../../../tasks/shared/azure/read/nic';
import { REPORTED_POLICY } from '../../../tasks/shared/azure/read/policy';
import { PUBLIC_ADDRESS } from '../../../tasks/shared/azure/read/publicAddress';
import { SECURITY_GROUP } from '../../../tasks/shared/azure/read/securityGroup';
import { LISTED_VM } from '../../../tasks/shared/azure/read/vm';
import { LISTED_VNET } from '../../../tasks/shared/azure/read/vnet';
import type { Kind as ArmKind } from '../../../tasks/shared/azure/reader';
import { toGroupId } from '../../../tasks/shared/core/resourceIds';
import type { Inventory } from '../../../tasks/JitReport/JitReportV1/src/azure/inventory';
import type { Pages } from '../../../tasks/shared/azure/paging';
import { notFound } from '../../../tasks/shared/messages/failures';
import { forbidden } from '../../../tasks/shared/messages/refusals';
import type { Limit } from '../../../tasks/shared/core/limits';
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

/** How to read one kind of resource, and the names of its list and single read in faults. */
interface Source<T> extends ArmKind<T> {
  readonly list: Kind;
  readonly single?: Kind;
}

const VMS = { ...LISTED_VM, list: 'vms.list', single: 'vm' } as const;
const NICS = { ...LISTED_NIC, list: 'nics.list', single: 'nic' } as const;
const GROUPS = { ...SECURITY_GROUP, list: 'nsgs.list', single: 'nsg' } as const;
const VNETS = { ...LISTED_VNET, list: 'vnets.list', single: 'vnet' } as const;
const PUBLIC_ADDRESSES = { ...PUBLIC_ADDRESS, list: 'publicIp', single: 'publicIp' } as const;
const FIREWALLS = { ...FIREWALL, list: 'firewalls.list' } as const;

/** Creates the inventory of a subscription in memory: the simulation's JSON without HTTP and its pages. */
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
    const items = () => inGroup().map(({ resource }) => read(resource.json()));
    return paged(kind, toGroupId(id, group), `${type}/read`, limit, items, settings.listPageSize);
  };

  const get = async <T>({ type, list: many, single, read }: Source<T>, id: string, limit: Limit) => {
    await entrance.enter({ kind: single ?? many, id }, { action: `${type}/read`, scope: id }, limit);
    if (!topology.has(id)) throw notFound(type, id);
    return read(topology.read(id), id);
  };

  return {
    // Also for a test's own inventory that is based on this one.
    among(this: Inventory) {
      return this;
    },
    azureNow: now,
    vms: (id, group, limit) => list(VMS, id, limit, group),
    vm: (vm, limit) => get(VMS, vm.id, limit),
    nics: (id, limit) => list(NICS, id, limit),
    nic: (id, limit) => get(NICS, id, limit),
    securityGroups: (id, limit) => list(GROUPS, id, limit),
    securityGroup: (id, limit) => get(GROUPS, id, limit),
    vnets: (id, limit) => list(VNETS, id, limit),
    vnet: (id, limit) => get(VNETS, id, limit),
    async *adminRules(id, limit) {
      const action = 'Microsoft.Network/virtualNetworks/listNetworkManagerEffectiveSecurityAdminRules/action';
      await entrance.enter({ kind: 'adminRules', id }, { action, scope: id }, limit);
      if (!topology.has(id)) throw notFound('virtual network', id);
      yield (topology.vnets.get(id.toLowerCase())?.adminRules ?? []).map(toAdminRule);
    },
    publicAddress: (id, limit) => get(PUBLIC_ADDRESSES, id, limit),
    firewalls: (id, limit) => list(FIREWALLS, id, limit),
    policies(subscriptionId, resourceGroup, limit) {
      const scope = toGroupId(subscriptionId, resourceGroup);
      const isIn = (id: string) => id.toLowerCase().startsWith(`${scope.toLowerCase()}/`);
      const items = () =>
        service.policies
          .filter(({ id }) => isIn(id))
          .map((policy) => REPORTED_POLICY.read(policyToJson(policy, now(), spell)));
      return paged('policies.list', scope, `${POLICY_TYPE}/read`, limit, items, settings.pageSize);
    },
    async *assessments(id, limit) {
      const [scope, action] = [toGroupId(id), 'Microsoft.Security/assessments/read'];
      const rows = assessments.rows(id).filter((row) => isAllowed(principal, action, row.id));
      const items = rows.map(({ resourceId, status, cause }) => ({ vmKey: resourceId, status, cause }));
      for (let start = 0; ; start += settings.listPageSize) {
        // Resource Graph omits what the caller has no permission to read, and refuses only a caller without any read
        // permission.
        await entrance.enter({ kind: 'assessments', id: scope }, undefined, limit);
        if (!hasRightsWithin(principal, scope)) throw forbidden(action, scope);
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
        yield entries.flatMap((entry) => toEntry(activityToJson(entry, spell(entry.resourceId))) ?? []);
        start = next;
      } while (start > 0);
    },
  };
}
