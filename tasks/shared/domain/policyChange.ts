import { formatIsoDuration, parseIsoDuration } from './durations';
import type { Policy, PortRule } from './policy';
import { overlaps, sameRule } from './portRules';
import { isLive, type PortRequest } from './requests';
import { parseVmId, type VmId } from './resourceIds';
import { prefixesCover } from './sources';

/** JSON as Azure wrote it: what this product does not know of it goes back as it came. */
export type Json = Readonly<Record<string, unknown>>;

/** How a VM is to be in the policy. */
export interface WantedVm {
  readonly vm: VmId;
  readonly rules: readonly PortRule[];
  /** The rules are nobody's choice: they add ports, and never change one that is configured. */
  readonly byDefault: boolean;
}

/** `merge` keeps other ports of the VM, `exact` does not. */
export type Wanted =
  | { readonly action: 'ensure'; readonly mode: 'merge' | 'exact'; readonly vms: readonly WantedVm[] }
  | { readonly action: 'remove'; readonly vms: readonly { readonly vm: VmId }[] };

/** A port before and after; without one of them it is added or removed. */
export interface PortDifference {
  readonly before?: PortRule;
  readonly after?: PortRule;
}

export interface VmDifference {
  readonly vm: VmId;
  readonly change: 'added' | 'changed' | 'removed' | 'none';
  readonly ports: readonly PortDifference[];
}

/** What is to be sent, and what it makes different. `none`: nothing is. */
export interface PolicyChange {
  readonly kind: 'none' | 'put' | 'delete';
  /** The whole policy for a PUT. */
  readonly body: Json;
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
 * @param restore entries of other VMs that were lost, to be put back where they are missing
 */
export function changePolicy(
  current: Json | undefined,
  wanted: Wanted,
  restore: readonly Json[] = [],
): PolicyChange {
  const present = entriesOf(current);
  const missing = restore.filter((entry) => !present.some((other) => keyOf(other) === keyOf(entry)));
  let entries: readonly Json[] = [...present, ...missing];
  const differences: VmDifference[] = [];
  if (wanted.action === 'remove') {
    for (const { vm } of wanted.vms) {
      const own = entries.filter((entry) => keyOf(entry) === vm.key);
      entries = entries.filter((entry) => keyOf(entry) !== vm.key);
      const ports = own.flatMap(rulesOf).map((before) => ({ before }));
      differences.push({ vm, change: own.length > 0 ? 'removed' : 'none', ports });
    }
  } else {
    for (const one of wanted.vms) {
      const own = entries.find((entry) => keyOf(entry) === one.vm.key);
      const { ports, difference } = changePorts(own, one, wanted.mode);
      differences.push(difference);
      if (difference.change === 'added') entries = [...entries, { id: one.vm.id, ports }];
      if (difference.change === 'changed')
        entries = entries.map((entry) => (entry === own ? { ...entry, ports } : entry));
    }
  }
  const changes = missing.length > 0 || differences.some(({ change }) => change !== 'none');
  const kind = !changes ? 'none' : entries.length > 0 ? 'put' : 'delete';
  return { kind, body: toBody(current, entries), differences };
}

/** The VMs of a policy as Azure wrote them. */
export function entriesOf(policy: Json | undefined): readonly Json[] {
  return listIn(propertiesOf(policy), 'virtualMachines');
}

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

/** Whether two readings show the same VMs with the same fields. */
export const sameEntries = (one: Json | undefined, other: Json | undefined): boolean =>
  JSON.stringify(entriesOf(one)).toLowerCase() === JSON.stringify(entriesOf(other)).toLowerCase();

/** Live requests that a change ends or contradicts: the VM or the port goes, or its source is not allowed any more. */
export function disturbedRequests(
  policy: Policy | undefined,
  differences: readonly VmDifference[],
  azureNow: number,
): readonly PortRequest[] {
  return liveRequests(policy, azureNow).filter(({ port }) =>
    differences.some(
      ({ vm, ports }) =>
        vm.key === port.vm.key &&
        ports.some(({ before }) => before?.port === port.port) &&
        !ports.some(({ after }) => after?.port === port.port && prefixesCover(after.sources, port.sources)),
    ),
  );
}

/** The requests in a policy that are open or about to be. `azureNow` is milliseconds since 1970. */
export const liveRequests = (policy: Policy | undefined, azureNow: number): readonly PortRequest[] =>
  (policy?.requests ?? []).flatMap((request) =>
    request.ports.filter((port) => isLive(port, azureNow)).map((port) => ({ request, port })),
  );

/** The id of an entry in lower case. */
export function keyOf(entry: Json): string {
  const id = typeof entry['id'] === 'string' ? entry['id'] : '';
  return parseVmId(id)?.key ?? id.toLowerCase();
}

function changePorts(own: Json | undefined, wanted: WantedVm, mode: 'merge' | 'exact') {
  const present = own ? listIn(own, 'ports').map((entry) => ({ entry, rule: toRule(entry) })) : [];
  const isKept = (rule: PortRule | undefined) =>
    mode === 'merge' && !(rule && wanted.rules.some((one) => overlaps(one, rule)));
  const kept: Json[] = [];
  const after: Json[] = [];
  const ports: PortDifference[] = [];
  const replaced = new Set<Json>();
  for (const rule of wanted.rules) {
    const olds = present.filter((old) => old.rule && overlaps(old.rule, rule));
    const [first] = olds;
    const asItIs = olds.length === 1 && first?.rule && sameRule(first.rule, rule);
    if (first && (asItIs || (wanted.byDefault && mode === 'merge'))) {
      for (const old of olds) after.push(old.entry);
    } else {
      after.push({ ...without(first?.entry ?? {}, RULE_FIELDS), ...toEntry(rule) });
      ports.push({ ...(first?.rule && { before: first.rule }), after: rule });
      for (const old of olds.slice(1)) if (old.rule) ports.push({ before: old.rule });
    }
    for (const old of olds) replaced.add(old.entry);
  }
  for (const { entry, rule } of present) {
    if (replaced.has(entry)) continue;
    if (isKept(rule)) kept.push(entry);
    else ports.push(rule ? { before: rule } : {});
  }
  const change = !own ? 'added' : ports.length > 0 ? 'changed' : 'none';
  const difference: VmDifference = { vm: wanted.vm, change, ports };
  return { ports: [...kept, ...after], difference };
}

/** What this product writes of a rule; other fields of the entry that it replaces stay. */
const RULE_FIELDS = [
  ...['number', 'protocol', 'maxRequestAccessDuration'],
  ...['allowedSourceAddressPrefix', 'allowedSourceAddressPrefixes'],
];

function toEntry({ port, protocol, sources, maxDurationMs }: PortRule): Json {
  return {
    number: port,
    protocol,
    // One or the other, never both.
    ...(sources.length === 1
      ? { allowedSourceAddressPrefix: sources[0] }
      : { allowedSourceAddressPrefixes: sources }),
    maxRequestAccessDuration: formatIsoDuration(maxDurationMs),
  };
}

/** The rules of a VM's entry, those that can be read. */
export const rulesOf = (entry: Json): readonly PortRule[] =>
  listIn(entry, 'ports').flatMap((port) => toRule(port) ?? []);

function toRule(entry: Json): PortRule | undefined {
  const { number, protocol, maxRequestAccessDuration: longest, allowedSourceAddressPrefix: one } = entry;
  const many = entry['allowedSourceAddressPrefixes'];
  const maxDurationMs = typeof longest === 'string' ? parseIsoDuration(longest) : undefined;
  if (typeof number !== 'number' || maxDurationMs === undefined) return undefined;
  const name = typeof protocol === 'string' ? protocol.toUpperCase() : '*';
  const sources = Array.isArray(many) ? many.filter((source) => typeof source === 'string') : [];
  return {
    port: number,
    protocol: name === 'TCP' || name === 'UDP' ? name : '*',
    sources: sources.length > 0 ? sources : [typeof one === 'string' && one !== '' ? one : '*'],
    maxDurationMs,
  };
}

/**
 * The whole policy with these VMs. `requests` stay out: Microsoft's own Set-AzJitNetworkAccessPolicy sends none,
 * and a list that was read a moment ago could undo a request that was made since.
 */
const toBody = (current: Json | undefined, virtualMachines: readonly Json[]): Json => ({
  kind: 'Basic',
  ...without(current ?? {}, OWN_FIELDS),
  properties: { ...without(propertiesOf(current), OWN_PROPERTIES), virtualMachines },
});

const without = (json: Json, names: readonly string[]): Json =>
  Object.fromEntries(Object.entries(json).filter(([name]) => !names.includes(name)));

function propertiesOf(policy: Json | undefined): Json {
  const properties = policy?.['properties'];
  return isJson(properties) ? properties : {};
}

const listIn = (json: Json, name: string): readonly Json[] => {
  const list = json[name];
  return Array.isArray(list) ? list.filter(isJson) : [];
};

const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
