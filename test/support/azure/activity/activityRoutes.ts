import { pageLink, pageStart } from '../arm/pages';
import { API_VERSIONS, nameIn, type ArmRequest, type Route } from '../arm/routes';
import { json, refuse, type Answer } from '../http/answers';
import { spelling } from '../jit/service';
import type { Settings } from '../settings';
import { activityToJson } from './activities';
import { parseFilter, parseSelect } from './filter';
import type { ActivityLog } from './log';

/** What the route of the Activity Log requires from the other parts. */
export interface ActivityContext {
  readonly activityLog: ActivityLog;
  readonly settings: Readonly<Settings>;
  readonly now: () => number;
  readonly violate: (sentence: string) => void;
}

const TOKEN = '$skipToken';
const HOUR_MS = 3_600_000;
const RETENTION_MS = 90 * 24 * HOUR_MS;

/** Creates the route that lists the entries of the Activity Log. */
export function createActivityRoutes(context: ActivityContext): Route[] {
  return [
    {
      kind: 'activityLog',
      method: 'GET',
      path: '/subscriptions/{subscription}/providers/Microsoft.Insights/eventtypes/management/values',
      apiVersion: API_VERSIONS.activityLog,
      query: ['$filter', '$select', TOKEN],
      action: 'Microsoft.Insights/eventtypes/values/read',
      isList: true,
      handle: (request) => list(request, context),
    },
  ];
}

/** The last page can be empty: the service returns a link until it has read everything. */
function list(request: ArmRequest, context: ActivityContext): Answer {
  const { activityLog, settings, now, violate } = context;
  const { query } = request;
  const filter = parseFilter(query.get('$filter'), violate);
  const names = parseSelect(query.get('$select'), violate);
  if (filter.fromMs < now() - RETENTION_MS - HOUR_MS) {
    throw refuse(400, 'BadRequest', 'The start time cannot be more than 90 days in the past.');
  }
  const start = query.has(TOKEN) ? pageStart(query.get(TOKEN)) : undefined;
  const { entries, next } = activityLog.page(
    nameIn(request, 'subscription'),
    filter,
    settings.listPageSize,
    start,
  );
  const spell = spelling(settings);
  const value = entries.map((entry) => select(activityToJson(entry, spell(entry.resourceId)), names));
  return json(200, { value, ...(next > 0 && { nextLink: pageLink(request, TOKEN, next) }) });
}

const select = (entry: object, names: readonly string[]): object =>
  Object.fromEntries(Object.entries(entry).filter(([name]) => names.includes(name)));
