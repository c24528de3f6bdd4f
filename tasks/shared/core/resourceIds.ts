/** The parts of an Azure resource ID, each in the spelling of the original text. */
export interface ResourceId {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  /** Such as `Microsoft.Network`. */
  readonly provider: string;
  /** Such as `['virtualNetworks', 'subnets']` for a subnet. */
  readonly types: readonly string[];
  /** One name for each type. */
  readonly names: readonly string[];
  /** The last name: the resource's own. */
  readonly name: string;
  /** The whole ID, with one slash at the start and none at the end. */
  readonly id: string;
}

/** A virtual machine. */
export interface VmId {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
  /** The full ARM ID, with its parts in the given spelling. */
  readonly id: string;
  /** The ID in lower case. Azure changes the case from call to call, so compare only this. */
  readonly key: string;
}

const GUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
/** Microsoft Learn, "Naming rules and restrictions for Azure resources": Microsoft.Resources/resourcegroups. */
const GROUP_NAME = /^[\p{L}\p{N}_\-.()]{0,89}[\p{L}\p{N}_\-()]$/u;
/** The same page, Microsoft.Compute/virtualMachines. The rule for the end also keeps `..` out of request paths. */
const VM_NAME = /^[^\\/"[\]:|<>+=;,?*@&#%\s\p{Cc}\p{Cs}]{0,63}[^\\/"[\]:|<>+=;,?*@&#%\s\p{Cc}\p{Cs}.]$/u;
/**
 * A part that could change the meaning of a request path although it is encoded there, or that contains half a
 * surrogate pair, which no path can contain. Azure allows names with a percent sign or a hash: the code that creates a
 * path encodes them.
 */
const UNSAFE_PART = /^(?:\.|%2e){0,2}$|[?\\\p{Cc}\p{Cs}]/iu;

/** Whether a text can be one part of a request path: it is not a path itself, and does not lead elsewhere. */
export const isPathPart = (text: string): boolean => !UNSAFE_PART.test(text) && !text.includes('/');

/** Whether two IDs name the same resource, regardless of case. */
export function sameId(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/**
 * Reads the ID of any resource in a resource group (network interface, subnet, NSG, policy). The fixed words can have
 * any case, and a slash at either end is optional. Does not read resources that extend another one.
 */
export function parseResourceId(text: string): ResourceId | undefined {
  const parts = text.replace(/^\//, '').replace(/\/$/, '').split('/');
  const [subscriptions = '', subscriptionId, groups = '', resourceGroup, providers = '', provider, ...rest] =
    parts;
  const types = rest.filter((_, at) => at % 2 === 0);
  const names = rest.filter((_, at) => at % 2 === 1);
  const name = names.at(-1);
  if (!sameId([subscriptions, groups, providers].join('/'), 'subscriptions/resourceGroups/providers'))
    return undefined;
  if (subscriptionId === undefined || resourceGroup === undefined || provider === undefined) return undefined;
  if (name === undefined || types.length !== names.length) return undefined;
  if (parts.some((part) => UNSAFE_PART.test(part)) || types.some((type) => sameId(type, 'providers')))
    return undefined;
  return { subscriptionId, resourceGroup, provider, types, names, name, id: `/${parts.join('/')}` };
}

/** Whether a text is the ID of a subscription. */
export const isSubscriptionId = (text: string): boolean => GUID.test(text);

/** Reads the ID of a subscription from itself or from its ARM ID. */
export function parseSubscription(text: string): string | undefined {
  const place = parsePlace(text);
  const id = place && place.resourceGroup === undefined ? place.subscriptionId : text;
  return isSubscriptionId(id) ? id : undefined;
}

/** Whether Azure allows this name for a resource group. */
export const isGroupName = (text: string): boolean => GROUP_NAME.test(text);

/** Returns the ARM ID of a subscription, or of a resource group in it. */
export const toGroupId = (subscriptionId: string, resourceGroup?: string): string =>
  `/subscriptions/${subscriptionId}${resourceGroup === undefined ? '' : `/resourceGroups/${resourceGroup}`}`;

/** Returns the ARM ID of a just-in-time policy. The parts must be valid. */
export const toPolicyId = (
  subscriptionId: string,
  resourceGroup: string,
  location: string,
  name: string,
): string =>
  `${toGroupId(subscriptionId, resourceGroup)}/providers/Microsoft.Security/locations/${location}/jitNetworkAccessPolicies/${name}`;

/** A subscription, or a resource group in it, in the spelling of the original text. */
export interface Place {
  readonly subscriptionId: string;
  readonly resourceGroup: string | undefined;
}

/** Reads the place at the start of an ARM ID, and how many parts name it. */
function readPlace(parts: readonly string[]): { readonly place: Place; readonly length: number } | undefined {
  const [subscriptions = '', subscriptionId = '', groups = '', resourceGroup = ''] = parts;
  if (!sameId(subscriptions, 'subscriptions') || subscriptionId === '') return undefined;
  return sameId(groups, 'resourceGroups') && resourceGroup !== ''
    ? { place: { subscriptionId, resourceGroup }, length: 4 }
    : { place: { subscriptionId, resourceGroup: undefined }, length: 2 };
}

/** Returns the place of a resource by its ARM ID, or `undefined` for an ID outside any subscription. */
export const placeOf = (id: string): Place | undefined =>
  id.startsWith('/') ? readPlace(id.slice(1).split('/'))?.place : undefined;

/** Reads the ARM ID of a subscription or a resource group, and of nothing else. The slash at the start is optional. */
export function parsePlace(text: string): Place | undefined {
  const parts = text.replace(/^\//, '').split('/');
  const found = readPlace(parts);
  return found?.length === parts.length ? found.place : undefined;
}

/** Returns the ARM ID of a resource's group, in the same spelling. Returns an ID outside any group unchanged. */
export function groupIdOf(id: string): string {
  const place = placeOf(id);
  return place?.resourceGroup === undefined ? id : id.split('/').slice(0, 5).join('/');
}

/** Returns the ARM ID of a subnet's virtual network. */
export const vnetIdOf = (subnetId: string): string => subnetId.replace(/\/subnets\/[^/]*$/i, '');

/** Returns the name at the end of an ID. Returns a text that is not an ID unchanged. */
export const nameIn = (id: string): string => id.slice(id.lastIndexOf('/') + 1);

/** Returns the name after a word of an ID, such as the one after `ruleCollections`. Empty if there is none. */
export function nameAfter(id: string, word: string): string {
  const parts = id.split('/');
  const at = parts.findIndex((part) => sameId(part, word));
  return at === -1 ? '' : (parts[at + 1] ?? '');
}

/** Returns the part of an ID up to the name after a word, which is the ID of that resource. Empty if there is none. */
export function idUpTo(id: string, word: string): string {
  const parts = id.split('/');
  const at = parts.findIndex((part) => sameId(part, word));
  return at === -1 || !parts[at + 1] ? '' : parts.slice(0, at + 2).join('/');
}

/** Builds the ID of a VM from parts that are known to be valid. */
export function toVmId(subscriptionId: string, resourceGroup: string, name: string): VmId {
  const id = `${toGroupId(subscriptionId, resourceGroup)}/providers/Microsoft.Compute/virtualMachines/${name}`;
  return { subscriptionId, resourceGroup, name, id, key: id.toLowerCase() };
}

/** Returns the subscription, group, and name of a full VM ID, and of nothing else. */
function toFullParts(text: string): readonly string[] | undefined {
  const resource = parseResourceId(text);
  if (
    !resource ||
    !sameId([resource.provider, ...resource.types].join('/'), 'Microsoft.Compute/virtualMachines')
  ) {
    return undefined;
  }
  return [resource.subscriptionId, resource.resourceGroup, resource.name];
}

/**
 * Returns the subscription, group, and name of `group/name`. The start of an incomplete full ID is not read like this.
 */
function toShortParts(text: string, subscriptionId: string): readonly string[] | undefined {
  const parts = text.split('/');
  return parts.length === 2 && !sameId(parts[0] ?? '', 'subscriptions')
    ? [subscriptionId, ...parts]
    : undefined;
}

/**
 * Reads a VM: a full ID with its fixed words in any case, or `group/name` if a subscription is known. Rejects scale set
 * VMs, extensions, and other resources, and a group or name that Azure does not allow.
 */
export function parseVmId(text: string, defaultSubscriptionId?: string): VmId | undefined {
  const trimmed = text.trim();
  const short =
    defaultSubscriptionId === undefined ? undefined : toShortParts(trimmed, defaultSubscriptionId);
  const [subscriptionId = '', resourceGroup = '', name = ''] = toFullParts(trimmed) ?? short ?? [];
  const legal = isSubscriptionId(subscriptionId) && isGroupName(resourceGroup) && VM_NAME.test(name);
  return legal ? toVmId(subscriptionId, resourceGroup, name) : undefined;
}

/** A machine that just-in-time access does not support. It supports only Azure Resource Manager VMs. */
export type OtherMachine = 'classic' | 'scaleSet' | 'arc';

const OTHER_MACHINES: Readonly<Record<string, OtherMachine>> = {
  'microsoft.classiccompute/virtualmachines': 'classic',
  'microsoft.compute/virtualmachinescalesets': 'scaleSet',
  'microsoft.compute/virtualmachinescalesets/virtualmachines': 'scaleSet',
  'microsoft.hybridcompute/machines': 'arc',
};

/** Returns the kind of machine that an ID names, if it is not an Azure Resource Manager VM. Otherwise `undefined`. */
export function parseOtherMachine(text: string): OtherMachine | undefined {
  const { provider = '', types = [] } = parseResourceId(text.trim()) ?? {};
  return OTHER_MACHINES[[provider, ...types].join('/').toLowerCase()];
}
