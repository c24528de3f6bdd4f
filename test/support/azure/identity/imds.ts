import { json, plain, type Answer } from '../http/answers';
import type { Incoming } from '../http/calls';
import type { Known } from '../http/listener';
import type { Principal } from './principals';
import type { Tokens } from './tokens';

/** What the instance metadata service of the agent's machine requires. */
export interface ImdsContext {
  readonly principals: readonly Principal[];
  readonly tokens: Tokens;
  readonly now: () => number;
  readonly armAudience: () => string;
  readonly tokenLifeSeconds: () => number;
  readonly hasManagedIdentity: () => boolean;
  readonly violate: (sentence: string) => void;
}

// MSAL adds a slash at the end if the endpoint comes from an environment variable.
const PATHS = ['/metadata/identity/oauth2/token', '/metadata/identity/oauth2/token/'];

const badRequest = (description: string): Answer =>
  json(400, { error: 'invalid_request', error_description: description });

/**
 * Creates the token endpoint of the instance metadata service, api-version 2018-02-01, as documented in
 * https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token.
 */
export function createImds(context: ImdsContext): (request: Incoming) => Known {
  return (request) => {
    if (PATHS.includes(request.path) && request.method === 'GET') {
      return { kind: 'imds', answer: () => answer(request, context) };
    }
    return {
      kind: 'unknown',
      answer: () => {
        context.violate(`The metadata service was asked ${request.method} ${request.path}.`);
        return plain(404, '');
      },
    };
  };
}

function answer(request: Incoming, context: ImdsContext): Answer {
  const { headers, query } = request;
  if (headers['metadata'] !== 'true') return badRequest('Required metadata header not specified');
  if (headers['x-forwarded-for'] !== undefined || headers['via'] !== undefined) {
    context.violate('The metadata service was asked through a proxy.');
    return badRequest('Required metadata header not specified');
  }
  if (query.get('api-version') !== '2018-02-01') return badRequest('Required api-version is not supported');
  const resource = query.get('resource') ?? '';
  if (resource.replace(/\/+$/, '') !== context.armAudience().replace(/\/+$/, '')) {
    return json(400, {
      error: 'invalid_resource',
      error_description: `AADSTS500011: ${resource} was not found.`,
    });
  }
  const principal = context.hasManagedIdentity()
    ? choose(query.get('client_id'), context.principals)
    : undefined;
  if (!principal) return badRequest('Identity not found');
  const life = context.tokenLifeSeconds();
  const begins = Math.floor(context.now() / 1000);
  return json(200, {
    access_token: context.tokens.issue(principal, life),
    client_id: principal.clientId,
    expires_in: String(life),
    expires_on: String(begins + life),
    ext_expires_in: String(life),
    not_before: String(begins),
    resource,
    token_type: 'Bearer',
  });
}

/**
 * Without an ID, it is the system-assigned identity, or the only user-assigned one. If there are two of these, an ID is
 * required.
 */
function choose(clientId: string | null, principals: readonly Principal[]): Principal | undefined {
  const managed = principals.filter(({ managed }) => managed !== undefined);
  if (clientId !== null) return managed.find((candidate) => candidate.clientId === clientId);
  return (
    managed.find((candidate) => candidate.managed === 'system') ??
    (managed.length === 1 ? managed[0] : undefined)
  );
}
