import { warnEach } from '../../../../shared/core/crowd';
import type { AccessRequest, Policy, RequestedPort } from '../../../../shared/core/policy';
import type { VmPlan } from '../plan/plan';
import type { PlannedPort } from '../plan/plannedPort';
import type { VmId } from '../../../../shared/core/resourceIds';
import { sameSources } from '../../../../shared/core/requests';
import { isIpv4, type Prefix } from '../../../../shared/core/prefixes';
import { CodedError } from '../../../../shared/core/errors';
import { withLimit } from '../../../../shared/core/limits';
import { bug } from '../../../../shared/messages/failures';
import * as say from '../messages/requesting';
import type { Context } from '../context';
import { RequestError } from '../azure/requestError';
import type { InitiatePort } from '../plan/requestBody';
import type { Access } from '../plan/access';
import type { NotOpened } from '../plan/findings';
import type { Ledger } from '../plan/ledger';

/** How long a request can take, with every pause that Azure requests: two minutes. */
const REQUEST_MS = 120_000;
/** The maximum difference between two ends that count as equal: Azure keeps more digits than were sent. */
const SAME_END_MS = 1000;

/** A request that is about to be sent: ports of VMs of one policy. */
export interface PlannedRequest {
  readonly policy: Policy;
  readonly ports: readonly PortToRequest[];
}

/** A port to request, with the VM as it was wanted: Azure has its own spelling of the ID. */
export interface PortToRequest {
  readonly wanted: VmId;
  readonly planned: PlannedPort;
  readonly requested: InitiatePort;
}

/** The outcome of a request: some of its ports can be granted and others not. */
export interface Requested {
  readonly accesses: readonly Access[];
  readonly notOpened: readonly NotOpened[];
}

/**
 * The maximum length of a request body, in characters. The limit of this service is not documented. Azure Resource
 * Manager accepts four megabytes for a template.
 */
const LONGEST_BODY = 1_000_000;
/** The length of a port in a body, in addition to the ID and the sources. */
const PORT_LENGTH = 150;

const lengthOf = ({ vm, sources = [] }: InitiatePort): number =>
  PORT_LENGTH + vm.id.length + sources.reduce((length, { text }) => length + text.length + 3, 0);

/** Returns one request for each policy, with all its VMs, and more only if one would be too long. */
export function toRequests(plans: readonly VmPlan[]): readonly PlannedRequest[] {
  return toRequestsByPolicy(plans).flatMap(({ policy, ports }) => {
    const parts: PortToRequest[][] = [];
    let left = 0;
    for (const port of ports) {
      const length = lengthOf(port.requested);
      if (parts.length === 0 || left < length) {
        parts.push([]);
        left = LONGEST_BODY;
      }
      parts.at(-1)?.push(port);
      left -= length;
    }
    return parts.map((part) => ({ policy, ports: part }));
  });
}

function toRequestsByPolicy(plans: readonly VmPlan[]): readonly PlannedRequest[] {
  const requests = new Map<string, { policy: Policy; ports: PortToRequest[] }>();
  for (const { policy, wanted, vm, toRequest } of plans) {
    const key = policy.id.toLowerCase();
    const request = requests.get(key) ?? { policy, ports: [] };
    for (const planned of toRequest) {
      const { rule, sources, endsAt } = planned;
      request.ports.push({ wanted, planned, requested: { vm: vm.vm, port: rule.port, sources, endsAt } });
    }
    if (request.ports.length > 0) requests.set(key, request);
  }
  return [...requests.values()];
}

/** Returns the accesses that need no request, because an earlier one is active. */
export function toReused(plans: readonly VmPlan[]): readonly Access[] {
  return plans.flatMap(({ policy, wanted, vm, reuse }) =>
    reuse.map(({ rule, own, ownEndsAt, request, port }): Access => ({
      vm: wanted,
      policy,
      port: rule.port,
      protocol: rule.protocol,
      wantedSources: own.filter(isIpv4),
      wantedUntil: ownEndsAt,
      sources: port.sources.filter(isIpv4),
      endsAt: port.endsAt,
      status: port.status,
      startedAt: request.startedAt,
      reused: true,
      others: undefined,
      ...firewall(vm.publicIpAddress, port.mappedPort),
    })),
  );
}

/**
 * Requests access under one policy, and compares what Azure grants with what was requested. Returns the failure of a
 * request for each of its ports. The request must already be in the ledger.
 *
 * @param within ends the request before its own time is over
 */
export async function requestAccess(
  context: Context,
  request: PlannedRequest,
  justification: string,
  ledger: Ledger,
  within: AbortSignal = context.signal,
): Promise<Requested> {
  const { policy, ports } = request;
  const requested = ports.map((port) => port.requested);
  try {
    const granted = await withLimit(context.clock, within, REQUEST_MS, (limit) =>
      context.jit.initiate(policy, { ports: requested, justification }, limit),
    );
    const found = ports.flatMap((port) => toAccess(policy, port, granted) ?? []);
    const more = toUnrequested(policy, requested, granted);
    ledger.granted(
      [...found.map(({ access }) => access), ...more],
      found.map(({ port }) => port),
    );
    const { log } = context;
    warnEach(log, found.flatMap(differencesOf), ({ text }) => text, say.moreDifferences);
    warnEach(log, more, say.notRequested, say.moreNotRequested);
    const granting = new Set(found.map(({ port }) => port));
    const missing = ports.filter((port) => !granting.has(port.requested));
    const unnamed = missing.map(({ requested: port }) => port);
    warnEach(log, unnamed, say.notInAnswer, say.moreNotInAnswer);
    const notOpened = missing.map(({ wanted, requested: port }) => ({
      ...{ vm: wanted, port: port.port, failure: say.notGranted(port) },
    }));
    return { accesses: found.map(({ access }) => access), notOpened };
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    // A bug of this task also leaves the outcome of the request unknown.
    const cause = error.cause instanceof CodedError ? error.cause : bug(error.cause);
    if (!error.mayBeOpen) ledger.refused(requested);
    const failure = error.mayBeOpen ? say.mayBeOpen(cause, requested) : cause;
    return {
      accesses: [],
      notOpened: ports.map(({ wanted, requested: { port } }) => ({ vm: wanted, port, failure })),
    };
  }
}

/** Returns what Azure granted for one requested port, or `undefined` if the response does not name the port. */
function toAccess(
  policy: Policy,
  { wanted, planned, requested }: PortToRequest,
  granted: AccessRequest,
): Granted | undefined {
  const found = granted.ports.find(
    (candidate) => candidate.port === requested.port && candidate.vm.key === requested.vm.key,
  );
  if (!found) return undefined;
  const vm = policy.vms.find((entry) => entry.vm.key === requested.vm.key);
  const access = {
    vm: wanted,
    policy,
    port: requested.port,
    protocol: planned.rule.protocol,
    wantedSources: planned.own ?? found.sources.filter(isIpv4),
    wantedUntil: planned.ownEndsAt,
    sources: found.sources.filter(isIpv4),
    endsAt: found.endsAt,
    status: found.status,
    startedAt: granted.startedAt,
    reused: false,
    others: planned.others,
    ...firewall(vm?.publicIpAddress, found.mappedPort),
  };
  return { port: requested, access, sources: found.sources };
}

/**
 * Returns what Azure granted beyond the requested ports. It is open because of this step, which also has to close it.
 */
function toUnrequested(
  policy: Policy,
  requested: readonly InitiatePort[],
  { ports, startedAt }: AccessRequest,
): readonly Access[] {
  const isRequested = (one: RequestedPort) =>
    requested.some(({ vm, port }) => port === one.port && vm.key === one.vm.key);
  return ports
    .filter((one) => !isRequested(one))
    .map(({ vm, port, endsAt, status, ...one }): Access => {
      const sources = one.sources.filter(isIpv4);
      return {
        ...{ vm, policy, port, protocol: '*', sources, endsAt, status, startedAt, reused: false },
        ...{ wantedSources: sources, wantedUntil: endsAt, others: undefined },
      };
    });
}

/** A granted port: as requested, as granted, and its sources as Azure wrote them. */
interface Granted {
  readonly port: InitiatePort;
  readonly access: Access;
  readonly sources: readonly Prefix[];
}

/** Returns how a grant differs from its request, with a sentence for each difference. */
function differencesOf({ port: requested, access, sources }: Granted): readonly Difference[] {
  const { vm } = access;
  const differences: Difference[] = [];
  const isStrange = !sources.every(isIpv4);
  if (isStrange || (requested.sources && !sameSources(requested.sources, sources)))
    differences.push({ vm, text: say.otherSources(access, requested.sources, sources) });
  if (Math.abs(requested.endsAt - access.endsAt) > SAME_END_MS)
    differences.push({ vm, text: say.otherEnd(access, requested.endsAt) });
  return differences;
}

interface Difference {
  readonly vm: VmId;
  readonly text: string;
}

const firewall = (host: string | undefined, port: number | undefined) =>
  host !== undefined && port !== undefined ? { firewall: { host, port } } : {};
