import { randomUUID } from 'node:crypto';
import { armError, json, Refusal, refuse, type Answer } from '../http/answers';
import type { Incoming, Kind } from '../http/calls';
import type { Known } from '../http/listener';
import { isAllowed, permissionsAt, type Principal } from '../identity/principals';
import type { Tokens } from '../identity/tokens';
import {
  API_VERSIONS,
  createMatcher,
  nameIn,
  OLDER_VERSIONS,
  type ArmRequest,
  type Matched,
  type Route,
  type VersionRefusal,
} from './routes';

/** What the front door of ARM requires to check a request before an operation runs. */
export interface FrontContext {
  readonly routes: readonly Route[];
  readonly tokens: Tokens;
  readonly now: () => number;
  readonly authorityUrl: () => string;
  /** The number of entries on one page of a list. */
  readonly pageSize: () => number;
  /** How the cloud refuses all versions except its older ones, or undefined if it supports the requested versions. */
  readonly olderVersions: () => VersionRefusal | undefined;
  readonly hasSubscription: (id: string) => boolean;
  readonly hasGroup: (subscription: string, name: string) => boolean;
  readonly violate: (sentence: string) => void;
  /** Called for every response, before faults change it. */
  readonly onAnswer: (request: Incoming, kind: Kind, answer: Answer) => void;
  /** Called for every action that a signed-in caller tried, with its outcome. Reads are not included. */
  readonly onAction: (tried: TriedAction) => void;
}

/** An action as it is reported to the Activity Log. */
export interface TriedAction {
  readonly principal: Principal;
  readonly action: string;
  /** The ID of the resource. */
  readonly scope: string;
  readonly body: string;
  readonly answer: Answer;
  readonly correlationId: string;
}

/** Creates Azure Resource Manager, which finds the operation, the caller, and the caller's permissions. */
export function createFront(context: FrontContext): (request: Incoming) => Known {
  const match = createMatcher([...context.routes, createPermissionsRoute(context.pageSize)]);
  return (request) => {
    const matched = match(request);
    const correlationId = request.headers['x-ms-correlation-request-id'] ?? randomUUID();
    const work = matched
      ? () => withRefusals(() => pass(request, matched, context, correlationId))
      : () => unknownPath(request, context);
    const kind = matched?.route.kindOf?.(request) ?? matched?.route.kind ?? 'unknown';
    const answer = (): Answer => {
      const answered = withIds(correlationId, work());
      context.onAnswer(request, kind, answered);
      return answered;
    };
    return { kind, answer };
  };
}

function unknownPath({ method, path }: Incoming, context: FrontContext): Answer {
  context.violate(`ARM was asked ${method} ${path}, which the simulation does not have.`);
  return armError(
    404,
    'InvalidResourceType',
    `The resource type could not be found for '${method} ${path}'.`,
  );
}

function withRefusals(work: () => Answer): Answer {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    throw error;
  }
}

function withIds(correlation: string, answer: Answer): Answer {
  // A recorded 202 of `initiate` had an empty request ID, so the correlation ID is the one to log.
  const requestId = answer.status === 202 ? '' : randomUUID();
  const ids = { 'x-ms-correlation-request-id': correlation, 'x-ms-request-id': requestId };
  return { ...answer, headers: { ...ids, ...answer.headers } };
}

function pass(request: Incoming, matched: Matched, context: FrontContext, correlationId: string): Answer {
  const principal = signedIn(request, context);
  const { method, action } = matched.route;
  const answer = withRefusals(() => carryOut(request, matched, principal, context));
  if (method !== 'GET' && action !== undefined) {
    const scope = scopeOf(request.path, matched.route);
    context.onAction({ principal, action, scope, body: request.text, answer, correlationId });
  }
  return answer;
}

function carryOut(
  request: Incoming,
  { route, names }: Matched,
  principal: Principal,
  context: FrontContext,
): Answer {
  checkQuery(request, route, context);
  checkBody(request, route, context);
  const { subscription, group } = names;
  if (subscription !== undefined && !context.hasSubscription(subscription)) {
    throw refuse(404, 'SubscriptionNotFound', `The subscription '${subscription}' could not be found.`);
  }
  if (route.action !== undefined) requireAction(principal, route.action, scopeOf(request.path, route));
  if (subscription !== undefined && group !== undefined && !context.hasGroup(subscription, group)) {
    throw refuse(404, 'ResourceGroupNotFound', `Resource group '${group}' could not be found.`);
  }
  return route.handle({ ...request, principal, names });
}

/** An action at the end of a path, such as `/initiate`, is not part of the scope, and neither is the type of a list. */
const scopeOf = (path: string, { isList, method, action }: Route): string =>
  decodeURIComponent(path).replace(
    isList || (method === 'POST' && action?.endsWith('/action')) ? /\/[^/]+$/ : /$/,
    '',
  );

function signedIn({ headers }: Incoming, context: FrontContext): Principal {
  const deny = (code: string, message: string): Refusal => {
    const challenge = `Bearer authorization_uri="${context.authorityUrl()}", error="invalid_token", error_description="${message}"`;
    return refuse(401, code, message, { 'www-authenticate': challenge });
  };
  const token = /^Bearer (\S+)$/.exec(headers['authorization'] ?? '')?.[1];
  if (token === undefined) {
    throw deny('AuthenticationFailed', "Authentication failed. The 'Authorization' header is missing.");
  }
  const found = context.tokens.find(token);
  if (!found || found.revoked) throw deny('InvalidAuthenticationToken', 'The access token is invalid.');
  if (found.expiresAt <= context.now())
    throw deny('ExpiredAuthenticationToken', 'The access token expiry time is over.');
  return found.principal;
}

function checkQuery({ method, path, query }: Incoming, route: Route, context: FrontContext): void {
  const versions = query.getAll('api-version');
  const older = context.olderVersions();
  if (older !== undefined && versions.length === 1) checkOlderVersion(versions[0] ?? '', route, older);
  else if (versions.length !== 1 || versions[0] !== route.apiVersion) {
    const requested = versions.join(' and ') || 'none';
    context.violate(
      `${method} ${path} was asked with api-version ${requested} instead of ${route.apiVersion}.`,
    );
    if (versions.length === 0) {
      throw refuse(
        400,
        'MissingApiVersionParameter',
        'The api-version query parameter (?api-version=) is required.',
      );
    }
    throw refuse(400, 'InvalidApiVersionParameter', `The api-version '${requested}' is invalid.`);
  }
  const extra = [...query.keys()].filter((key) => key !== 'api-version' && !route.query?.includes(key));
  if (extra.length === 0) return;
  context.violate(
    `${method} ${path} was asked with query parameters that are not simulated: ${extra.join(', ')}.`,
  );
  throw refuse(400, 'InvalidQueryParameter', `Query parameters ${extra.join(', ')} are not supported.`);
}

/** @throws Refusal in the wording that Azure Resource Manager was reported to use. */
function checkOlderVersion(version: string, { action = '' }: Route, refusal: VersionRefusal): void {
  if (OLDER_VERSIONS.includes(version)) return;
  const [namespace = '', ...types] = action.split('/');
  const type = types.slice(0, -1).join('/');
  const have = OLDER_VERSIONS.join(', ');
  switch (refusal) {
    case 'NoRegisteredProviderFound':
      throw refuse(
        400,
        refusal,
        `No registered resource provider found for location 'chinanorth2' and API version '${version}' for type '${type}'. The supported api-versions are '${have}'. The supported locations are 'chinanorth2, chinaeast2'.`,
      );
    case 'InvalidApiVersionParameter':
      throw refuse(
        400,
        refusal,
        `The api-version '${version}' is invalid. The supported versions are '${have}'.`,
      );
    case 'InvalidResourceType':
      throw refuse(
        404,
        refusal,
        `The resource type '${type}' could not be found in the namespace '${namespace}' for api version '${version}'. The supported api-versions are '${have}'.`,
      );
  }
}

function checkBody({ method, path, text, headers }: Incoming, route: Route, context: FrontContext): void {
  const wantsBody = route.method === 'PUT' || route.method === 'POST';
  if (!wantsBody) {
    if (text !== '') context.violate(`${method} ${path} came with a body.`);
    return;
  }
  if (headers['content-type']?.startsWith('application/json')) return;
  context.violate(`${method} ${path} came with content type ${headers['content-type'] ?? 'none'}.`);
  throw refuse(
    415,
    'UnsupportedMediaType',
    'The content media type is not supported. Only application/json is.',
  );
}

/** @throws Refusal 403 in ARM's wording, if no role allows the action at the scope. */
export function requireAction(principal: Principal, action: string, scope: string): void {
  if (isAllowed(principal, action, scope)) return;
  const { clientId, objectId } = principal;
  throw refuse(
    403,
    'AuthorizationFailed',
    `The client '${clientId}' with object id '${objectId}' does not have authorization to perform action '${action}' ` +
      `over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );
}

const createPermissionsRoute = (pageSize: () => number): Route => ({
  kind: 'permissions',
  method: 'GET',
  path: '{scope*}/providers/Microsoft.Authorization/permissions',
  apiVersion: API_VERSIONS.permissions,
  query: ['$skiptoken'],
  action: 'Microsoft.Authorization/permissions/read',
  handle: (request: ArmRequest) => {
    const granted = permissionsAt(request.principal, nameIn(request, 'scope'));
    const start = Number(request.query.get('$skiptoken') ?? 0);
    const end = start + pageSize();
    const value = granted.slice(start, end).map(({ actions, notActions = [] }) => ({
      actions,
      notActions,
      dataActions: [],
      notDataActions: [],
    }));
    const nextLink = `${request.origin}${request.path}?api-version=${request.query.get('api-version') ?? ''}&%24skiptoken=${end}`;
    return json(200, { value, ...(end < granted.length && { nextLink }) });
  },
});
