import { randomUUID } from 'node:crypto';
import type { Settings } from '../settings';
import type { Activity, ActivityCaller } from './activities';
import { fits, type ActivityFilter } from './filter';

type Ids = 'correlationId' | 'operationId' | 'eventDataId';

/** An entry as a test describes it. */
export type NewActivity = Omit<Activity, Ids> & Partial<Pick<Activity, Ids>>;

/** A call to log, with its outcome. */
export interface LoggedCall extends ActivityCaller {
  readonly atMs: number;
  readonly resourceId: string;
  readonly operation: string;
  readonly statusCode: number;
  readonly correlationId: string;
  /** The body of the request, as text. */
  readonly body?: string;
  readonly justification?: string;
  /** The body of the response, if it is an error. */
  readonly statusMessage?: string;
}

/** One page of entries, newest first, and the start of the next page, or 0 after the last entry. */
export interface ActivityPage {
  readonly entries: readonly Activity[];
  readonly next: number;
}

/** The Activity Log of all subscriptions. */
export interface ActivityLog {
  add(wanted: NewActivity): void;
  /** Adds the entries of a call: the start, the end, and between them that a request was accepted. */
  addCall(call: LoggedCall): void;
  /** Returns a page of at most `size` entries. `start` is the `next` of the previous page. */
  page(subscriptionId: string, filter: ActivityFilter, size: number, start?: number): ActivityPage;
}

/** Creates an empty log. Listing all pages reads every entry once, however many there are. */
export function createActivityLog(settings: Readonly<Settings>, now: () => number): ActivityLog {
  const bySubscription = new Map<string, Activity[]>();
  const unsorted = new Set<Activity[]>();

  function add(wanted: NewActivity): void {
    const key = (wanted.resourceId.split('/')[2] ?? '').toLowerCase();
    const entries = bySubscription.get(key) ?? [];
    bySubscription.set(key, entries);
    const last = entries.at(-1);
    if (last && last.atMs > wanted.atMs) unsorted.add(entries);
    const ids = { correlationId: randomUUID(), operationId: randomUUID(), eventDataId: randomUUID() };
    entries.push({ ...ids, ...wanted });
  }

  /** Oldest first, so that positions stay valid when new entries are added. */
  function sorted(subscriptionId: string): readonly Activity[] {
    const entries = bySubscription.get(subscriptionId.toLowerCase()) ?? [];
    if (unsorted.delete(entries)) entries.sort((a, b) => a.atMs - b.atMs);
    return entries;
  }

  return {
    add,
    addCall(call) {
      const { resourceId, operation, caller, applicationId, statusCode, correlationId } = call;
      const atMs = call.atMs - settings.activityLogAheadMs;
      const who = { caller, ...(applicationId !== undefined && { applicationId }) };
      const operationId = randomUUID();
      const common = { atMs, resourceId, operation, correlationId, operationId, ...who };
      // A call without the permission has no start entry.
      if (statusCode !== 403) add({ ...common, status: 'Started', properties: carried(call, settings) });
      if (statusCode === 202) add({ ...common, status: 'Accepted', statusCode });
      if (statusCode < 400)
        add({ ...common, status: 'Succeeded', statusCode: statusCode === 202 ? 200 : statusCode });
      else
        add({
          ...common,
          status: 'Failed',
          statusCode,
          properties: { statusMessage: call.statusMessage ?? '' },
        });
    },
    page(subscriptionId, { fromMs, toMs, by }, size, start) {
      const all = sorted(subscriptionId);
      const latest = Math.min(toMs, now() - settings.activityLogDelayMs);
      const entries: Activity[] = [];
      let next = Math.min(start ?? all.length, all.length);
      while (next > 0 && entries.length < size) {
        const entry = all[next - 1];
        if (!entry || entry.atMs < fromMs) return { entries, next: 0 };
        if (entry.atMs <= latest && fits(entry, by)) entries.push(entry);
        next -= 1;
      }
      return { entries, next };
    },
  };
}

/** Returns what the log keeps of the request. What it really keeps is not documented. */
function carried({ body, justification }: LoggedCall, settings: Readonly<Settings>): Record<string, string> {
  if (settings.activityLogCarries === 'justification' && justification !== undefined)
    return { justification };
  if (settings.activityLogCarries === 'requestBody' && body !== undefined) return { requestbody: body };
  return {};
}
