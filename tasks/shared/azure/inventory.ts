import { parseResourceId, toGroupId } from '../domain/resourceIds';
import type { Inventory, Pages } from '../inventory';
import { senselessAnswer } from '../messages/failures';
import type { Limit } from '../world';
import { listCalls } from './read/activityLog';
import type { Arm } from './arm';
import { listAssessments } from './read/assessments';
import type { Call } from './failures';
import {
  flat,
  need,
  toFirewall,
  toListedNic,
  toListedPolicy,
  toListedPublicAddress,
  toListedVm,
  toVnet,
} from './read/inventoryModels';
import { createJsonReader, readItems, toJson } from './jsonReader';
import { NETWORK_API_VERSION } from './read/nic';
import { toSecurityGroup } from './read/securityGroup';
import { COMPUTE_API_VERSION } from './read/vm';
import type { Json } from '../domain/json';

const JIT_API_VERSION = '2020-01-01';

interface Kind<T> {
  /** `Microsoft.Network/networkInterfaces`. */
  readonly type: string;
  /** As in "the network interface". */
  readonly noun: string;
  readonly apiVersion: string;
  readonly read: (body: Json) => T;
}

const network = <T>(type: string, noun: string, read: (body: Json) => T): Kind<T> => ({
  ...{ type: `Microsoft.Network/${type}`, noun, apiVersion: NETWORK_API_VERSION, read },
});

const NICS = network('networkInterfaces', 'network interface', toListedNic);
const VNETS = network('virtualNetworks', 'virtual network', toVnet);
const FIREWALLS = network('azureFirewalls', 'firewall', toFirewall);
const PUBLIC_ADDRESSES = network('publicIPAddresses', 'public address', toListedPublicAddress);
const GROUPS = network('networkSecurityGroups', 'network security group', (body) => {
  const id = body['id'];
  return toSecurityGroup(
    need('A network security group', typeof id === 'string' ? id : undefined),
    flat(body),
  );
});
const VMS = {
  ...{ type: 'Microsoft.Compute/virtualMachines', noun: 'VM', apiVersion: COMPUTE_API_VERSION },
  read: toListedVm,
};
const POLICIES = {
  type: 'Microsoft.Security/jitNetworkAccessPolicies',
  ...{ noun: 'just-in-time policy', apiVersion: JIT_API_VERSION, read: toListedPolicy },
};

/** What is there in a subscription, by way of Azure Resource Manager. */
export function createInventory(arm: Arm): Inventory {
  const reader = createJsonReader(arm);

  async function* list<T>(
    kind: Kind<T>,
    scope: string,
    limit: Limit,
    action = `${kind.type}/read`,
  ): Pages<T> {
    const noun = scope.includes('/resourceGroups/') ? 'resource group' : 'subscription';
    const call: Call = {
      what: `The list of ${plural(kind.noun)}`,
      action,
      scope,
      sought: { noun, id: scope },
    };
    const url = reader.url(`${scope}/providers/${kind.type}`, kind.apiVersion);
    yield* readItems(reader.pages(url, call, limit), (item) => kind.read(toJson(item, call.what)));
  }

  async function get<T>(kind: Kind<T>, id: string, limit: Limit): Promise<T> {
    if (!parseResourceId(id)) throw senselessAnswer('Azure Resource Manager', `the ${kind.noun} id ${id}`);
    const sought = { noun: kind.noun, id };
    const call = { what: `The ${kind.noun} ${id}`, action: `${kind.type}/read`, scope: id, sought };
    return kind.read(await reader.get(reader.url(id, kind.apiVersion), call, limit));
  }

  const ofSubscription =
    <T>(kind: Kind<T>) =>
    (subscriptionId: string, limit: Limit) =>
      list(kind, `/subscriptions/${subscriptionId}`, limit);

  return {
    azureNow: arm.azureNow,
    vms: (subscriptionId, resourceGroup, limit) => list(VMS, toGroupId(subscriptionId, resourceGroup), limit),
    vm: (vm, limit) => get(VMS, vm.id, limit),
    nics: ofSubscription(NICS),
    nic: (id, limit) => get(NICS, id, limit),
    securityGroups: ofSubscription(GROUPS),
    securityGroup: (id, limit) => get(GROUPS, id, limit),
    vnets: ofSubscription(VNETS),
    vnet: (id, limit) => get(VNETS, id, limit),
    publicAddress: (id, limit) => get(PUBLIC_ADDRESSES, id, limit),
    firewalls: ofSubscription(FIREWALLS),
    policies: (subscriptionId, resourceGroup, limit) =>
      list(
        POLICIES,
        toGroupId(subscriptionId, resourceGroup),
        limit,
        'Microsoft.Security/locations/jitNetworkAccessPolicies/read',
      ),
    assessments: (subscriptionId, limit) => listAssessments(arm, subscriptionId, limit),
    calls: (subscriptionId, from, to, limit) => listCalls(reader, subscriptionId, from, to, limit),
  };
}

const plural = (noun: string): string => (noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`);
