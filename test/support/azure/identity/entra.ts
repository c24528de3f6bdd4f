import { entraError, json, Refusal, type Answer } from '../http/answers';
import type { Incoming } from '../http/calls';
import type { Known } from '../http/listener';
import type { Assertions } from './assertions';
import type { Principal } from './principals';
import type { Tokens } from './tokens';

/** What Entra requires from the rest of the simulation. */
export interface EntraContext {
  readonly principals: readonly Principal[];
  readonly tokens: Tokens;
  readonly assertions: Assertions;
  readonly now: () => number;
  readonly armAudience: () => string;
  readonly tokenLifeSeconds: () => number;
  readonly violate: (sentence: string) => void;
}

const TOKEN_PATH = /^\/([^/]+)\/oauth2\/v2\.0\/token$/;
const OPENID_PATH = /^\/([^/]+)\/v2\.0\/\.well-known\/openid-configuration$/;

/** Creates Entra's sign-in service, with tenants below the origin. It supports client credentials only. */
export function createEntra(context: EntraContext): (request: Incoming) => Known {
  return (request) => {
    const tokenOf = TOKEN_PATH.exec(request.path)?.[1];
    if (tokenOf && request.method === 'POST') {
      return { kind: 'token', answer: () => grantToken(request, tokenOf, context) };
    }
    const openidOf = OPENID_PATH.exec(request.path)?.[1];
    if (openidOf && request.method === 'GET') {
      return { kind: 'openid', answer: () => describeTenant(request, openidOf, context) };
    }
    return { kind: 'unknown', answer: () => notFound(request, context) };
  };
}

function notFound(request: Incoming, context: EntraContext): Answer {
  const why = request.path.includes('/discovery/instance') ? ' (instance discovery must be off)' : '';
  context.violate(`Entra was asked ${request.method} ${request.path}, which it does not have${why}.`);
  return entraError(404, 'not_found', 900144, 'The requested page does not exist.');
}

function requireTenant(tenant: string, context: EntraContext): readonly Principal[] {
  const members = context.principals.filter(
    ({ tenantId }) => tenantId.toLowerCase() === tenant.toLowerCase(),
  );
  if (members.length > 0) return members;
  throw new Refusal(entraError(400, 'invalid_request', 90002, `Tenant '${tenant}' not found.`));
}

function describeTenant(request: Incoming, tenant: string, context: EntraContext): Answer {
  requireTenant(tenant, context);
  const base = `${request.origin}/${tenant}`;
  return json(200, {
    token_endpoint: `${base}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri: `${base}/discovery/v2.0/keys`,
    response_types_supported: ['code', 'id_token', 'token'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    issuer: `${base}/v2.0`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    tenant_region_scope: 'EU',
  });
}

function grantToken(request: Incoming, tenant: string, context: EntraContext): Answer {
  const members = requireTenant(tenant, context);
  const form = new URLSearchParams(request.text);
  if (form.get('grant_type') !== 'client_credentials') {
    throw new Refusal(
      entraError(400, 'unsupported_grant_type', 70003, 'The app requested an unsupported grant type.'),
    );
  }
  const clientId = form.get('client_id') ?? '';
  const principal = members.find((member) => member.clientId.toLowerCase() === clientId.toLowerCase());
  if (!principal) {
    const what = `Application with identifier '${clientId}' was not found in the directory '${tenant}'.`;
    throw new Refusal(entraError(400, 'unauthorized_client', 700016, what));
  }
  checkScope(form.get('scope') ?? '', context.armAudience());
  checkCredential(form, principal, request, tenant, context);
  const life = context.tokenLifeSeconds();
  const access = context.tokens.issue(principal, life);
  return json(200, { token_type: 'Bearer', expires_in: life, ext_expires_in: life, access_token: access });
}

/** The only scope is `/.default` of the ARM audience. A slash at the end of the audience makes no difference. */
function checkScope(scope: string, audience: string): void {
  const base = audience.replace(/\/$/, '');
  const requested = scope
    .split(' ')
    .filter((part) => !['openid', 'profile', 'offline_access'].includes(part));
  if (requested.length === 1 && [`${base}/.default`, `${base}//.default`].includes(requested[0] ?? ''))
    return;
  const what = `The resource principal named ${scope} was not found in the tenant.`;
  throw new Refusal(entraError(400, 'invalid_resource', 500011, what));
}

const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

function checkCredential(
  form: URLSearchParams,
  principal: Principal,
  { origin, path }: Incoming,
  tenant: string,
  context: EntraContext,
): void {
  const assertion = form.get('client_assertion');
  if (assertion !== null && form.get('client_assertion_type') === JWT_BEARER) {
    context.assertions.accept(assertion, principal, [
      origin + path,
      `${origin}/${tenant}/v2.0`,
      `${origin}/${tenant}/`,
    ]);
    return;
  }
  const secret = form.get('client_secret');
  if (secret === null) {
    const what =
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.";
    throw new Refusal(entraError(401, 'invalid_client', 7000218, what));
  }
  if (secret !== principal.secret) {
    const what = `Invalid client secret provided for app '${principal.clientId}'.`;
    throw new Refusal(entraError(401, 'invalid_client', 7000215, what));
  }
  if (context.now() >= principal.secretExpiresAt) {
    const what = `The provided client secret keys for app '${principal.clientId}' are expired.`;
    throw new Refusal(entraError(401, 'invalid_client', 7000222, what));
  }
}
