import { isJson, itemsIn, without, type Json } from '../../../../shared/core/json';
import type { PortRule } from '../../../../shared/core/policy';
import { changePorts, rulesOf, type VmDifference, type WantedVm } from './policyPorts';
import { parseVmId, type VmId } from '../../../../shared/core/resourceIds';

/** `merge` keeps other ports of the VM, `exact` does not. */
export type WantedPolicy =
  | { readonly action: 'ensure'; readonly mode: 'merge' | 'exact'; readonly vms: readonly WantedVm[] }
  | { readonly action: 'remove'; readonly vms: readonly { readonly vm: VmId }[] };

/** What is to be sent, and what it makes different. `none`: nothing is. */
export interface PolicyChange {
  readonly kind: 'none' | 'put' | 'delete';
  /** The whole policy for a PUT. */
  readonly body: Json;
  /** The state that the policy was left in by a write that failed, where nothing else is a reason to write it. */
  readonly repairs?: string;
  readonly differences: readonly VmDifference[];
}

/** What the service keeps itself, and takes from nobody. */
const OWN_FIELDS = ['id', 'name', 'type', 'location', 'etag', 'systemData'];
const OWN_PROPERTIES = ['requests', 'provisioningState', 'virtualMachines'];

/**
 * What a policy must become. The VMs that are not wanted are carried over as they are, field by field and in
 * their order, because writing a policy replaces its whole list.
 *
 * @param current the policy as Azure wrote it; absent when there is none yet
 * @param others which entries of other VMs are not carried over as they are
 */
export function changePolicy(
  current: Json | undefined,
  wanted: WantedPolicy,
  { restore = [], leaveOut = [] }: OtherEntries = {},
): PolicyChange {
  const stored = itemsIn(propertiesOf(current), 'virtualMachines');
  // What is no object names no VM, and goes back where it stood.
  const present = stored.filter((entry) => !(isJson(entry) && leaveOut.includes(keyOf(entry))));
  const missing = restore.filter((entry) => !present.some(isEntryOf(keyOf(entry))));
  let entries: readonly unknown[] = [...present, ...missing];
  const differences: VmDifference[] = [];
  if (wanted.action === 'remove') {
    for (const { vm } of wanted.vms) {
      const own = entries.filter(isJson).filter(isEntryOf(vm.key));
      entries = entries.filter((entry) => !isEntryOf(vm.key)(entry));
      const ports = own.flatMap(rulesOf).map((before) => ({ before }));
      differences.push({ vm, change: own.length > 0 ? 'removed' : 'none', ports });
    }
  } else {
    for (const one of wanted.vms) {
      const own = entries.filter(isJson).filter(isEntryOf(one.vm.key));
      const { ports, difference } = changePorts(own, one, wanted.mode);
      differences.push(difference);
      const { change } = difference;
      if (change === 'removed') entries = replaceEntries(entries, own, []);
      else if (change !== 'none') entries = replaceEntries(entries, own, [toEntry(one.vm, own, ports)]);
    }
  }
  const body = toBody(current, entries);
  const changes =
    missing.length > 0 ||
    present.length < stored.length ||
    differences.some(({ change }) => change !== 'none');
  if (changes) return { kind: entries.some(isJson) ? 'put' : 'delete', body, differences };
  const state = provisioningStateOf(current ?? {});
  // Without another write it would stay as it is for ever.
  const repairs = wanted.action === 'ensure' && isFailed(state);
  return repairs ? { kind: 'put', body, differences, repairs: state } : { kind: 'none', body, differences };
}

/** The one entry of a VM with all of its ports, and the other fields of those that it had. */
function toEntry({ id }: VmId, own: readonly Json[], ports: readonly unknown[]): Json {
  const fields = own.toReversed().reduce<Json>((all, entry) => ({ ...all, ...entry }), {});
  return { id, ...fields, ports };
}

/** The list with other entries where the first of the old ones stood, or at the end. */
function replaceEntries(
  entries: readonly unknown[],
  old: readonly Json[],
  now: readonly Json[],
): readonly unknown[] {
  const [first] = old;
  if (!first) return [...entries, ...now];
  return entries.flatMap((entry): readonly unknown[] => {
    if (entry === first) return now;
    return old.some((one) => one === entry) ? [] : [entry];
  });
}

/** Entries of other VMs that are not carried over as they are. */
export interface OtherEntries {
  /** Those that were lost, to be put back where they are missing. */
  readonly restore?: readonly Json[];
  /** Keys of VMs that do not exist any more, and that Azure takes no policy with. */
  readonly leaveOut?: readonly string[];
}

const isEntryOf =
  (key: string) =>
  (entry: unknown): boolean =>
    isJson(entry) && keyOf(entry) === key;

/** The VMs of a policy as Azure wrote them. */
export function entriesOf(policy: Json | undefined): readonly Json[] {
  return itemsIn(propertiesOf(policy), 'virtualMachines').filter(isJson);
}

/** The rules of a VM in a policy as Azure wrote it or is to, those that can be read. */
export const rulesFor = (policy: Json | undefined, { key }: VmId): readonly PortRule[] =>
  entriesOf(policy)
    .filter((entry) => keyOf(entry) === key)
    .flatMap(rulesOf);

/** The entries of other VMs that were in the policy and are not any more. */
export function lostEntries(
  before: Json | undefined,
  after: Json | undefined,
  own: readonly VmId[],
): readonly Json[] {
  const ownKeys = own.map(({ key }) => key);
  const kept = entriesOf(after).map(keyOf);
  return entriesOf(before).filter((entry) => !ownKeys.includes(keyOf(entry)) && !kept.includes(keyOf(entry)));
}

/** The state that the service gives; a policy without one is ready. */
export function provisioningStateOf(policy: Json): string {
  const state = propertiesOf(policy)['provisioningState'];
  return typeof state === 'string' && state !== '' ? state : 'Succeeded';
}

/** Whether a state is the end of a write that failed. */
export const isFailed = (state: string): boolean => /^(failed|canceled|cancelled)$/i.test(state);

/** Whether a policy says that writing it adds to its list. */
export const appends = (policy: Json | undefined): boolean => propertiesOf(policy)['appendMode'] === true;

/** Whether two readings show the same VMs with the same fields. */
export const sameEntries = (one: Json | undefined, other: Json | undefined): boolean =>
  JSON.stringify(entriesOf(one)).toLowerCase() === JSON.stringify(entriesOf(other)).toLowerCase();

/** The id of an entry in lower case. */
export function keyOf(entry: Json): string {
  const id = typeof entry['id'] === 'string' ? entry['id'] : '';
  return parseVmId(id)?.key ?? id.toLowerCase();
}

/**
 * The whole policy with these VMs. `requests` stay out: Microsoft's own Set-AzJitNetworkAccessPolicy sends none,
 * and a list that was read a moment ago could undo a request that was made since.
 */
const toBody = (current: Json | undefined, virtualMachines: readonly unknown[]): Json => ({
  kind: 'Basic',
  ...without(current ?? {}, OWN_FIELDS),
  properties: {
    ...without(propertiesOf(current), OWN_PROPERTIES),
    // The list is whole: added to the old one, it would take nothing away.
    ...(appends(current) && { appendMode: false }),
    virtualMachines,
  },
});

function propertiesOf(policy: Json | undefined): Json {
  const properties = policy?.['properties'];
  return isJson(properties) ? properties : {};
}
