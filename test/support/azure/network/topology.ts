import { refuse } from '../http/answers';
import type { Settings } from '../settings';
import { createSecurityGroup, type SecurityGroup } from './securityGroups';
import type { NewRule } from './securityRules';

export const DEFAULT_SUBSCRIPTION = '11111111-2222-4333-8444-555555555555';

/** Where something lives. */
export interface Place {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly location: string;
}

/** A security group to make or, when the place has one of that name, to use again. */
export interface NewSecurityGroup {
  readonly name?: string;
  readonly rules?: readonly NewRule[];
}

/** A resource that can only be read. */
export interface Resource {
  readonly id: string;
  readonly json: () => object;
}

/** Everything in Azure's network and compute: resources by id, and the security groups among them. */
export interface Topology {
  put(resource: Resource): void;
  has(id: string): boolean;
  remove(id: string): void;
  /** @throws Refusal 404 `ResourceNotFound`. */
  read(id: string): object;
  securityGroup(id: string): SecurityGroup | undefined;
  ensureSecurityGroup(place: Place, wanted: NewSecurityGroup, fallbackName: string): SecurityGroup;
  /** Which security group a subnet has, by the subnet's id: the next VM in it finds the same. */
  readonly subnetGroups: Map<string, SecurityGroup>;
  addGroup(subscriptionId: string, name: string): void;
  hasSubscription(id: string): boolean;
  hasGroup(subscriptionId: string, name: string): boolean;
}

/** The id of a resource of a provider's type, `Microsoft.Network/virtualNetworks` for example. */
export const resourceId = (
  { subscriptionId, resourceGroup }: Omit<Place, 'location'>,
  type: string,
  name: string,
): string => `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/${type}/${name}`;

export function createTopology(now: () => number, settings: Readonly<Settings>): Topology {
  const resources = new Map<string, Resource>();
  const securityGroups = new Map<string, SecurityGroup>();
  const groups = new Set<string>();
  const subscriptions = new Set<string>();
  const subnetGroups = new Map<string, SecurityGroup>();
  const key = (...parts: readonly string[]): string => parts.join('/').toLowerCase();

  const put = (resource: Resource): void => void resources.set(key(resource.id), resource);

  return {
    put,
    subnetGroups,
    has: (id) => resources.has(key(id)),
    remove: (id) => {
      resources.delete(key(id));
      securityGroups.delete(key(id));
    },
    read(id) {
      const found = resources.get(key(id));
      if (found) return found.json();
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
    hasGroup: (subscriptionId, name) => groups.has(key(subscriptionId, name)),
  };
}
