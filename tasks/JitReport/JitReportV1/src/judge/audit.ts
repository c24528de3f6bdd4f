import { groupBy } from '../../../../shared/core/groupBy';
import type { AccessRequest, Policy, RequestedPort } from '../../../../shared/core/policy';
import { isActive } from '../../../../shared/core/requests';
import { maskCredentials } from '../../../../shared/core/mask';
import { LATEST_TIME } from '../../../../shared/core/times';
import type { LoggedPort } from '../model/records';
import type { LoggedCall } from './calls';
import type { Requestor, AuditedPort, AuditedRequest } from '../../../../shared/view/report';
import { findRunUrl } from './runUrl';

/**
 * How far the times in the log and in the policy can differ, in milliseconds: two minutes. A request takes seconds, and
 * there are two clocks.
 */
const SAME_CALL_MS = 120_000;

/** A request in a policy's list, with the call that made it if the log has it. */
export interface Joined {
  readonly policy: Policy;
  readonly request: AccessRequest;
  readonly call: LoggedCall | undefined;
  /** Whether only the time connects the two. */
  readonly byTime: boolean;
}

/** The requests with what both sources know of them, and the calls for which no policy has a request. */
export interface Join {
  readonly joined: readonly Joined[];
  readonly rest: readonly LoggedCall[];
}

/**
 * Finds the call that made each request: on the same policy, nearest in time, with no other VM, and with the same
 * justification if both have one. The most reliable pairs are made first, so that a request whose call is not in the
 * log does not take the call of another request. Refused calls made no request. Each call is used once.
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
  /** Whether both have the same justification. */
  readonly told: boolean;
  readonly apartMs: number;
}

/** Returns every request with every call that might have made it, the most reliable pairs first. */
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

/** Returns the index of the first call at a time or later. */
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

/** What every row of the audit needs: Azure's time in milliseconds since 1970, and the URL of this organization. */
export interface AuditContext {
  readonly azureNow: number;
  readonly home: string;
}

/** Converts a request into rows, one for each VM in it. */
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

/**
 * Converts a call for which no policy has a request into rows: one for each VM that the log names, or otherwise one row
 * without a VM.
 */
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
  // Azure refuses a call without an end. If one were granted, its end would be unknown.
  const isShown = ({ lastsMs }: LoggedPort) => call.outcome === 'refused' || lastsMs !== 0;
  return rowsOf(call.asked, { ...row, isShown, stateOf: () => call.outcome });
}

/** A port of a row. */
export type AuditRowPort = Omit<AuditedPort, 'sources'> & Pick<LoggedPort, 'sources'>;

/** A row of the audit before the actual ends are known. Its sources can be compared. */
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
      const endsAt =
        port.lastsMs === undefined ? port.endsAt : Math.min(startedAt + port.lastsMs, LATEST_TIME);
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

/** Returns the justification of a request, from the policy or otherwise from the log, and the run that it names. */
export const whyOf = ({ request, call }: Joined, context: AuditContext): Why =>
  toWhy(request.justification === '' ? (call?.justification ?? '') : request.justification, context);

/** More people can read a published report than can read policies, so it contains no credentials. */
const toWhy = (justification: string, { home }: AuditContext): Why => ({
  justification: maskCredentials(justification),
  runUrl: findRunUrl(justification, home),
});

/**
 * Returns who made a request. The log also knows service principals, and the policy knows only people. If only the time
 * connects the two, a person in the policy is more reliable than any caller.
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
