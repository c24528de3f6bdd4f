/** The position of an entry in the course of a call. */
export type ActivityStatus = 'Started' | 'Accepted' | 'Succeeded' | 'Failed';

/** The caller: a person by user name, or a service principal by object ID. */
export interface ActivityCaller {
  /** A UPN such as `ana@contoso.com`, or a GUID. */
  readonly caller: string;
  /** Set for a service principal. */
  readonly applicationId?: string;
}

/** An entry of the Activity Log, as the simulation keeps it. */
export interface Activity extends ActivityCaller {
  /** Milliseconds since 1970 on Azure's clock. */
  readonly atMs: number;
  readonly resourceId: string;
  /** Such as `Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action`. */
  readonly operation: string;
  readonly status: ActivityStatus;
  /** The status of the response. Absent for `Started`. */
  readonly statusCode?: number;
  /** The ID of a whole operation, which can consist of several calls. */
  readonly correlationId: string;
  /** The ID of one call, which all its entries have. */
  readonly operationId: string;
  readonly eventDataId: string;
  /** Properties in addition to those that every entry has. */
  readonly properties?: Readonly<Record<string, unknown>>;
  /** Fields of the JSON that override those of the entry, such as another case or a missing field. */
  readonly wire?: object;
}

const CODES: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'NoContent',
  400: 'BadRequest',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
};
const TITLES: Readonly<Record<string, string>> = {
  'initiate/action': 'Initiate a just-in-time network access policy request',
  write: 'Create or update a resource',
  delete: 'Delete a resource',
};

const same = (value: string): object => ({ value, localizedValue: value });

/** Converts an entry to JSON (api-version 2015-04-01). `resourceId` has the case that the settings define. */
export function activityToJson(activity: Activity, resourceId: string): object {
  const { operation, status, statusCode, correlationId, operationId, eventDataId, atMs, caller } = activity;
  const [, , subscriptionId = '', , group = '', , provider = ''] = activity.resourceId.split('/');
  const code = statusCode === undefined ? '' : (CODES[statusCode] ?? String(statusCode));
  const at = new Date(atMs).toISOString();
  const title = Object.entries(TITLES).find(([end]) => operation.endsWith(end))?.[1] ?? operation;
  return {
    authorization: { action: operation, scope: resourceId },
    caller,
    claims: claimsOf(activity),
    correlationId,
    description: '',
    eventDataId,
    eventName:
      status === 'Started' ? event('BeginRequest', 'Begin request') : event('EndRequest', 'End request'),
    category: same('Administrative'),
    eventTimestamp: at,
    id: `${resourceId}/events/${eventDataId}/ticks/${atMs}0000`,
    level: status === 'Failed' ? 'Error' : 'Informational',
    operationId,
    operationName: event(operation, title),
    resourceGroupName: group,
    resourceProviderName: same(provider),
    resourceType: same(operation.split('/').slice(0, 3).join('/')),
    resourceId,
    status: same(status),
    subStatus: event(code, code && `${code} (HTTP Status Code: ${statusCode})`),
    submissionTimestamp: at,
    subscriptionId,
    properties: {
      ...(code && { statusCode: code }),
      eventCategory: 'Administrative',
      entity: resourceId,
      ...activity.properties,
    },
    ...activity.wire,
  };
}

const event = (value: string, localizedValue: string): object => ({ value, localizedValue });

function claimsOf({ caller, applicationId }: ActivityCaller): object {
  const schema = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims';
  if (caller.includes('@')) return { [`${schema}/upn`]: caller, [`${schema}/name`]: caller, ver: '1.0' };
  return {
    'http://schemas.microsoft.com/identity/claims/objectidentifier': caller,
    ...(applicationId !== undefined && { appid: applicationId, idtyp: 'app' }),
    ver: '1.0',
  };
}

/** The names that `$select` accepts. */
export const ACTIVITY_FIELDS: readonly string[] = Object.keys(
  activityToJson(
    {
      atMs: 0,
      resourceId: '',
      operation: '',
      status: 'Started',
      caller: '',
      correlationId: '',
      operationId: '',
      eventDataId: '',
    },
    '',
  ),
);
