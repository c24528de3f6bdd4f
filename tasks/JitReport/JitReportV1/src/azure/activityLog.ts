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
 * The Activity Log's entries about calls that asked for access, from all pages. The service filters by provider at
 * most, so the rest of the provider's entries is left out here, page by page.
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
 * Turns an entry into the product's; nothing for another operation's. Throws JIT604 when it makes no sense. What the
 * log calls the details is nowhere promised, so that no name in an entry counts by its case.
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
    // The id is the policy's, or that of the operation on it.
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

/** A word that comes as text, or with its translation. */
function wordIn(entry: Json, name: string): string {
  const found = valueIn(entry, name);
  return isJson(found) ? textIn(found, 'value') : textIn(entry, name);
}

const CLAIMS = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/';
/** Claims of people: what they sign in with, and what they are called. */
const USER_NAMES = [
  ...[`${CLAIMS}upn`, 'upn', 'unique_name', 'preferred_username', `${CLAIMS}emailaddress`, 'email'],
  ...[`${CLAIMS}name`, 'name'],
];
const GIVEN_NAMES = [`${CLAIMS}givenname`, 'given_name'];
const FAMILY_NAMES = [`${CLAIMS}surname`, 'family_name'];
/** Claims of programs. */
const PROGRAM_IDS = ['appid', 'azp', 'http://schemas.microsoft.com/identity/claims/objectidentifier', 'oid'];

/** Who made the call: by the log's own word, else a person before a program. */
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

/** The name of an application where its token has one, or of a managed identity, which its token has as an ARM id. */
const programName = (claims: Json): string =>
  textIn(claims, 'app_displayname') || nameIn(textIn(claims, 'xms_mirid'));
