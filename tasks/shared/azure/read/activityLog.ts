import type { AccessRequest } from '../../domain/policy';
import type { LoggedEntry, Pages } from '../../inventory';
import { CodedError } from '../../errors';
import type { Limit } from '../../world';
import { parseJson } from '../azureErrors';
import { toAccessRequest } from './requests';
import { readItems, type Reader } from '../reader';
import { toJson } from './json';
import { shapeOf, type Shape } from './shape';

const WHAT = 'The Activity Log';
const INITIATE = 'microsoft.security/locations/jitnetworkaccesspolicies/initiate/action';
const FIELDS = 'eventTimestamp,operationName,status,caller,claims,correlationId,resourceId,properties';

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
  const scope = `/subscriptions/${subscriptionId}`;
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

/** Turns an entry into the product's; nothing for another operation's. Throws JIT604 when it makes no sense. */
export function toEntry(body: unknown): LoggedEntry | undefined {
  const shape = shapeOf(toJson(body, WHAT), WHAT);
  if (shape.optional('operationName')?.optionalText('value')?.toLowerCase() !== INITIATE) return undefined;
  const properties = shape.optional('properties');
  const asked = readAsked(properties);
  return {
    time: shape.time('eventTimestamp'),
    // The id is the policy's, or that of the operation on it.
    policyId: shape.text('resourceId').replace(/\/initiate$/i, ''),
    correlationId: shape.optionalText('correlationId') ?? '',
    status: shape.optional('status')?.optionalText('value') ?? '',
    caller: shape.optionalText('caller') ?? shape.optional('claims')?.optionalText('appid') ?? '',
    justification: properties?.optionalText('justification') ?? asked?.justification ?? '',
    asked: asked?.ports ?? [],
  };
}

/**
 * What was asked for. That an entry carries it is only reported, as text under one name or another; where it does not,
 * or where it makes no sense, the policy's own list has to tell.
 */
function readAsked(properties: Shape | undefined): AccessRequest | undefined {
  const text = properties?.optionalText('requestbody') ?? properties?.optionalText('requestBody');
  const body = parseJson(text);
  if (typeof body !== 'object' || body === null) return undefined;
  try {
    // The text of a call has no time of its own; the entry's counts.
    return toAccessRequest({ startTimeUtc: new Date(0).toISOString(), ...body });
  } catch (error) {
    if (error instanceof CodedError) return undefined;
    throw error;
  }
}
