import { randomUUID } from 'node:crypto';
import type { Settings } from '../settings';
import type { Activity, ActivityCaller } from './activities';
import { fits, type ActivityFilter } from './filter';

type Ids = 'correlationId' | 'operationId' | 'eventDataId';

/** An entry as a test writes it. */
export type NewActivity = Omit<Activity, Ids> & Partial<Pick<Activity, Ids>>;

/** A call that wants to be written down, with what came of it. */
export interface LoggedCall extends ActivityCaller {
  readonly atMs: number;
  readonly resourceId: string;
  readonly operation: string;
  readonly statusCode: number;
  readonly correlationId: string;
  /** What the caller sent, as text. */
  readonly body?: string;
  readonly justification?: string;
  /** The answer, when it is an error. */
  readonly statusMessage?: string;
}

/** One page of entries, newest first, and where the next one begins; 0 after the last entry. */
export interface ActivityPage {
  readonly entries: readonly Activity[];
  readonly next: number;
}

/** The Activity Log of all subscriptions. */
export interface ActivityLog {
  add(wanted: NewActivity): void;
  /** Writes the entries of a call: its begin and its end, and in between that a request was accepted. */
  addCall(call: LoggedCall): void;
  /** A page of at most `size` entries; `start` is the `next` of the page before. */
  page(subscriptionId: string, filter: ActivityFilter, size: number, start?: number): ActivityPage;
}

/** Makes an empty log. Every entry is looked at once in a walk over all pages, however many there are. */
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

  /** The oldest first, so that places in it last while new entries arrive. */
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
      // A caller without the right never gets as far as a begin.
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

/** What the log keeps of what was sent: nobody has written down what it really is. */
function carried({ body, justification }: LoggedCall, settings: Readonly<Settings>): Record<string, string> {
  if (settings.activityLogCarries === 'justification' && justification !== undefined)
    return { justification };
  if (settings.activityLogCarries === 'requestBody' && body !== undefined) return { requestbody: body };
  return {};
}
