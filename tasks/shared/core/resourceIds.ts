/** An Azure resource id in its parts, each in the spelling of the text it was read from. */
export interface ResourceId {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  /** `Microsoft.Network`. */
  readonly provider: string;
  /** `['virtualNetworks', 'subnets']` for a subnet. */
  readonly types: readonly string[];
  /** One name for each type. */
  readonly names: readonly string[];
  /** The last name: the resource's own. */
  readonly name: string;
  /** The whole id, with one slash in front and none at the end. */
  readonly id: string;
}

/** A virtual machine. */
export interface VmId {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
  /** The full ARM id, parts in the spelling that was given. */
  readonly id: string;
  /** The id in lower case. Azure changes the case from call to call: compare this and nothing else. */
  readonly key: string;
}

const GUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
/** Learn, "Naming rules and restrictions for Azure resources": Microsoft.Resources/resourcegroups. */
const GROUP_NAME = /^[\p{L}\p{N}_\-.()]{0,89}[\p{L}\p{N}_\-()]$/u;
/** The same page, Microsoft.Compute/virtualMachines. The end rule also keeps `..` out of request paths. */
const VM_NAME = /^[^\\/"[\]:|<>+=;,?*@&#%\s\p{Cc}\p{Cs}]{0,63}[^\\/"[\]:|<>+=;,?*@&#%\s\p{Cc}\p{Cs}.]$/u;
/**
 * A part that could change the meaning of a request path although it is encoded there, or that has half a character,
 * which no path can hold. Names with a per cent sign or a hash are Azure's to give: whoever makes a path encodes them.
 */
const UNSAFE_PART = /^(?:\.|%2e){0,2}$|[?\\\p{Cc}\p{Cs}]/iu;

/** Whether a text may be one part of a request path: no path in itself, and none that leads elsewhere. */
export const isPathPart = (text: string): boolean => !UNSAFE_PART.test(text) && !text.includes('/');

/** Whether two ids name the same resource: their case does not matter. */
export function sameId(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/**
 * Reads the id of any resource in a resource group (network interface, subnet, security group, policy), with the
 * fixed words in any case and with or without a slash at either end. Resources that extend another one are not read.
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

/** Whether a text is the id of a subscription. */
export const isSubscriptionId = (text: string): boolean => GUID.test(text);

/** The id of a subscription, from itself or from its ARM id. */
export function parseSubscription(text: string): string | undefined {
  const place = parsePlace(text);
  const id = place && place.resourceGroup === undefined ? place.subscriptionId : text;
  return isSubscriptionId(id) ? id : undefined;
}

/** Whether Azure allows a resource group of this name. */
export const isGroupName = (text: string): boolean => GROUP_NAME.test(text);

/** The ARM id of a subscription, or of a group in it. */
export const toGroupId = (subscriptionId: string, resourceGroup?: string): string =>
  `/subscriptions/${subscriptionId}${resourceGroup === undefined ? '' : `/resourceGroups/${resourceGroup}`}`;

/** The ARM id of a just-in-time policy, from parts that are known to be right. */
export const toPolicyId = (
  subscriptionId: string,
  resourceGroup: string,
  location: string,
  name: string,
): string =>
  `${toGroupId(subscriptionId, resourceGroup)}/providers/Microsoft.Security/locations/${location}/jitNetworkAccessPolicies/${name}`;

/** A subscription, or a resource group in it, in the spelling of the text it was read from. */
export interface Place {
  readonly subscriptionId: string;
  readonly resourceGroup: string | undefined;
}

/** The place at the beginning of an ARM id, and how many parts name it. */
function readPlace(parts: readonly string[]): { readonly place: Place; readonly length: number } | undefined {
  const [subscriptions = '', subscriptionId = '', groups = '', resourceGroup = ''] = parts;
  if (!sameId(subscriptions, 'subscriptions') || subscriptionId === '') return undefined;
  return sameId(groups, 'resourceGroups') && resourceGroup !== ''
    ? { place: { subscriptionId, resourceGroup }, length: 4 }
    : { place: { subscriptionId, resourceGroup: undefined }, length: 2 };
}

/** Where a resource lies, by its ARM id; nothing for an id outside of a subscription. */
export const placeOf = (id: string): Place | undefined =>
  id.startsWith('/') ? readPlace(id.slice(1).split('/'))?.place : undefined;

/** Reads the ARM id of a subscription or of a resource group and of nothing else, with or without the slash in front. */
export function parsePlace(text: string): Place | undefined {
  const parts = text.replace(/^\//, '').split('/');
  const found = readPlace(parts);
  return found?.length === parts.length ? found.place : undefined;
}

/** The ARM id of the resource group that an id lies in, as it is spelled there; an id outside of one is its own. */
export function groupIdOf(id: string): string {
  const place = placeOf(id);
  return place?.resourceGroup === undefined ? id : id.split('/').slice(0, 5).join('/');
}

/** The ARM id of the virtual network that a subnet lies in. */
export const vnetIdOf = (subnetId: string): string => subnetId.replace(/\/subnets\/[^/]*$/i, '');

/** The name that an id ends with; a text that is no id is its own. */
export const nameIn = (id: string): string => id.slice(id.lastIndexOf('/') + 1);

/** The name after a word of an id, such as the one after `ruleCollections`; empty where there is none. */
export function nameAfter(id: string, word: string): string {
  const parts = id.split('/');
  const at = parts.findIndex((part) => sameId(part, word));
  return at === -1 ? '' : (parts[at + 1] ?? '');
}

/** The ID of the resource that is named after a word of an ID inside it; empty where there is none. */
export function idUpTo(id: string, word: string): string {
  const parts = id.split('/');
  const at = parts.findIndex((part) => sameId(part, word));
  return at === -1 || !parts[at + 1] ? '' : parts.slice(0, at + 2).join('/');
}

/** Puts a VM's id together from parts that are known to be right. */
export function toVmId(subscriptionId: string, resourceGroup: string, name: string): VmId {
  const id = `${toGroupId(subscriptionId, resourceGroup)}/providers/Microsoft.Compute/virtualMachines/${name}`;
  return { subscriptionId, resourceGroup, name, id, key: id.toLowerCase() };
}

/** Subscription, group and name of a full id of a VM, and of nothing else. */
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

/** Subscription, group and name of `group/name`. The beginning of a full id, cut off, is not meant that way. */
function toShortParts(text: string, subscriptionId: string): readonly string[] | undefined {
  const parts = text.split('/');
  return parts.length === 2 && !sameId(parts[0] ?? '', 'subscriptions')
    ? [subscriptionId, ...parts]
    : undefined;
}

/**
 * Reads a VM: a full id, its fixed words in any case, or `group/name` where a subscription is known. Scale-set
 * VMs, extensions and other resources are refused, as is a group or name that Azure does not allow.
 */
export function parseVmId(text: string, defaultSubscriptionId?: string): VmId | undefined {
  const trimmed = text.trim();
  const short =
    defaultSubscriptionId === undefined ? undefined : toShortParts(trimmed, defaultSubscriptionId);
  const [subscriptionId = '', resourceGroup = '', name = ''] = toFullParts(trimmed) ?? short ?? [];
  const legal = isSubscriptionId(subscriptionId) && isGroupName(resourceGroup) && VM_NAME.test(name);
  return legal ? toVmId(subscriptionId, resourceGroup, name) : undefined;
}

/** A machine that is none for just-in-time access: it knows VMs of Azure Resource Manager only. */
export type OtherMachine = 'classic' | 'scaleSet' | 'arc';

const OTHER_MACHINES: Readonly<Record<string, OtherMachine>> = {
  'microsoft.classiccompute/virtualmachines': 'classic',
  'microsoft.compute/virtualmachinescalesets': 'scaleSet',
  'microsoft.compute/virtualmachinescalesets/virtualmachines': 'scaleSet',
  'microsoft.hybridcompute/machines': 'arc',
};

/** Which kind of machine an id names that is no VM of Azure Resource Manager; nothing for any other text. */
export function parseOtherMachine(text: string): OtherMachine | undefined {
  const { provider = '', types = [] } = parseResourceId(text.trim()) ?? {};
  return OTHER_MACHINES[[provider, ...types].join('/').toLowerCase()];
}
