import { parseTime } from '../../../../shared/core/times';
import { nameIn, toGroupId } from '../../../../shared/core/resourceIds';
import { isJson, textIn, valueIn, type Json } from '../../../../shared/core/json';
import type { LoggedEntry } from '../model/records';
import type { Pages } from '../../../../shared/azure/paging';
import type { Limit } from '../../../../shared/core/limits';
import { readItems, type Reader } from '../../../../shared/azure/reader';
import { toJson } from '../../../../shared/azure/read/json';
import { readLoggedCall, toObject } from './loggedCall';
import { ShapeError } from '../../../../shared/azure/read/shape';

const WHAT = 'The Activity Log';
const INITIATE = 'microsoft.security/locations/jitnetworkaccesspolicies/initiate/action';
const FIELDS =
  'eventTimestamp,operationName,operationId,status,caller,claims,correlationId,resourceId,properties';

/**
 * Lists the Activity Log entries of calls that request access, from all pages. The service can filter only by provider,
 * so this function drops the provider's other entries, page by page. `from` and `to` are milliseconds since 1970.
 * https://learn.microsoft.com/rest/api/monitor/activity-logs/list
 */
export async function* listCalls(
  reader: Reader,
  subscriptionId: string,
  from: number,
  to: number,
  limit: Limit,
): Pages<LoggedEntry> {
  const scope = toGroupId(subscriptionId);
  const call = {
    what: WHAT,
    action: 'Microsoft.Insights/eventtypes/values/read',
    scope,
    sought: { noun: 'subscription', id: scope },
    bareErrors: true as const,
  };
  const time = (at: number) => `'${new Date(at).toISOString()}'`;
  const filter = `eventTimestamp ge ${time(from)} and eventTimestamp le ${time(to)} and resourceProvider eq 'Microsoft.Security'`;
  const url = reader.url(
    `${scope}/providers/Microsoft.Insights/eventtypes/management/values`,
    'activityLog',
    {
      $filter: filter,
      $select: FIELDS,
    },
  );
  yield* readItems(reader.pages(url, call, limit), toEntry);
}

/**
 * Converts an entry. Returns undefined for an entry of another operation. Throws JIT604 if it cannot be interpreted.
 * The names in the details are not documented, so all names in an entry are matched regardless of case.
 */
export function toEntry(body: unknown): LoggedEntry | undefined {
  const entry = toJson(body, WHAT);
  if (wordIn(entry, 'operationName').toLowerCase() !== INITIATE) return undefined;
  const time = parseTime(need(entry, 'eventTimestamp'));
  if (Number.isNaN(time)) throw new ShapeError(WHAT, `the time ${textIn(entry, 'eventTimestamp')}`);
  const { asked: requested, justification, user } = readLoggedCall(valueIn(entry, 'properties'), time);
  const caller = readCaller(entry, user);
  return {
    time,
    // The ID is that of the policy, or that of the operation on it.
    policyId: need(entry, 'resourceId').replace(/\/initiate$/i, ''),
    operationId: textIn(entry, 'operationId'),
    correlationId: textIn(entry, 'correlationId'),
    status: wordIn(entry, 'status'),
    ...caller,
    justification,
    asked: requested,
  };
}

function need(entry: Json, name: string): string {
  const text = textIn(entry, name);
  if (text === '') throw new ShapeError(WHAT, `no field ${name}`);
  return text;
}

/** Reads a word that is text, or an object that also has its translation. */
function wordIn(entry: Json, name: string): string {
  const found = valueIn(entry, name);
  return isJson(found) ? textIn(found, 'value') : textIn(entry, name);
}

const CLAIMS = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/';
/** Claims of people: their sign-in names, and their display names. */
const USER_NAMES = [
  ...[`${CLAIMS}upn`, 'upn', 'unique_name', 'preferred_username', `${CLAIMS}emailaddress`, 'email'],
  ...[`${CLAIMS}name`, 'name'],
];
const GIVEN_NAMES = [`${CLAIMS}givenname`, 'given_name'];
const FAMILY_NAMES = [`${CLAIMS}surname`, 'family_name'];
/** Claims of programs. */
const PROGRAM_IDS = ['appid', 'azp', 'http://schemas.microsoft.com/identity/claims/objectidentifier', 'oid'];

/** Returns who made the call: the log's own field, or otherwise the claims of a person before those of a program. */
function readCaller(entry: Json, user: string): Pick<LoggedEntry, 'caller' | 'callerName'> {
  const claims = toObject(valueIn(entry, 'claims'));
  const first = (names: readonly string[]) =>
    names.map((name) => textIn(claims, name)).find((text) => text !== '') ?? '';
  const fullName = [first(GIVEN_NAMES), first(FAMILY_NAMES)].filter((name) => name !== '').join(' ');
  const person = first(USER_NAMES) || fullName;
  const caller = textIn(entry, 'caller') || person || user || first(PROGRAM_IDS);
  const names = person === '' ? programName(claims) : first(['name', `${CLAIMS}name`]) || fullName;
  return { caller, callerName: names || user };
}

/** Returns the name of an application from its token, or of a managed identity from the ARM ID in its token. */
const programName = (claims: Json): string =>
  textIn(claims, 'app_displayname') || nameIn(textIn(claims, 'xms_mirid'));
