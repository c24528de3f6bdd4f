import { formatServiceTime, parseInstant, parseIsoDuration } from '../clock';
import { refuse, type Refusal } from '../http/answers';
import type { Settings } from '../settings';
import type { AccessBody } from './access';
import { objectsIn, parseFields, strangeFields, type Fields } from './fields';
import type { Policy, PolicyVm, PortRule } from './policies';
import { allowsSource, isSource } from './sources';

/** The body of an `initiate` in which every port has exactly one kind of end. Policies are not looked at yet. */
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

/** Reads the body. Fields that the service does not know are reported: it would drop them without a word. */
export function parseWanted(text: string, onStrange: (field: string) => void): Wanted {
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
    if ((port['endTimeUtc'] === undefined) === (port['duration'] === undefined)) {
      throw refuse(400, CODE, "Only one of fields 'EndTimeUtc' and 'Duration' can be set.");
    }
  }
  const { justification } = body;
  if (justification !== undefined && typeof justification !== 'string') {
    throw refuse(400, CODE, "The field 'justification' must be a text.");
  }
  return { vms, ...(justification === undefined ? {} : { justification }) };
}

const notSubset = (policy: Policy): Refusal =>
  refuse(
    400,
    'InvalidJitNetworkAccessRequest',
    `The given access request is not a subset of policy '${policy.id}'. ` +
      'Please make sure that the access request is within the allowed policy properties.',
  );

/** Compares what is wanted with what the policy allows. @throws Refusal 400 as soon as one port is outside. */
export function judge(
  policy: Policy,
  wanted: Wanted,
  now: number,
  settings: Readonly<Settings>,
): readonly AccessBody[] {
  const seen = new Set<string>();
  return wanted.vms.flatMap(({ id, ports }) => {
    const policyVm = policy.vms.find(({ vm }) => vm.id.toLowerCase() === id.toLowerCase());
    if (!policyVm) throw notSubset(policy);
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
  // A request carries no protocol: of several entries the one for TCP decides.
  const entries = ports.filter(({ number }) => number === port['number']);
  const rule = entries.find(({ protocol }) => protocol.toUpperCase() !== 'UDP') ?? entries[0];
  if (!rule) throw notSubset(policy);
  const sources = sourcesOf(port, settings);
  const allowed = typeof rule.sources === 'string' ? [rule.sources] : rule.sources;
  const { verbatimSources } = settings;
  if (!sources.every((source) => allowsSource(allowed, source, verbatimSources))) throw notSubset(policy);
  const { endsAt, endTimeUtc } = endOf(port, now);
  if (endsAt - now > (parseIsoDuration(rule.maxRequestAccessDuration) ?? 0)) throw notSubset(policy);
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

/** Azure Firewall's port for a VM's port: any will do, as long as it is another one and stays the same. */
function mappedPortOf(policy: Policy, vmId: string, { number }: PortRule): number {
  const ordinal = policy.vms.findIndex(({ vm }) => vm.id === vmId);
  return 13_000 + ordinal * 1000 + (number % 1000);
}

function sourcesOf(port: Fields, { acceptsPrefixLists, seenAddress }: Readonly<Settings>): readonly string[] {
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
  if (Array.isArray(sources) && sources.length > 0 && sources.every(isText) && sources.every(isSource))
    return sources;
  throw refuse(400, CODE, 'A source must be an IPv4 address, an IPv4 CIDR or *.');
}

const isText = (value: unknown): value is string => typeof value === 'string';

function endOf(port: Fields, now: number): { readonly endsAt: number; readonly endTimeUtc: string } {
  const { endTimeUtc, duration } = port;
  if (endTimeUtc === undefined) {
    const length = parseIsoDuration(duration);
    if (!length) throw refuse(400, CODE, "The field 'Duration' must be an ISO 8601 duration.");
    return { endsAt: now + length, endTimeUtc: formatServiceTime(now + length) };
  }
  const endsAt = parseInstant(endTimeUtc);
  if (!isText(endTimeUtc) || endsAt === undefined) {
    throw refuse(400, CODE, "The field 'EndTimeUtc' must be an ISO 8601 time with a zone.");
  }
  if (endsAt <= now) throw refuse(400, CODE, "The field 'EndTimeUtc' must lie in the future.");
  return { endsAt, endTimeUtc };
}
