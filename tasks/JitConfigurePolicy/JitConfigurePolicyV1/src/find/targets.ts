import { warnEach } from '../../../../shared/core/crowd';
import { entriesOf, keyOf } from '../plan/policyChange';
import type { WantedVm } from '../plan/policyPorts';
import { oddEntriesOf } from '../../../../shared/core/oddEntries';
import { groupBy } from '../../../../shared/core/groupBy';
import { missingParts } from '../plan/policyReadings';
import { defaultRule } from '../plan/portRules';
import { isPathPart, toPolicyId, type VmId } from '../../../../shared/core/resourceIds';
import { senselessAnswer } from '../../../../shared/messages/failures';
import { oddEntry } from '../../../../shared/messages/oddEntries';
import * as say from '../messages/policies';
import * as failures from '../messages/policyFailures';
import { policyName as policyText } from '../../../../shared/messages/policies';
import { inPool } from '../../../../shared/core/pool';
import type { StoredPolicy, PolicyRef } from '../../../../shared/core/policy';
import type { VmSystem } from '../../../../shared/core/resources';
import type { Limit } from '../../../../shared/core/limits';
import type { ConfigureContext } from '../context';
import { policyNameFor, type ConfigureInputs } from '../plan/inputs';
import type { Target, Targets } from '../plan/target';

/** How many VMs are read at the same time. */
const AT_ONCE = 16;
/** What a policy is named when nobody names it, as in the portal. */
const DEFAULT_NAME = 'default';
/** The longest names of a policy and a VM together (Microsoft's documentation of just-in-time access). */
const LONGEST_NAMES = 56;

const sameText = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/**
 * Finds the policy of every VM: the one that lists it, else one in its group and region. Throws JIT406 for a VM
 * that is not there, JIT411 for names that are too long together, and JIT101 when nobody knows which port is meant.
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
    // A VM that is to be removed may be gone already.
    inPool(action === 'ensure' ? vms : [], AT_ONCE, (vm) => among.getVm(vm, limit)),
  ]);
  if (action === 'ensure' && inputs.rules.length + inputs.removals.length === 0) {
    const silent = vms.filter((_vm, index) => !systems[index]?.system);
    if (silent.length > 0) throw failures.systemsUnknown(silent);
  }
  const policies = new Map([...groups.keys()].map((key, index) => [key, lists[index] ?? []]));
  const found = new Map<string, { ref: PolicyRef; stored: StoredPolicy | undefined; vms: WantedVm[] }>();
  const uncovered: VmId[] = [];
  const elsewhere = new Set<string>();
  const notListed: NotListed[] = [];
  const tooLong: { policy: PolicyRef; vm: string }[] = [];
  vms.forEach((vm, index) => {
    const listed = policies.get(groupKey(vm)) ?? [];
    const all = listed.filter((one) => !isUnreadable(one));
    const isCovered = all.some(isListing(vm));
    refuseUnreadable(listed.filter(isUnreadable), vm, isCovered, inputs, context);
    const listing = listingPolicies(all, vm, inputs, context, notListed);
    const system = systems[index];
    // A VM is put under no policy only to take a port away.
    const hasNoPort = listing.length === 0 && inputs.removals.length > 0 && inputs.rules.length === 0;
    const places =
      system && !hasNoPort
        ? [listing[0] ?? placeFor(vm, system, all, policyNameFor(inputs, vm) || DEFAULT_NAME)]
        : listing;
    if (places.length === 0) uncovered.push(vm);
    if (all.filter(isListing(vm)).length > places.length) elsewhere.add(vm.key);
    for (const place of places) {
      const { ref } = place;
      if (listing.length === 0 && ref.name.length + vm.name.length > LONGEST_NAMES)
        tooLong.push({ policy: ref, vm: vm.name });
      const target = found.get(ref.id.toLowerCase()) ?? { ...place, vms: [] };
      target.vms.push(toWanted(vm, system, inputs));
      found.set(ref.id.toLowerCase(), target);
    }
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
 * The policies of the group that some VMs lie in. A VM that no policy lists is about to be put under one, or to be
 * called uncovered: the list is read once more, and whatever one of the two shows is there.
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
  const findIn = (other: readonly StoredPolicy[], one: StoredPolicy) =>
    other.find((candidate) => policyKey(candidate) === policyKey(one));
  return [
    ...second.map((one) => {
      const before = findIn(first, one);
      return before && missingParts(before.body, one.body).length > 0 ? before : one;
    }),
    ...first.filter((one) => !findIn(second, one)),
  ];
}

const isListing =
  (vm: VmId) =>
  ({ body }: StoredPolicy): boolean =>
    entriesOf(body).some((entry) => keyOf(entry) === vm.key);

/** What tells a policy from others: one without an id that can be read is the same only where all of it is. */
const policyKey = (one: StoredPolicy): string =>
  isUnreadable(one) ? JSON.stringify(one.body) : one.policy.id.toLowerCase();

/** Whether a policy's own id makes no sense, so that it can be neither written nor told from others. */
const isUnreadable = ({ policy }: StoredPolicy): boolean => policy.id === '';

/**
 * Throws JIT604 when a policy that cannot be read lists the VM, or may be the one that it would be put under: a VM that
 * another policy covers stays there.
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

interface NewPolicy {
  readonly ref: PolicyRef;
  readonly stored: StoredPolicy | undefined;
}

/** A VM that the named policy does not list, and the policies that do. */
interface NotListed {
  readonly vm: VmId;
  readonly policyName: string;
  readonly found: readonly PolicyRef[];
}

/**
 * The policies that list the VM and are meant: the named one alone when it is among them. Another one is changed only
 * by putting the VM under it, which it is already: removing takes a VM out of no policy that nobody named.
 */
function listingPolicies(
  all: readonly StoredPolicy[],
  vm: VmId,
  inputs: ConfigureInputs,
  { log }: ConfigureContext,
  notListed: NotListed[],
): readonly NewPolicy[] {
  const policyName = policyNameFor(inputs, vm);
  const listing = all.filter(isListing(vm)).map((stored) => ({ ref: stored.policy, stored }));
  if (!policyName || listing.length === 0) return listing;
  const named = listing.filter(({ ref }) => sameText(ref.name, policyName));
  if (named.length > 0) return named;
  const found = listing.map(({ ref }) => ref);
  if (inputs.action === 'remove') {
    notListed.push({ vm, policyName, found });
    return [];
  }
  for (const other of found) log.line(say.otherPolicyWins(vm, other, policyName));
  return listing;
}

/** Where a VM goes that no policy lists: a policy holds VMs of one group and one region only. */
function placeFor(vm: VmId, { location }: VmSystem, all: readonly StoredPolicy[], name: string): NewPolicy {
  const region = location.toLowerCase().replace(/\s/g, '');
  if (!isPathPart(region)) throw senselessAnswer(`The VM ${vm.id}`, `the location is ${location}`);
  const stored = all.find(
    ({ policy }) => sameText(policy.name, name) && sameText(policy.location.replace(/\s/g, ''), region),
  );
  const { subscriptionId, resourceGroup } = vm;
  const id = toPolicyId(subscriptionId, resourceGroup, region, name);
  const ref = stored?.policy ?? { id, name, subscriptionId, resourceGroup, location: region };
  return { ref, stored };
}

const SYSTEM_PORTS = { linux: 22, windows: 3389 } as const;

function toWanted(vm: VmId, system: VmSystem | undefined, { rules, removals }: ConfigureInputs): WantedVm {
  const own = system?.system;
  if (rules.length + removals.length > 0 || !own) return { vm, rules, removals, byDefault: false };
  return { vm, rules: [defaultRule(SYSTEM_PORTS[own])], removals, byDefault: true };
}

const groupKey = (vm: VmId): string => `${vm.subscriptionId}/${vm.resourceGroup}`.toLowerCase();
