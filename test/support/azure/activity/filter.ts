import { parseInstant } from '../clock';
import { refuse } from '../http/answers';
import { ACTIVITY_FIELDS, type Activity } from './activities';

const FIELDS = ['resourceProvider', 'resourceGroupName', 'resourceUri', 'correlationId'] as const;
export type FilterField = (typeof FIELDS)[number];

/** The conditions of `$filter`. Times are in milliseconds since 1970. */
export interface ActivityFilter {
  readonly fromMs: number;
  readonly toMs: number;
  readonly by?: { readonly field: FilterField; readonly value: string };
}

const FILTER =
  /^eventTimestamp ge '?([^' ]+)'?(?: and eventTimestamp le '?([^' ]+)'?)?(?: and (\w+) eq '([^']+)')?$/;

/**
 * Parses `$filter`. The service supports only a few patterns: a start, an optional end, and at most one other field.
 * The times can be with or without quotes, because the CLI sends them without.
 * https://learn.microsoft.com/rest/api/monitor/activity-logs/list
 *
 * @throws Refusal 400
 */
export function parseFilter(text: string | null, violate: (sentence: string) => void): ActivityFilter {
  const [, from, to, name, value = ''] = FILTER.exec(text ?? '') ?? [];
  const fromMs = parseInstant(from);
  const toMs = to === undefined ? Infinity : parseInstant(to);
  const field = FIELDS.find((known) => known === name);
  if (fromMs === undefined || toMs === undefined || (name !== undefined && !field)) {
    violate(`The Activity Log was asked with $filter=${text ?? ''}`);
    throw refuse(400, 'BadRequest', 'The $filter query parameter value is invalid.');
  }
  return { fromMs, toMs, ...(field && { by: { field, value } }) };
}

/**
 * Parses `$select`, the fields to return, or all of them without it. @throws Refusal 400 for a field that entries lack.
 */
export function parseSelect(text: string | null, violate: (sentence: string) => void): readonly string[] {
  if (text === null) return ACTIVITY_FIELDS;
  const names = text.split(',').map((name) => name.trim());
  const strange = names.filter((name) => !ACTIVITY_FIELDS.includes(name));
  if (strange.length === 0) return names;
  violate(`The Activity Log was asked with $select=${text}`);
  throw refuse(400, 'BadRequest', `The $select query parameter names ${strange.join(', ')}.`);
}

/** Whether an entry matches the field of the filter. Names and IDs are compared without case. */
export function fits(activity: Activity, by: ActivityFilter['by']): boolean {
  if (!by) return true;
  const wanted = by.value.toLowerCase();
  if (by.field === 'correlationId') return activity.correlationId.toLowerCase() === wanted;
  const id = activity.resourceId.toLowerCase();
  if (by.field === 'resourceUri') return id === wanted;
  return id.split('/')[by.field === 'resourceProvider' ? 6 : 4] === wanted;
}
