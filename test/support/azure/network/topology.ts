import { refuse } from '../http/answers';
import type { Settings } from '../settings';
import { createSecurityGroup, type SecurityGroup } from './securityGroups';
import type { NewRule } from './securityRules';
import type { Vnet } from './vnets';

export const DEFAULT_SUBSCRIPTION = '11111111-2222-4333-8444-555555555555';

/** The place of a resource. */
export interface Place {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly location: string;
}

/** An NSG to create, or to reuse if the place has one with that name. */
export interface NewSecurityGroup {
  readonly name?: string;
  readonly rules?: readonly NewRule[];
}

/** A resource that can only be read. */
export interface Resource {
  readonly id: string;
  readonly json: () => object;
  /** Returns the resource for a read with `$expand`. Absent if its type has none. */
  readonly expanded?: () => object;
}

/** A resource in a list. */
export interface Listed {
  readonly resource: Resource;
  /** The name of its resource group, in lower case. */
  readonly group: string;
}

/** All network and compute resources by ID, with the NSGs and networks among them. */
export interface Topology {
  put(resource: Resource): void;
  has(id: string): boolean;
  remove(id: string): void;
  /** @throws Refusal 404 `ResourceNotFound`. */
  read(id: string, expanded?: boolean): object;
  /** Returns the resources of a provider's type in a subscription, in the order in which they were created. */
  list(subscriptionId: string, type: string): readonly Listed[];
  /** Returns those that no longer exist. */
  removed(subscriptionId: string, type: string): readonly Listed[];
  subscriptionIds(): readonly string[];
  securityGroup(id: string): SecurityGroup | undefined;
  ensureSecurityGroup(place: Place, wanted: NewSecurityGroup, fallbackName: string): SecurityGroup;
  /** By ID, in lower case. */
  readonly vnets: Map<string, Vnet>;
  addGroup(subscriptionId: string, name: string): void;
  hasSubscription(id: string): boolean;
  subscriptions(): readonly string[];
  hasGroup(subscriptionId: string, name: string): boolean;
}

/** Returns the ID of a resource of a provider's type, such as `Microsoft.Network/virtualNetworks`. */
export const resourceId = (
  { subscriptionId, resourceGroup }: Omit<Place, 'location'>,
  type: string,
  name: string,
): string => `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/${type}/${name}`;

export function createTopology(now: () => number, settings: Settings): Topology {
  const resources = new Map<string, Resource>();
  const securityGroups = new Map<string, SecurityGroup>();
  const groups = new Set<string>();
  const subscriptions = new Set<string>();
  const lists = new Map<string, Map<string, Listed>>();
  const removed = new Map<string, Listed[]>();
  const key = (...parts: readonly string[]): string => parts.join('/').toLowerCase();

  function put(resource: Resource): void {
    const id = key(resource.id);
    resources.set(id, resource);
    const { list, group } = whereListed(id);
    const entries = lists.get(list) ?? new Map<string, Listed>();
    lists.set(list, entries.set(id, { resource, group }));
  }

  return {
    put,
    vnets: new Map(),
    has: (id) => resources.has(key(id)),
    list: (subscriptionId, type) => [...(lists.get(key(subscriptionId, type))?.values() ?? [])],
    removed: (subscriptionId, type) => removed.get(key(subscriptionId, type)) ?? [],
    subscriptionIds: () => [...subscriptions],
    remove: (id) => {
      const { list } = whereListed(key(id));
      const listed = lists.get(list)?.get(key(id));
      if (listed) removed.set(list, [...(removed.get(list) ?? []), listed]);
      resources.delete(key(id));
      lists.get(list)?.delete(key(id));
      securityGroups.delete(key(id));
    },
    read(id, expanded = false) {
      const found = resources.get(key(id));
      if (found) return (expanded ? (found.expanded ?? found.json) : found.json)();
      const [, , , , group = '', , ...rest] = id.split('/');
      const what = `The Resource '${rest.join('/')}' under resource group '${group}' was not found.`;
      throw refuse(
        404,
        'ResourceNotFound',
        `${what} For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
      );
    },
    securityGroup: (id) => securityGroups.get(key(id)),
    ensureSecurityGroup(place, wanted, fallbackName) {
      const id = resourceId(place, 'Microsoft.Network/networkSecurityGroups', wanted.name ?? fallbackName);
      const group = securityGroups.get(key(id)) ?? createSecurityGroup(id, place.location, now, settings);
      securityGroups.set(key(id), group);
      put({ id, json: () => group.toJson() });
      for (const rule of wanted.rules ?? []) group.addRule(rule);
      return group;
    },
    addGroup(subscriptionId, name) {
      subscriptions.add(key(subscriptionId));
      groups.add(key(subscriptionId, name));
    },
    hasSubscription: (id) => subscriptions.has(key(id)),
    subscriptions: () => [...subscriptions],
    hasGroup: (subscriptionId, name) => groups.has(key(subscriptionId, name)),
  };
}

/** Returns the list of a resource, as subscription and type. A child, such as a subnet, is in a list of its own. */
function whereListed(id: string): { readonly list: string; readonly group: string } {
  const [, , subscription = '', , group = '', , provider = '', ...path] = id.split('/');
  const types = path.filter((_part, index) => index % 2 === 0);
  return { list: [subscription, provider, ...types].join('/'), group };
}
