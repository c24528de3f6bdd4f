import { parseTime } from '../../core/times';
import type {
  JitNetworkAccessPolicy,
  JitNetworkAccessRequest,
  JitNetworkAccessRequestPort,
  JitNetworkAccessRequestVirtualMachine,
} from '@azure/arm-security';
import { groupBy } from '../../core/groupBy';
import { ANY, parsePrefix, parsePrefixes, type Prefix } from '../../core/prefixes';
import type { AccessRequest, OddEntry, RequestedPort } from '../../core/policy';
import { parseVmId, type VmId } from '../../core/resourceIds';
import { eachOnce } from '../../core/sources';
import { fieldOf, portIn, readOr, vmKeyIn } from './odd';
import { shapeOf, type Shape } from './shape';

/** The sender that a failure names for an invalid response. */
export const JIT_SERVICE = 'The just-in-time service';

/** The longest duration of a request in milliseconds: a day, by the service's specification. */
const LONGEST_MS = 86_400_000;

/** Converts the response to a request for access. Throws JIT604 if any part is invalid. */
export function toAccessRequest(model: unknown): AccessRequest {
  const shape = shapeOf<JitNetworkAccessRequest>(model, JIT_SERVICE);
  const ports = shape.list('virtualMachines').flatMap((entry) => {
    const vm = parseVmId(entry.text('id'));
    return vm ? entry.list('ports').map((port) => toRequestedPort(vm, port)) : [];
  });
  return { ...readHead(shape), ports: joinSources(ports) };
}

/** Returns the requests of a policy. The invalid parts of a request are added to `odd`; its other ports are kept. */
export function readRequests(
  policy: Shape<JitNetworkAccessPolicy>,
  odd: OddEntry[],
): readonly AccessRequest[] {
  const note = (raw: Readonly<Record<string, unknown>>, known: Partial<OddEntry> & { problem: string }) =>
    odd.push({
      ...{ part: 'request', vmKey: undefined, port: undefined, mayLastUntil: lastsUntil(raw), ...known },
    });
  const items = readOr(
    () => policy.items('requests'),
    (problem) => note({}, { problem }),
  );
  return (items ?? []).flatMap((item): readonly AccessRequest[] => {
    const startTimeUtc = fieldOf(item, 'startTimeUtc');
    let headProblem = '';
    const request = () => shapeOf<JitNetworkAccessRequest>(item, JIT_SERVICE);
    const head = readOr(
      () => readHead(request()),
      (problem) => (headProblem = problem),
    );
    const vms = readOr(
      () => request().items('virtualMachines'),
      (problem) => note({ startTimeUtc }, { problem }),
    );
    if (!vms) return [];
    const ports = vms.flatMap((entry) => {
      const shape = () => shapeOf<JitNetworkAccessRequestVirtualMachine>(entry, JIT_SERVICE);
      let vmProblem = headProblem;
      const id = readOr(
        () => shape().text('id'),
        (problem) => (vmProblem = problem),
      );
      const vm = id === undefined ? undefined : parseVmId(id);
      // The entry is not about a VM.
      if (id !== undefined && !vm) return [];
      const vmKey = vmKeyIn(entry);
      const list = readOr(
        () => shape().items('ports'),
        (problem) => note({ startTimeUtc }, { vmKey, problem }),
      );
      return (list ?? []).flatMap((raw): readonly RequestedPort[] => {
        let problem = vmProblem;
        const port =
          vm &&
          readOr(
            () => toRequestedPort(vm, shapeOf(raw, JIT_SERVICE)),
            (own) => (problem = own),
          );
        if (port && head) return [port];
        note({ startTimeUtc, ...toObject(raw) }, { vmKey, port: portIn(raw), problem });
        return [];
      });
    });
    return head ? [{ ...head, ports: joinSources(ports) }] : [];
  });
}

function readHead(shape: Shape<JitNetworkAccessRequest>): Omit<AccessRequest, 'ports'> {
  return {
    startedAt: new Date(shape.time('startTimeUtc')).toISOString(),
    requestor: shape.optionalText('requestor') ?? '',
    justification: shape.optionalText('justification') ?? '',
  };
}

function toRequestedPort(vm: VmId, port: Shape<JitNetworkAccessRequestPort>): RequestedPort {
  const mappedPort = port.optionalPort('mappedPort');
  return {
    vm,
    port: port.port('number'),
    sources: toSources(port),
    endsAt: port.time('endTimeUtc'),
    status: known(STATUSES, port.optionalText('status') ?? ''),
    statusReason: known(STATUS_REASONS, port.optionalText('statusReason') ?? ''),
    ...(mappedPort !== undefined && { mappedPort }),
  };
}

/** Joins the entries of a request that differ in their sources only. Azure can have one entry for each source. */
function joinSources(ports: readonly RequestedPort[]): readonly RequestedPort[] {
  if (ports.length < 2) return ports;
  const alike = groupBy(ports, ({ vm, port, endsAt, status, statusReason, mappedPort }) =>
    [vm.key, port, endsAt, status, statusReason, mappedPort].join(' '),
  );
  if (alike.size === ports.length) return ports;
  return [...alike.values()].flatMap(([first, ...more]) =>
    first ? [{ ...first, sources: eachOnce([first, ...more].flatMap(({ sources }) => sources)) }] : [],
  );
}

const STATUSES = ['Initiating', 'Initiated', 'Revoked'];
const STATUS_REASONS = ['UserRequested', 'Expired', 'NewerRequestInitiated'];

/** Returns a known word in Azure's spelling, regardless of its case. Other words are kept as they are. */
const known = (words: readonly string[], text: string): string =>
  words.find((word) => word.toLowerCase() === text.toLowerCase()) ?? text;

/** Reads one prefix or a list, never both. No prefix means any address, which is the widest meaning. */
export function toSources(shape: {
  optionalText(name: 'allowedSourceAddressPrefix'): string | undefined;
  texts(name: 'allowedSourceAddressPrefixes'): readonly string[];
}): readonly Prefix[] {
  const many = shape.texts('allowedSourceAddressPrefixes');
  const one = shape.optionalText('allowedSourceAddressPrefix');
  if (many.length > 0) return parsePrefixes(many);
  return [one === undefined || one === '' ? ANY : parsePrefix(one)];
}

/**
 * Returns when an invalid request ends at the latest, in milliseconds since 1970 on Azure's clock. 0 if it is over, and
 * `Infinity` if neither its end nor its start can be read.
 */
function lastsUntil({ status, endTimeUtc, startTimeUtc }: Readonly<Record<string, unknown>>): number {
  if (typeof status === 'string' && status !== '' && !/^initiat(ed|ing)$/i.test(status)) return 0;
  const end = timeOf(endTimeUtc);
  if (end !== undefined) return end;
  const start = timeOf(startTimeUtc);
  return start === undefined ? Infinity : start + LONGEST_MS;
}

function timeOf(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  const at = parseTime(value);
  return Number.isNaN(at) ? undefined : at;
}

const toObject = (raw: unknown): object => (typeof raw === 'object' && raw !== null ? raw : {});
