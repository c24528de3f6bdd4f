import { isGroupName, isSubscriptionId, parsePlace, parseVmId, toGroupId, type VmId } from './resourceIds';

/** A scope: a subscription, a resource group in one, or one VM. */
export type Scope =
  | { readonly kind: 'subscription'; readonly id: string; readonly subscriptionId: string }
  | {
      readonly kind: 'group';
      readonly id: string;
      readonly subscriptionId: string;
      readonly resourceGroup: string;
    }
  | { readonly kind: 'vm'; readonly id: string; readonly subscriptionId: string; readonly vm: VmId };

/**
 * Reads a scope, in any case: a subscription by its ID or ARM ID, or a resource group or a VM by its ARM ID. If a
 * subscription is known, also reads a group by its name, and a VM as `group/name`.
 */
export function parseScope(text: string, defaultSubscriptionId?: string): Scope | undefined {
  const trimmed = text.trim().replace(/\/$/, '');
  const vm = parseVmId(trimmed, defaultSubscriptionId);
  if (vm) return toVmScope(vm);
  const place = parsePlace(trimmed);
  if (place) return toScope(place.subscriptionId, place.resourceGroup);
  if (isSubscriptionId(trimmed)) return toScope(trimmed);
  return defaultSubscriptionId === undefined ? undefined : toScope(defaultSubscriptionId, trimmed);
}

/** Returns the scope of a subscription or of a group in it, or `undefined` if Azure does not allow such a name. */
export function toScope(subscriptionId: string, resourceGroup?: string): Scope | undefined {
  if (!isSubscriptionId(subscriptionId)) return undefined;
  const id = toGroupId(subscriptionId, resourceGroup);
  if (resourceGroup === undefined) return { kind: 'subscription', id, subscriptionId };
  return isGroupName(resourceGroup) ? { kind: 'group', id, subscriptionId, resourceGroup } : undefined;
}

/** Returns the scopes without duplicates, and without those inside another one. */
export function widest(scopes: readonly Scope[]): readonly Scope[] {
  const keys = keysOf(scopes);
  const seen = new Set<string>();
  return scopes.filter(({ id }) => {
    const [key = '', ...outer] = idsAround(id);
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew && !outer.some((one) => keys.has(one));
  });
}

const knownKeys = new WeakMap<readonly Scope[], ReadonlySet<string>>();

function keysOf(scopes: readonly Scope[]): ReadonlySet<string> {
  const keys = knownKeys.get(scopes) ?? new Set(scopes.map(({ id }) => id.toLowerCase()));
  knownKeys.set(scopes, keys);
  return keys;
}

/** Whether a resource is in one of the scopes, by its ARM ID. There can be thousands of both. */
export function inScopes(scopes: readonly Scope[], id: string): boolean {
  const keys = keysOf(scopes);
  return idsAround(id).some((one) => keys.has(one));
}

/** Returns an ARM ID and those that contain it, in lower case, the longest first. */
export function idsAround(id: string): readonly string[] {
  const parts = id.toLowerCase().split('/');
  return parts.map((_part, at) => parts.slice(0, parts.length - at).join('/'));
}

/** Returns a VM as a scope. */
export const toVmScope = (vm: VmId): Scope => ({
  ...{ kind: 'vm', id: vm.id, subscriptionId: vm.subscriptionId, vm },
});
