import { groupBy } from '../../../../shared/core/groupBy';
import type { AdminRule, PublicSku, SecurityGroup } from '../../../../shared/core/network';
import { placeOf, toGroupId, vnetIdOf } from '../../../../shared/core/resourceIds';
import type { Inventory } from '../azure/inventory';
import type { Pages } from '../../../../shared/azure/paging';
import type { Firewall, Vnet, ListedNic, ListedVm } from '../../../../shared/core/resources';
import { notFound, senselessAnswer } from '../../../../shared/messages/failures';
import * as say from '../messages/reporting';
import { inPool } from '../../../../shared/core/pool';
import type { Limit } from '../../../../shared/core/limits';
import { placesOf, type Catalogue, type Placed } from '../judge/catalogue';
import type { Gaps } from './gaps';

/** How many calls are in progress at the same time. */
export const AT_ONCE = 4;

/**
 * Reads the networks of VMs. For a subscription in `whole`, reads whole lists. Otherwise, reads only what the VMs name,
 * one by one, which needs no right on the subscription. What cannot be read is noted as a gap, and absent.
 *
 * @param whole the subscriptions that are a scope as a whole, in lower case
 */
export async function gatherNetwork(
  inventory: Inventory,
  vms: readonly ListedVm[],
  whole: ReadonlySet<string>,
  gaps: Gaps,
  limit: Limit,
): Promise<Catalogue> {
  const nics = new Map<string, ListedNic>();
  const groups = new Map<string, SecurityGroup>();
  const vnets = new Map<string, Vnet>();
  const firewalls = new Map<string, Firewall[]>();
  const publicSkus = new Map<string, PublicSku>();
  const network = (scope: string, work: () => Promise<void>) => gaps.attempt('network', scope, work);
  const collect = async <T extends { readonly id: string }>(pages: Pages<T>, into: Map<string, T>) => {
    for await (const page of pages) for (const item of page) into.set(item.id.toLowerCase(), item);
  };
  const readAll = async <T extends { readonly id: string }>(
    ids: readonly string[],
    get: (id: string) => Promise<T>,
    into: Map<string, T>,
  ) => {
    const byKey = new Map(ids.map((id) => [id.toLowerCase(), id]));
    const single = [...byKey].filter(([key]) => !whole.has(placeOf(key)?.subscriptionId ?? ''));
    await inPool(single, AT_ONCE, ([key, id]) =>
      network(id, async () => {
        into.set(key, await get(id));
      }),
    );
  };

  await inPool(
    [...whole].flatMap((id) => [
      () => network(toGroupId(id), () => collect(inventory.nics(id, limit), nics)),
      () => network(toGroupId(id), () => collect(inventory.securityGroups(id, limit), groups)),
      () => network(toGroupId(id), () => collect(inventory.vnets(id, limit), vnets)),
    ]),
    AT_ONCE,
    (work) => work(),
  );
  await readAll(
    vms.flatMap(({ nicIds }) => nicIds),
    (id) => inventory.nic(id, limit),
    nics,
  );
  // A list also has the interfaces of private endpoints, whose networks are not needed.
  const found = vms.flatMap(({ nicIds }) => nicIds.flatMap((id) => nics.get(id.toLowerCase()) ?? []));
  const subnetIds = new Set(
    found.flatMap(({ addresses }) => addresses.flatMap(({ subnetId }) => subnetId?.toLowerCase() ?? [])),
  );
  await readAll([...subnetIds].map(vnetIdOf), (id) => inventory.vnet(id, limit), vnets);
  const subnets = [...vnets.values()].flatMap((vnet) => vnet.subnets);
  const filtering = [...subnets.filter(({ id }) => subnetIds.has(id.toLowerCase())), ...found];
  await readAll(
    filtering.flatMap(({ securityGroupId }) => securityGroupId ?? []),
    (id) => inventory.securityGroup(id, limit),
    groups,
  );

  const adminRules = new Map<string, readonly AdminRule[]>();
  const catalogue = { nics, groups, vnets, adminRules, firewalls, publicSkus };
  // A resource that changes between two lists might be in neither. Without a gap, nothing would show that the result is
  // unknown.
  const lost = vms.find((vm) => !placesOf(vm, catalogue));
  if (lost && !gaps.all().some(({ gap }) => gap.part === 'network')) {
    gaps.note('network', lost.vm.id, notFound('whole network of the VM', lost.vm.id));
  }
  for (const { group } of vms.flatMap((vm) => placesOf(vm, catalogue) ?? []).flatMap(attachedOf)) {
    const unclear = group.rules.find(
      ({ direction, senseless }) => direction === 'Inbound' && senseless !== undefined,
    );
    if (unclear) gaps.note('network', group.id, say.senselessRule(group.name, unclear));
  }
  await inPool(
    namedOnce(
      [...subnetIds].map((id) => vnetIdOf(id).toLowerCase()),
      vnets,
    ),
    AT_ONCE,
    ([key, id]) =>
      network(id, async () => {
        const rules: AdminRule[] = [];
        for await (const page of inventory.adminRules(id, limit)) rules.push(...page);
        adminRules.set(key, rules);
        const unclear = rules.find(
          ({ direction, senseless }) => direction === 'Inbound' && senseless !== undefined,
        );
        if (unclear) gaps.note('network', id, say.senselessAdminRule(unclear));
      }),
  );
  // Firewalls and the SKUs of public addresses count only for addresses without an NSG.
  const isBare = ({ network: { groups: own } }: Placed): boolean => own.length === 0;
  const bare = vms.filter((vm) => placesOf(vm, catalogue)?.some(isBare));
  const open = bare.flatMap((vm) => placesOf(vm, catalogue)?.filter(isBare) ?? []);
  const publicIpIds = new Set(open.flatMap(({ publicIpId }) => publicIpId?.toLowerCase() ?? []));
  await inPool([...publicIpIds], AT_ONCE, (id) =>
    network(id, async () => {
      const { sku } = await inventory.publicAddress(id, limit);
      publicSkus.set(id, sku);
      if (sku === 'unknown') throw senselessAnswer(`The public address ${id}`, 'no kind (sku) that is known');
    }),
  );
  await inPool([...groupBy(bare, ({ vm }) => vm.subscriptionId.toLowerCase()).keys()], AT_ONCE, (id) =>
    network(toGroupId(id), async () => {
      const all: Firewall[] = [];
      for await (const page of inventory.firewalls(id, limit)) all.push(...page);
      firewalls.set(id, all);
    }),
  );
  return catalogue;
}

/** Returns each VNet once: its key, and its ID in its own spelling. */
const namedOnce = (keys: readonly string[], vnets: ReadonlyMap<string, Vnet>) =>
  [...new Set(keys)].map((key) => [key, vnets.get(key)?.id ?? key] as const);

const attachedOf = ({ network: { groups } }: Placed) => groups;
