import { formatServiceTime, parseInstant, parseIsoDuration } from '../clock';
import { refuse, type Refusal } from '../http/answers';
import type { Settings } from '../settings';
import type { AccessBody } from './access';
import { objectsIn, parseFields, strangeFields, type Fields } from './fields';
import type { Policy, PolicyVm, PortRule } from './policies';
import { allowsSource, isSource } from './sources';

/**
 * The body of an `initiate` in which every port has exactly one kind of end. It has not been compared with policies
 * yet.
 */
export interface Wanted {
  readonly vms: readonly { readonly id: string; readonly ports: readonly Fields[] }[];
  readonly justification?: string;
}

const CODE = 'InvalidInitiateInput';
const PORT_FIELDS = [
  'number',
  'endTimeUtc',
  'duration',
  'allowedSourceAddressPrefix',
  'allowedSourceAddressPrefixes',
] as const;

/** Parses the body. Reports fields that the service does not know, because it would silently drop them. */
export function parseWanted(
  text: string,
  { acceptsDuration, bothEnds }: Pick<Settings, 'acceptsDuration' | 'bothEnds'>,
  onStrange: (field: string) => void,
): Wanted {
  const body = parseFields(text);
  strangeFields(body, ['virtualMachines', 'justification']).forEach(onStrange);
  const vms = objectsIn(body, 'virtualMachines', CODE).map((vm) => {
    strangeFields(vm, ['id', 'ports']).forEach(onStrange);
    const { id } = vm;
    if (typeof id !== 'string') throw refuse(400, CODE, "The field 'id' must be a resource id.");
    return { id, ports: objectsIn(vm, 'ports', CODE) };
  });
  for (const port of vms.flatMap(({ ports }) => ports)) {
    strangeFields(port, PORT_FIELDS).forEach(onStrange);
    const ends = [port['endTimeUtc'], acceptsDuration ? port['duration'] : undefined];
    const given = ends.filter((end) => end !== undefined).length;
    if (given === 0 || (given === 2 && bothEnds === 'refused')) {
      throw refuse(400, CODE, "Only one of fields 'EndTimeUtc' and 'Duration' can be set.");
    }
  }
  const { justification } = body;
  if (justification !== undefined && typeof justification !== 'string') {
    throw refuse(400, CODE, "The field 'justification' must be a text.");
  }
  return { vms, ...(justification === undefined ? {} : { justification }) };
}

const notSubset = (policy: Policy, settings: Readonly<Settings>): Refusal =>
  refuse(
    settings.outsidePolicyStatus,
    settings.outsidePolicyCode,
    `The given access request is not a subset of policy '${policy.id}'. ` +
      'Please make sure that the access request is within the allowed policy properties.',
  );

/** Compares the request with what the policy allows. @throws Refusal 400 for the first port that is not allowed. */
export function judge(
  policy: Policy,
  wanted: Wanted,
  now: number,
  settings: Readonly<Settings>,
): readonly AccessBody[] {
  const seen = new Set<string>();
  return wanted.vms.flatMap(({ id, ports }) => {
    const policyVm = policy.vms.find(({ vm }) => vm.id.toLowerCase() === id.toLowerCase());
    if (!policyVm) throw notSubset(policy, settings);
    return ports.map((port) => {
      const key = `${id.toLowerCase()} ${String(port['number'])}`;
      if (seen.has(key)) throw refuse(400, CODE, `Port ${String(port['number'])} is asked for twice.`);
      seen.add(key);
      return judgePort(policy, policyVm, port, now, settings);
    });
  });
}

function judgePort(
  policy: Policy,
  { vm, ports, publicIpAddress }: PolicyVm,
  port: Fields,
  now: number,
  settings: Readonly<Settings>,
): AccessBody {
  // A request has no protocol. If there are several entries, the one for TCP decides.
  const entries = ports.filter(({ number }) => number === port['number']);
  const rule = entries.find(({ protocol }) => protocol.toUpperCase() !== 'UDP') ?? entries[0];
  if (!rule) throw notSubset(policy, settings);
  const sources = sourcesOf(port, settings);
  const allowed = typeof rule.sources === 'string' ? [rule.sources] : rule.sources;
  if (!sources.every((source) => allowsSource(allowed, source, settings))) throw notSubset(policy, settings);
  const { endsAt, endTimeUtc } = endOf(port, now, settings);
  if (endsAt - now > (parseIsoDuration(rule.maxRequestAccessDuration) ?? 0))
    throw notSubset(policy, settings);
  return {
    vm,
    number: rule.number,
    protocol: rule.protocol,
    sources,
    endsAt,
    endTimeUtc,
    ...(publicIpAddress === undefined ? {} : { mappedPort: mappedPortOf(policy, vm.id, rule) }),
  };
}

/** Returns Azure Firewall's port for a port of a VM. It can be any other port that stays the same. */
function mappedPortOf(policy: Policy, vmId: string, { number }: PortRule): number {
  const ordinal = policy.vms.findIndex(({ vm }) => vm.id === vmId);
  return 13_000 + ordinal * 1000 + (number % 1000);
}

function sourcesOf(
  port: Fields,
  { acceptsPrefixLists, mostSources, seenAddress }: Readonly<Settings>,
): readonly string[] {
  const one = port['allowedSourceAddressPrefix'];
  const list = acceptsPrefixLists ? port['allowedSourceAddressPrefixes'] : undefined;
  if (one !== undefined && list !== undefined) {
    throw refuse(
      400,
      CODE,
      "Only one of 'AllowedSourceAddressPrefix' and 'AllowedSourceAddressPrefixes' can be set.",
    );
  }
  const sources: unknown = list ?? [one ?? seenAddress];
  if (Array.isArray(sources) && sources.length > mostSources)
    throw refuse(400, CODE, `At most ${mostSources} source addresses can be requested.`);
  if (Array.isArray(sources) && sources.length > 0 && sources.every(isText) && sources.every(isSource))
    return sources;
  throw refuse(400, CODE, 'A source must be an IPv4 address, an IPv4 CIDR or *.');
}

const isText = (value: unknown): value is string => typeof value === 'string';

const SHORTEST_MS = 5 * 60_000;

function endOf(
  port: Fields,
  now: number,
  { acceptsDuration, bothEnds, pastEnds, refusesShortEnds }: Readonly<Settings>,
): End {
  const { endTimeUtc } = port;
  const duration = acceptsDuration ? port['duration'] : undefined;
  const isByDuration = endTimeUtc === undefined || (duration !== undefined && bothEnds === 'duration');
  const end = isByDuration ? endByDuration(duration, now) : endByTime(endTimeUtc);
  if (end.endsAt <= now && pastEnds === 'refused')
    throw refuse(400, CODE, "The field 'EndTimeUtc' must lie in the future.");
  if (refusesShortEnds && end.endsAt > now && end.endsAt - now < SHORTEST_MS)
    throw refuse(400, CODE, 'A request must last at least 5 minutes.');
  return end;
}

interface End {
  readonly endsAt: number;
  readonly endTimeUtc: string;
}

function endByDuration(duration: unknown, now: number): End {
  const length = parseIsoDuration(duration);
  if (!length) throw refuse(400, CODE, "The field 'Duration' must be an ISO 8601 duration.");
  return { endsAt: now + length, endTimeUtc: formatServiceTime(now + length) };
}

function endByTime(endTimeUtc: unknown): End {
  const endsAt = parseInstant(endTimeUtc);
  if (!isText(endTimeUtc) || endsAt === undefined)
    throw refuse(400, CODE, "The field 'EndTimeUtc' must be an ISO 8601 time with a zone.");
  return { endsAt, endTimeUtc };
}
