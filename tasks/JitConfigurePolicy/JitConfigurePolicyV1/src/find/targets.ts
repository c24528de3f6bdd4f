import { warnEach } from '../../../../shared/core/crowd';
import { entriesOf, keyOf, rulesFor } from '../plan/policyChange';
import type { WantedVm } from '../plan/policyPorts';
import { oddEntriesOf } from '../../../../shared/core/oddEntries';
import { groupBy } from '../../../../shared/core/groupBy';
import { missingParts } from '../plan/policyReadings';
import type { VmId } from '../../../../shared/core/resourceIds';
import { senselessAnswer } from '../../../../shared/messages/failures';
import { oddEntry } from '../../../../shared/messages/oddEntries';
import * as say from '../messages/policies';
import * as failures from '../messages/policyFailures';
import { policyName as policyText } from '../../../../shared/messages/policies';
import { inPool } from '../../../../shared/core/pool';
import type { StoredPolicy, PolicyRef } from '../../../../shared/core/policy';
import type { Limit } from '../../../../shared/core/limits';
import type { ConfigureContext } from '../context';
import { policyNameFor, type ConfigureInputs } from '../plan/inputs';
import type { OtherListing, Target, Targets } from '../plan/target';
import { toWanted, wantedInEach } from '../plan/wantedVm';
import { isListing, listingPolicies, meantPolicies, placeFor, sameText, type NotListed } from './places';

/** How many VMs are read at the same time. */
const AT_ONCE = 16;
/** The name of a policy if the inputs name none, as in the portal. */
const DEFAULT_NAME = 'default';
/** The maximum length of the names of a policy and a VM together (Microsoft's documentation of just-in-time access). */
const LONGEST_NAMES = 56;

/**
 * Finds the policy of every VM: the one that lists it, or otherwise one in its resource group and region. Throws JIT406
 * for a VM that does not exist, JIT411 if the names are too long together, JIT604 if a policy of a VM cannot be read,
 * and JIT101 if it is unknown which port to use.
 */
export async function findTargets(
  inputs: ConfigureInputs,
  vms: readonly VmId[],
  context: ConfigureContext,
  limit: Limit,
): Promise<Targets> {
  const { action } = inputs;
  const groups = groupBy(vms, groupKey);
  const among = context.policies.vmsAmong(vms);
  const [lists, systems] = await Promise.all([
    Promise.all([...groups.values()].map((members) => listPolicies(context, members, limit))),
    // A VM that is to be removed might no longer exist.
    inPool(action === 'ensure' ? vms : [], AT_ONCE, (vm) => among.getVm(vm, limit)),
  ]);
  if (action === 'ensure' && inputs.rules.length + inputs.removals.length === 0) {
    const silent = vms.filter((_vm, index) => !systems[index]?.system);
    if (silent.length > 0) throw failures.systemsUnknown(silent);
  }
  const policies = new Map([...groups.keys()].map((key, index) => [key, lists[index] ?? []]));
  const found = new Map<string, { ref: PolicyRef; stored: StoredPolicy | undefined; vms: WantedVm[] }>();
  const uncovered: VmId[] = [];
  const elsewhere: OtherListing[] = [];
  const notListed: NotListed[] = [];
  const tooLong: { policy: PolicyRef; vm: string }[] = [];
  vms.forEach((vm, index) => {
    const listed = policies.get(groupKey(vm)) ?? [];
    const all = listed.filter((one) => !isUnreadable(one));
    const isCovered = all.some(isListing(vm));
    refuseUnreadable(listed.filter(isUnreadable), vm, isCovered, inputs, context);
    const listing = listingPolicies(all, vm, inputs, context, notListed);
    const system = systems[index];
    // Inputs that only remove ports add no VM to a policy.
    const hasNoPort = listing.length === 0 && inputs.removals.length > 0 && inputs.rules.length === 0;
    const places =
      listing.length > 0 || !system || hasNoPort
        ? meantPolicies(listing, inputs)
        : [placeFor(vm, system, all, policyNameFor(inputs, vm) || DEFAULT_NAME)];
    if (places.length === 0) uncovered.push(vm);
    const wanted = wantedInEach(
      places.map(({ stored }) => stored?.body),
      toWanted(vm, system, inputs),
      inputs.mode,
    );
    places.forEach((place, at) => {
      const { ref } = place;
      if (listing.length === 0 && ref.name.length + vm.name.length > LONGEST_NAMES)
        tooLong.push({ policy: ref, vm: vm.name });
      const target = found.get(ref.id.toLowerCase()) ?? { ...place, vms: [] };
      target.vms.push(...wanted.slice(at, at + 1));
      found.set(ref.id.toLowerCase(), target);
    });
    const others = all
      .filter((one) => isListing(vm)(one) && places.every(({ stored }) => stored !== one))
      .map(({ policy: ref, body }): OtherListing => ({ vm, ref, ports: rulesFor(body, vm) }));
    // A VM that the named policy does not list gets the warning below instead.
    if (places.length > 0) for (const other of others) context.log.line(say.alsoListed(other));
    elsewhere.push(...others);
  });
  warnEach(
    context.log,
    notListed,
    ({ vm, policyName, found: others }) => say.notInNamedPolicy(vm, policyName, others),
    say.moreNotInNamedPolicy,
  );
  if (tooLong.length > 0) throw failures.nameTooLong(tooLong);
  const targets = [...found.values()].map(({ ref, stored, vms: own }): Target => ({
    ...{ ref, stored },
    wanted: action === 'remove' ? { action, vms: own } : { action, mode: inputs.mode, vms: own },
  }));
  return { targets, uncovered, elsewhere };
}

/**
 * Lists the policies of the resource group of some VMs. A VM that no policy lists would be added to a policy or
 * reported as uncovered. Therefore, the list is then read a second time, and whatever one of the two responses shows
 * counts as present.
 */
async function listPolicies(
  { policies }: ConfigureContext,
  members: readonly VmId[],
  limit: Limit,
): Promise<readonly StoredPolicy[]> {
  const [member] = members;
  if (!member) return [];
  const list = () => policies.list(member.subscriptionId, member.resourceGroup, limit);
  const first = await list();
  const listed = new Set(first.flatMap(({ body }) => entriesOf(body).map(keyOf)));
  if (members.every(({ key }) => listed.has(key))) return first;
  const second = await list();
  const earlier = groupBy(first, policyKey);
  const later = groupBy(second, policyKey);
  return [
    ...second.map((one) => {
      const before = earlier.get(policyKey(one))?.[0];
      return before && missingParts(before.body, one.body).length > 0 ? before : one;
    }),
    ...first.filter((one) => !later.has(policyKey(one))),
  ];
}

/** Returns the key of a policy. A policy whose ID cannot be read is the same only if its whole content is the same. */
const policyKey = (one: StoredPolicy): string =>
  isUnreadable(one) ? JSON.stringify(one.body) : one.policy.id.toLowerCase();

/** Whether a policy's own ID cannot be interpreted, so that the policy can be neither written nor identified. */
const isUnreadable = ({ policy }: StoredPolicy): boolean => policy.id === '';

/**
 * Throws JIT604 if a policy that cannot be read lists the VM, or might be the one to which the VM would be added. A VM
 * that another policy covers stays there. Otherwise, warns of such a policy.
 */
function refuseUnreadable(
  unreadable: readonly StoredPolicy[],
  vm: VmId,
  isCovered: boolean,
  inputs: ConfigureInputs,
  { log }: ConfigureContext,
): void {
  const policyName = policyNameFor(inputs, vm);
  for (const { policy, body } of unreadable) {
    const [problem] = oddEntriesOf([policy]);
    if (!problem) continue;
    const names = ['', policyName || DEFAULT_NAME].some((name) => sameText(policy.name, name));
    const lists = entriesOf({ properties: body['properties'] ?? {} }).some(
      (entry) => keyOf(entry) === vm.key,
    );
    if (lists || (names && !isCovered))
      throw senselessAnswer(`The just-in-time policy ${policyText(policy)}`, problem.entry.problem);
    log.warning(oddEntry(problem));
  }
}

const groupKey = (vm: VmId): string => `${vm.subscriptionId}/${vm.resourceGroup}`.toLowerCase();
