import { groupBy } from '../../../../shared/core/groupBy';
import { isJson, itemsIn, without, type Json } from '../../../../shared/core/json';
import type { PortRule } from '../../../../shared/core/policy';
import { changePorts, rulesOf, type VmDifference, type WantedVm } from './policyPorts';
import { parseVmId, type VmId } from '../../../../shared/core/resourceIds';

/** `merge` keeps the other ports of the VM, `exact` does not. */
export type WantedPolicy =
  | { readonly action: 'ensure'; readonly mode: 'merge' | 'exact'; readonly vms: readonly WantedVm[] }
  | { readonly action: 'remove'; readonly vms: readonly { readonly vm: VmId }[] };

/** The request to send for a policy, and the differences that it makes. `none`: nothing is sent. */
export interface PolicyChange {
  readonly kind: 'none' | 'put' | 'delete';
  /** The whole policy for a PUT. */
  readonly body: Json;
  /** The provisioning state after a failed write, if it is the only reason to write the policy. */
  readonly repairs?: string;
  readonly differences: readonly VmDifference[];
}

/** The fields that the service manages itself and does not accept from clients. */
const OWN_FIELDS = ['id', 'name', 'type', 'location', 'etag', 'systemData'];
const OWN_PROPERTIES = ['requests', 'provisioningState', 'virtualMachines'];

/**
 * Determines how a policy must change. Other VMs are carried over unchanged, field by field and in their order, because
 * writing a policy replaces its whole list.
 *
 * @param current the policy as Azure returned it; absent if it does not exist yet
 * @param others the entries of other VMs that are not carried over unchanged
 */
export function changePolicy(
  current: Json | undefined,
  wanted: WantedPolicy,
  { restore = [], leaveOut = [] }: OtherEntries = {},
): PolicyChange {
  const stored = itemsIn(propertiesOf(current), 'virtualMachines');
  // An item that is not an object names no VM, and is written back in its place.
  const present = stored.filter((entry) => !(isJson(entry) && leaveOut.includes(keyOf(entry))));
  const there = new Set(present.filter(isJson).map(keyOf));
  const missing = restore.filter((entry) => !there.has(keyOf(entry)));
  const before = [...present, ...missing];
  const byVm = groupBy(before.filter(isJson), keyOf);
  const differences: VmDifference[] = [];
  const changed = new Map<string, readonly Json[]>();
  if (wanted.action === 'remove') {
    for (const { vm } of wanted.vms) {
      const own = byVm.get(vm.key) ?? [];
      const ports = own.flatMap(rulesOf).map((old) => ({ before: old }));
      differences.push({ vm, change: own.length > 0 ? 'removed' : 'none', ports });
      if (own.length > 0) changed.set(vm.key, []);
    }
  } else {
    for (const one of wanted.vms) {
      const own = byVm.get(one.vm.key) ?? [];
      const { ports, difference } = changePorts(own, one, wanted.mode);
      differences.push(difference);
      const { change } = difference;
      if (change === 'removed') changed.set(one.vm.key, []);
      else if (change !== 'none') changed.set(one.vm.key, [toEntry(one.vm, own, ports)]);
    }
  }
  const entries = replaceEntries(before, changed);
  const body = toBody(current, entries);
  const changes =
    missing.length > 0 ||
    present.length < stored.length ||
    differences.some(({ change }) => change !== 'none');
  if (changes) return { kind: entries.some(isJson) ? 'put' : 'delete', body, differences };
  const state = provisioningStateOf(current ?? {});
  // Without another write, the policy would keep this state.
  const repairs = wanted.action === 'ensure' && isFailed(state);
  return repairs ? { kind: 'put', body, differences, repairs: state } : { kind: 'none', body, differences };
}

/** Returns the only entry of a VM, with all its ports and with the other fields of its previous entries. */
function toEntry({ id }: VmId, own: readonly Json[], ports: readonly unknown[]): Json {
  const fields = own.toReversed().reduce<Json>((all, entry) => ({ ...all, ...entry }), {});
  return { id, ...fields, ports };
}

/**
 * Replaces the entries of VMs in a list. The new ones take the place of the VM's first old one, or go to the end if
 * there is none.
 *
 * @param changed the new entries of each VM that changes, by its key
 */
function replaceEntries(
  entries: readonly unknown[],
  changed: ReadonlyMap<string, readonly Json[]>,
): readonly unknown[] {
  const left = new Map(changed);
  const kept = entries.flatMap((entry): readonly unknown[] => {
    const key = isJson(entry) ? keyOf(entry) : undefined;
    if (key === undefined || !changed.has(key)) return [entry];
    const now = left.get(key) ?? [];
    left.delete(key);
    return now;
  });
  return [...kept, ...[...left.values()].flat()];
}

/** Entries of other VMs that the new list restores or omits. */
export interface OtherEntries {
  /** Lost entries, to be restored if they are missing. */
  readonly restore?: readonly Json[];
  /** Keys of VMs that no longer exist, and with which Azure does not accept the policy. */
  readonly leaveOut?: readonly string[];
}

/** Returns the entries of the VMs in a policy, as Azure returned them. */
export function entriesOf(policy: Json | undefined): readonly Json[] {
  return itemsIn(propertiesOf(policy), 'virtualMachines').filter(isJson);
}

/** Returns the entries of one VM in a policy, as Azure returned it or as it is to be written. */
export const entriesFor = (policy: Json | undefined, { key }: Pick<VmId, 'key'>): readonly Json[] => {
  if (!policy) return [];
  const known = entriesByVm.get(policy) ?? groupBy(entriesOf(policy), keyOf);
  entriesByVm.set(policy, known);
  return known.get(key) ?? [];
};

/** The entries of policies by the keys of their VMs. There can be thousands, and a run searches them for each VM. */
const entriesByVm = new WeakMap<Json, ReadonlyMap<string, readonly Json[]>>();

/** Returns the readable rules of a VM in a policy, as Azure returned it or as it is to be written. */
export const rulesFor = (policy: Json | undefined, vm: VmId): readonly PortRule[] =>
  entriesFor(policy, vm).flatMap(rulesOf);

/**
 * Returns the entries of other VMs that are in `before` but not in `after`.
 *
 * @param own the VMs of this run
 */
export function lostEntries(
  before: Json | undefined,
  after: Json | undefined,
  own: readonly VmId[],
): readonly Json[] {
  const expected = new Set([...own.map(({ key }) => key), ...entriesOf(after).map(keyOf)]);
  return entriesOf(before).filter((entry) => !expected.has(keyOf(entry)));
}

/** Returns the provisioning state of a policy; `Succeeded` if it has none. */
export function provisioningStateOf(policy: Json): string {
  const state = propertiesOf(policy)['provisioningState'];
  return typeof state === 'string' && state !== '' ? state : 'Succeeded';
}

/** Whether a provisioning state is the result of a failed write. */
export const isFailed = (state: string): boolean => /^(failed|canceled|cancelled)$/i.test(state);

/** Whether a policy has `appendMode: true`, so that writing it only adds to its list. */
export const appends = (policy: Json | undefined): boolean => propertiesOf(policy)['appendMode'] === true;

/** Whether two readings show the same VMs with the same fields. */
export const sameEntries = (one: Json | undefined, other: Json | undefined): boolean =>
  JSON.stringify(entriesOf(one)).toLowerCase() === JSON.stringify(entriesOf(other)).toLowerCase();

/** Returns the VM key of an entry, or its ID in lower case if it is not a VM ID. */
export function keyOf(entry: Json): string {
  const id = typeof entry['id'] === 'string' ? entry['id'] : '';
  return parseVmId(id)?.key ?? id.toLowerCase();
}

/**
 * Returns the whole policy with these VMs. `requests` are left out: Microsoft's own Set-AzJitNetworkAccessPolicy sends
 * none, and a list that was read earlier could undo a newer request.
 */
const toBody = (current: Json | undefined, virtualMachines: readonly unknown[]): Json => ({
  kind: 'Basic',
  ...without(current ?? {}, OWN_FIELDS),
  properties: {
    ...without(propertiesOf(current), OWN_PROPERTIES),
    // The list is complete. With `appendMode`, Azure would only add to the old list, and remove nothing.
    ...(appends(current) && { appendMode: false }),
    virtualMachines,
  },
});

function propertiesOf(policy: Json | undefined): Json {
  const properties = policy?.['properties'];
  return isJson(properties) ? properties : {};
}
