import { warnEach } from '../../../../shared/core/crowd';
import type { Policy } from '../../../../shared/core/policy';
import type { VmPlan } from '../plan/plan';
import { isIpv4 } from '../../../../shared/core/prefixes';
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
import { compareGrant, differencesOf, toFirewall, type PortToRequest } from './compareGrant';

/** How long a request can take, with every pause that Azure requests: two minutes. */
const REQUEST_MS = 120_000;

/** A request that is about to be sent: ports of VMs of one policy. */
export interface PlannedRequest {
  readonly policy: Policy;
  readonly ports: readonly PortToRequest[];
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
      ...toFirewall(vm.publicIpAddress, port.mappedPort),
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
    const { found, more } = compareGrant(policy, ports, granted);
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
