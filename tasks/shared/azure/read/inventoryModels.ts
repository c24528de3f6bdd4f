import type { Json } from '../../domain/json';
import { parseVmId } from '../../domain/resourceIds';
import { CodedError } from '../../errors';
import type {
  Firewall,
  ListedAssessment,
  ListedNic,
  ListedPolicy,
  ListedPublicAddress,
  ListedVm,
  NatRule,
  Vnet,
} from '../../inventory';
import { senselessAnswer } from '../../messages/failures';
import { toPolicy } from './policy';
import { flatten } from '../jsonReader';
import { hasRouteTable, toNicAddresses, toPublicAddress, toSecurityGroupId } from './nic';
import { readOr, vmKeyIn } from './odd';
import { shapeOf, type Shape } from './shape';
import { toVmResource, toVmSystem } from './vm';
import { toVnetSpace } from './vnet';

/** Turns Azure's JSON of a VM into the product's. */
export function toListedVm(body: Json): ListedVm {
  const what = 'A VM';
  const id = shapeOf(body, what).text('id');
  const vm = parseVmId(id);
  // Left out, it would be missing from every count, and nothing would say so.
  if (!vm) throw senselessAnswer(what, `the id ${id}`);
  return { vm, ...toVmSystem(body, what), nicIds: toVmResource(body).nicIds };
}

/** Turns Azure's JSON of a NIC into the product's. */
export function toListedNic(body: Json): ListedNic {
  const model = flat(body);
  const shape = shapeOf(model, 'A network interface');
  return {
    id: shape.text('id'),
    securityGroupId: toSecurityGroupId(shape),
    addresses: toNicAddresses(model),
  };
}

/** Turns Azure's JSON of a virtual network into the product's. */
export function toVnet(body: Json): Vnet {
  const model = flat(body);
  const shape = shapeOf(model, 'A virtual network');
  return {
    id: shape.text('id'),
    space: toVnetSpace(model),
    subnets: shape.list('subnets').map((subnet) => ({
      id: subnet.text('id'),
      securityGroupId: toSecurityGroupId(subnet),
      hasRouteTable: hasRouteTable(subnet),
    })),
    peeredVnetIds: shape
      .list('virtualNetworkPeerings')
      .flatMap((peering) => peering.optional('remoteVirtualNetwork')?.optionalText('id') ?? []),
  };
}

/** Turns Azure's JSON of a public address into the product's. */
export function toListedPublicAddress(body: Json): ListedPublicAddress {
  const model = flat(body);
  return { id: shapeOf(model, 'A public address').text('id'), sku: toPublicAddress(model).sku };
}

/** Turns Azure's JSON of a firewall into the product's. https://learn.microsoft.com/rest/api/virtualnetwork/azure-firewalls/get */
export function toFirewall(body: Json): Firewall {
  const shape = shapeOf(flat(body), 'A firewall');
  const subnetIds = shape
    .list('ipConfigurations')
    .flatMap((configuration) => configuration.optional('subnet')?.optionalText('id') ?? []);
  return {
    id: shape.text('id'),
    name: shape.optionalText('name') ?? '',
    vnetId: subnetIds[0]?.replace(/\/subnets\/[^/]*$/i, ''),
    hasPolicy: shape.optional('firewallPolicy')?.optionalText('id') !== undefined,
    natRules: shape.list('natRuleCollections').flatMap((collection) => {
      const priority = collection.optionalInteger('priority') ?? 0;
      return collection.list('rules').flatMap((rule) => toNatRule(rule, priority) ?? []);
    }),
  };
}

function toNatRule(rule: Shape, priority: number): NatRule | undefined {
  const translatedAddress = rule.optionalText('translatedAddress');
  const translatedPort = Number(rule.optionalText('translatedPort'));
  // A rule may lead to a name, which is resolved by the firewall only.
  if (translatedAddress === undefined || !Number.isInteger(translatedPort)) return undefined;
  return {
    name: rule.optionalText('name') ?? '',
    priority,
    protocols: rule.texts('protocols'),
    sources: rule.texts('sourceAddresses'),
    translatedAddress,
    translatedPort,
  };
}

/** Turns Azure's JSON of a policy into the product's; one that makes no sense is told with the VMs that it names. */
export function toListedPolicy(body: Json): ListedPolicy {
  const what = 'The just-in-time service';
  const model = flatten(body, what);
  const shape = shapeOf(model, what);
  const id = shape.text('id');
  const vms = readOr(
    () => shape.items('virtualMachines'),
    () => undefined,
  );
  const vmKeys = (vms ?? []).flatMap((vm) => vmKeyIn(vm) ?? []);
  try {
    return { id, vmKeys, policy: toPolicy(model) };
  } catch (error) {
    if (error instanceof CodedError) return { id, vmKeys, failure: error };
    throw error;
  }
}

/** Turns a row that Resource Graph gives into the product's. */
export const toAssessment = (row: Shape): ListedAssessment => ({
  vmKey: row.text('resourceId').toLowerCase(),
  status: row.optionalText('status') ?? '',
  cause: row.optionalText('cause') ?? '',
});

const MOST_DEPTH = 100;

/**
 * The JSON with the properties of every object in it beside its other fields, as the SDKs have it: the readers of
 * networks are made for both. Throws JIT604 for objects nested so deeply that Azure cannot have written them.
 */
export function flat(body: Json, depth = 0): Json {
  if (depth > MOST_DEPTH)
    throw senselessAnswer('Azure Resource Manager', 'objects in objects without an end');
  const inside = (value: unknown): unknown => (isObject(value) ? flat(value, depth + 1) : value);
  const entries = Object.entries(body).flatMap(([name, value]): [string, unknown][] => {
    const inner = Array.isArray(value) ? value.map(inside) : inside(value);
    return name === 'properties' && isObject(inner) ? Object.entries(inner) : [[name, inner]];
  });
  return Object.fromEntries(entries);
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The id of what a list's item is. Throws JIT604. */
export function need<T>(what: string, found: T | undefined): T {
  if (found === undefined) throw senselessAnswer(what, 'an id of another kind');
  return found;
}
