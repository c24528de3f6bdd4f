import { groupBy } from '../../../../shared/core/groupBy';
import type { LoggedEntry } from '../model/records';

/** A call that requests access, from all its entries in the Activity Log. */
export interface LoggedCall extends LoggedEntry {
  readonly outcome: 'granted' | 'refused' | 'unknown';
}

/** Collects entries page by page, and keeps one record for each call. */
export interface CallCollector {
  add(entries: readonly LoggedEntry[]): void;
  /** Returns the calls, oldest first. */
  all(): readonly LoggedCall[];
}

export function createCallCollector(): CallCollector {
  const calls = new Map<string, LoggedCall>();
  let nameless = 0;
  return {
    add(entries) {
      for (const entry of entries) {
        // One correlation ID can cover several calls, each with its own operation ID. An entry without an ID is a call
        // of its own.
        const id = entry.operationId || entry.correlationId || String(nameless++);
        const key = `${id} ${entry.policyId}`.toLowerCase();
        const known = calls.get(key);
        const call = { ...entry, outcome: outcomeOf(entry) };
        calls.set(key, known ? merge(known, call) : call);
      }
    },
    all: () => withStrays([...calls.values()]).toSorted((a, b) => a.time - b.time),
  };
}

/**
 * Merges entries without an operation ID into the call with the same correlation ID and policy, if there is only one.
 */
function withStrays(calls: readonly LoggedCall[]): readonly LoggedCall[] {
  const keyOf = ({ correlationId, policyId }: LoggedCall) => `${correlationId} ${policyId}`.toLowerCase();
  const isStray = ({ operationId, correlationId }: LoggedCall) => operationId === '' && correlationId !== '';
  const named = groupBy(
    calls.filter(({ operationId }) => operationId !== ''),
    keyOf,
  );
  const strays = new Map(
    calls
      .filter((call) => isStray(call) && named.get(keyOf(call))?.length === 1)
      .map((one) => [keyOf(one), one]),
  );
  return calls.flatMap((call) => {
    const stray = strays.get(keyOf(call));
    if (stray === call) return [];
    return stray && call.operationId !== '' ? [merge(call, stray)] : [call];
  });
}

/** Merges an entry into its call. A call starts at the time of its first entry, and a refusal is final. */
function merge(call: LoggedCall, entry: LoggedCall): LoggedCall {
  const outcomes = [call.outcome, entry.outcome];
  return {
    ...call,
    time: Math.min(call.time, entry.time),
    caller: call.caller === '' ? entry.caller : call.caller,
    callerName: call.callerName === '' ? entry.callerName : call.callerName,
    justification: call.justification === '' ? entry.justification : call.justification,
    asked: call.asked.length === 0 ? entry.asked : call.asked,
    outcome: outcomes.includes('refused') ? 'refused' : outcomes.includes('granted') ? 'granted' : 'unknown',
  };
}

/**
 * Statuses in Learn, "Azure Activity Log event schema": Started, In Progress, Accepted, Succeeded, Failed, Active,
 * Resolved.
 */
function outcomeOf({ status }: LoggedEntry): LoggedCall['outcome'] {
  if (/^failed$/i.test(status)) return 'refused';
  return /^(succeeded|accepted)$/i.test(status) ? 'granted' : 'unknown';
}
