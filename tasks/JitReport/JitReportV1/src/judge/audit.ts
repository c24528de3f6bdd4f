import { groupBy } from '../../../../shared/core/groupBy';
import type { AccessRequest, Policy, RequestedPort } from '../../../../shared/core/policy';
import { isActive } from '../../../../shared/core/requests';
import { maskCredentials } from '../../../../shared/core/text';
import type { LoggedPort } from '../model/records';
import type { LoggedCall } from './calls';
import type { Requestor, AuditedPort, AuditedRequest } from '../../../../shared/view/report';
import { findRunUrl } from './runUrl';

/** How far the log's time and the policy's may lie apart: a request takes seconds, the clocks are two. Two minutes. */
const SAME_CALL_MS = 120_000;

/** A request in a policy's list with the call that made it, where the log has it. */
export interface Joined {
  readonly policy: Policy;
  readonly request: AccessRequest;
  readonly call: LoggedCall | undefined;
  /** Nothing but the time connects the two. */
  readonly byTime: boolean;
}

/** What is known of requests from both sides, and the calls that no policy has a request for. */
export interface Join {
  readonly joined: readonly Joined[];
  readonly rest: readonly LoggedCall[];
}

/**
 * Finds for each request the call that made it: of the same policy, the nearest in time, about the same VMs and with the
 * same justification where both tell them. The surest pairs are made first, so that a request whose call the log lacks
 * does not take another's. Refused calls made no request. Each call is used once.
 *
 * @param calls oldest first
 */
export function joinCalls(policies: readonly Policy[], calls: readonly LoggedCall[]): Join {
  const byPolicy = groupBy(calls, ({ policyId }) => policyId.toLowerCase());
  const used = new Set<LoggedCall>();
  const joined = policies.flatMap((policy) => {
    const own = (byPolicy.get(policy.id.toLowerCase()) ?? []).filter(({ outcome }) => outcome !== 'refused');
    const pairOf = new Map<AccessRequest, Pair>();
    for (const pair of listPairs(policy.requests, own)) {
      if (pairOf.has(pair.request) || used.has(pair.call)) continue;
      pairOf.set(pair.request, pair);
      used.add(pair.call);
    }
    return [...policy.requests]
      .sort((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt))
      .map((request): Joined => {
        const pair = pairOf.get(request);
        const byTime = pair !== undefined && !pair.told && pair.call.asked.length === 0;
        return { policy, request, call: pair?.call, byTime };
      });
  });
  return { joined, rest: calls.filter((call) => !used.has(call)) };
}

interface Pair {
  readonly request: AccessRequest;
  readonly call: LoggedCall;
  /** Whether both tell the same justification. */
  readonly told: boolean;
  readonly apartMs: number;
}

/** Every request with every call that may have made it, the surest first. */
function listPairs(requests: readonly AccessRequest[], calls: readonly LoggedCall[]): readonly Pair[] {
  const pairs: Pair[] = [];
  for (const request of requests) {
    const at = Date.parse(request.startedAt);
    for (let index = firstFrom(calls, at - SAME_CALL_MS); index < calls.length; index++) {
      const call = calls[index];
      if (!call || call.time > at + SAME_CALL_MS) break;
      const told = call.justification !== '' && call.justification === request.justification;
      if (mayBe(call, request)) pairs.push({ request, call, told, apartMs: Math.abs(call.time - at) });
    }
  }
  return pairs.sort((a, b) => Number(b.told) - Number(a.told) || a.apartMs - b.apartMs);
}

/** The place of the first call at a time or later. */
function firstFrom(calls: readonly LoggedCall[], time: number): number {
  let low = 0;
  let high = calls.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((calls[middle]?.time ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function mayBe(call: LoggedCall, request: AccessRequest): boolean {
  const told = call.justification !== '' && request.justification !== '';
  if (told && call.justification !== request.justification) return false;
  const vms = new Set(request.ports.map(({ vm }) => vm.key));
  return call.asked.every(({ vm }) => vms.has(vm.key));
}

/** What every row of the audit is made with: Azure's time, and where runs of this organisation are. */
export interface AuditContext {
  readonly azureNow: number;
  readonly home: string;
}

/** A request as rows, one for each VM in it. */
export function toRows(joined: Joined, context: AuditContext): readonly AuditRow[] {
  const { policy, request, call } = joined;
  return rowsOf(request.ports, {
    time: request.startedAt,
    result: 'granted',
    ...requestorOf(joined),
    ...whyOf(joined, context),
    policyId: policy.id,
    correlationId: call?.correlationId ?? null,
    found: call ? 'both' : 'policy',
    stateOf: (port) => stateOf(port, context.azureNow),
  });
}

/** A call that no policy has a request for, as rows: one for each VM where the log tells them, else one without. */
export function toCallRows(call: LoggedCall, context: AuditContext): readonly AuditRow[] {
  const row = {
    time: new Date(call.time).toISOString(),
    result: call.outcome,
    ...toRequestor(call, false),
    ...toWhy(call.justification, context),
    policyId: call.policyId,
    correlationId: call.correlationId === '' ? null : call.correlationId,
    found: 'activityLog',
  } as const;
  if (call.asked.length === 0) return [{ ...row, vmId: null, vmName: null, ports: [] }];
  // A call without an end is one that Azure refuses. Were it granted, nobody would know for how long.
  const isShown = ({ lastsMs }: LoggedPort) => call.outcome === 'refused' || lastsMs !== 0;
  return rowsOf(call.asked, { ...row, isShown, stateOf: () => call.outcome });
}

/** A port of a row. */
export type AuditRowPort = Omit<AuditedPort, 'sources'> & Pick<LoggedPort, 'sources'>;

/** A row of the audit before the real ends are known, by which its sources are compared. */
export type AuditRow = Omit<AuditedRequest, 'ports'> & { readonly ports: readonly AuditRowPort[] };

type CallRow = Omit<AuditRow, 'vmId' | 'vmName' | 'ports'> & {
  readonly stateOf: (port: LoggedPort) => string;
  /** Default: every port. */
  readonly isShown?: (port: LoggedPort) => boolean;
};

function rowsOf(
  ports: readonly LoggedPort[],
  { stateOf, isShown = () => true, ...row }: CallRow,
): readonly AuditRow[] {
  const startedAt = Date.parse(row.time);
  return [...groupBy(ports, ({ vm }) => vm.key).values()].map((own) => ({
    ...row,
    vmId: own[0]?.vm.id ?? null,
    vmName: own[0]?.vm.name ?? null,
    ports: own.filter(isShown).map((port): AuditRowPort => {
      const endsAt = port.lastsMs === undefined ? port.endsAt : startedAt + port.lastsMs;
      const durationSeconds = Math.max(0, Math.round((endsAt - startedAt) / 1000));
      const state = stateOf(port);
      const end = new Date(endsAt).toISOString();
      return {
        ...{ port: port.port, sources: port.sources, endsAt: end, durationSeconds, state },
        ...(state === 'ended'
          ? { endedAt: end, openSeconds: durationSeconds }
          : { endedAt: null, openSeconds: null }),
      };
    }),
  }));
}

type Why = Pick<AuditedRequest, 'justification' | 'runUrl'>;

/** Why access was asked for, by the policy or else by the log, and the run that this names. */
export const whyOf = ({ request, call }: Joined, context: AuditContext): Why =>
  toWhy(request.justification === '' ? (call?.justification ?? '') : request.justification, context);

/** A report is published where more people read it than may read policies: no credential goes into it. */
const toWhy = (justification: string, { home }: AuditContext): Why => ({
  justification: maskCredentials(justification),
  runUrl: findRunUrl(justification, home),
});

/**
 * Who asked: the log knows service principals too, and the policy only people. Where nothing but the time connects the
 * two, a person that the policy names is surer than any caller.
 */
export function requestorOf({ request: { requestor }, call, byTime }: Joined): Requestor {
  const isSame = call?.caller.toLowerCase() === requestor.toLowerCase();
  if (call && call.caller !== '' && (!byTime || requestor === '' || isSame)) {
    return toRequestor(call, byTime && !isSame);
  }
  return { who: requestor === '' ? null : requestor, whoId: null, whoLikely: false };
}

function toRequestor({ caller, callerName }: LoggedCall, whoLikely: boolean): Requestor {
  const who = callerName || caller;
  if (who === '') return { who: null, whoId: null, whoLikely: false };
  return { who, whoId: caller === who || caller === '' ? null : caller, whoLikely };
}

function stateOf(port: RequestedPort, azureNow: number): string {
  if (isActive(port, azureNow)) return 'live';
  if (port.statusReason === 'NewerRequestInitiated') return 'superseded';
  const byTime =
    port.statusReason === 'Expired' || port.status === 'Initiated' || port.status === 'Initiating';
  return byTime ? 'ended' : port.status;
}
