import type { StatusFault } from '../http/faults';

/** The call that is refused, for texts that name it. */
export interface RefusedCall {
  readonly action: string;
  readonly scope: string;
}

/** A right on another resource that a call also requires. */
export const LINKED = {
  action: 'Microsoft.Compute/virtualMachines/write',
  scope:
    '/subscriptions/0d5a2c5e-1c1b-4c5e-9d0e-7a6b5c4d3e2f/resourceGroups/rg-linked/providers/Microsoft.Compute/virtualMachines/vm-linked',
} as const;

export const OTHER_TENANT = 'b6cc8f32-0d28-41cd-beb7-3a18c4775049';
const OWN_TENANT = 'f220a1b2-a5d6-4a54-9beb-2db0dcee4f5b';
const CLIENT =
  "The client 'c1e1a000-0000-4000-8000-000000000001' with object id '0b1ec700-0000-4000-8000-000000000002'";
const VERSIONS = '2019-04-01, 2020-05-01, 2020-11-01, 2021-08-01, 2021-12-01';

/** Refusals in the wording that Azure was reported to use, by code. */
export const REFUSALS = {
  LinkedAuthorizationFailed: ({ action, scope }) => ({
    status: 403,
    message: `${CLIENT} has permission to perform action '${action}' on scope '${scope}'; however, it does not have permission to perform action(s) '${LINKED.action}' on the linked scope(s) '${LINKED.scope}' (respectively) or the linked scope(s) are invalid.`,
  }),
  LinkedAccessCheckFailed: () => ({
    status: 400,
    message: `The client with object id '0b1ec700-0000-4000-8000-000000000002' does not have authorization to perform action '${LINKED.action}' over scope '${LINKED.scope}' or the scope is invalid.`,
  }),
  AuthorizationFailed: ({ action, scope }) => ({
    status: 403,
    message: `${CLIENT} does not have authorization or an ABAC condition not fulfilled to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  }),
  DenyAssignmentAuthorizationFailed: ({ action, scope }) => ({
    status: 403,
    message: `${CLIENT} has permission to perform action '${action}' on scope '${scope}'; however, the access is denied because of the deny assignment with name 'deny-of-the-stack' and Id '5184754b6c52436aa90a5cae79bfbfea' at scope '/subscriptions/0d5a2c5e-1c1b-4c5e-9d0e-7a6b5c4d3e2f'.`,
  }),
  RequestDisallowedByPolicy: ({ scope }) => ({
    status: 403,
    message: `Resource '${scope.split('/').at(-1) ?? ''}' was disallowed by policy. Policy identifiers: '[{"policyAssignment":{"name":"no-access-by-request"}}]'.`,
  }),
  ScopeLocked: ({ scope }) => ({
    status: 409,
    message: `The scope '${scope}' cannot perform write operation because following scope(s) are locked: '${scope.split('/').slice(0, 5).join('/')}'. Please remove the lock and try again.`,
  }),
  ReadOnlyDisabledSubscription: ({ scope }) => ({
    status: 409,
    message: `The subscription '${scope.split('/')[2] ?? ''}' is disabled and therefore marked as read only. You cannot perform any write actions on this subscription until it is re-enabled.`,
  }),
  InvalidAuthenticationTokenTenant: () => ({
    status: 401,
    message: `The access token is from the wrong issuer 'https://sts.windows.net/${OWN_TENANT}/'. It must match the tenant 'https://sts.windows.net/${OTHER_TENANT}/' associated with this subscription. Please use the authority (URL) 'https://login.windows.net/${OTHER_TENANT}' to get the token.`,
    headers: {
      'www-authenticate': `Bearer authorization_uri="https://login.windows.net/${OTHER_TENANT}", error="invalid_token", error_description="The access token is from the wrong issuer."`,
    },
  }),
  NoRegisteredProviderFound: ({ action }) => ({
    status: 400,
    message: `No registered resource provider found for location 'westeurope' and API version '2022-01-01' for type '${action.split('/')[1] ?? ''}'. The supported api-versions are '${VERSIONS}'.`,
  }),
  InvalidApiVersionParameter: () => ({
    status: 400,
    message: `The api-version '2022-01-01' is invalid. The supported versions are '${VERSIONS}'.`,
  }),
  InvalidResourceType: ({ action }) => ({
    status: 404,
    message: `The resource type '${action.split('/')[1] ?? ''}' could not be found in the namespace '${action.split('/')[0] ?? ''}' for api version '2022-01-01'. The supported api-versions are '${VERSIONS}'.`,
  }),
} as const satisfies Readonly<
  Record<string, (call: RefusedCall) => Omit<StatusFault, 'code'> & { message: string }>
>;

export type RefusalCode = keyof typeof REFUSALS;

/** Returns a refusal as a fault. */
export const refusalFault = (code: RefusalCode, call: RefusedCall): StatusFault => ({
  code,
  ...REFUSALS[code](call),
});

/** Defender reports that it does not cover a machine in the text only. Status and code are not known. */
export const notOnboardedFault = (status: number): StatusFault => ({
  status,
  code: 'BadRequest',
  message: "'web-01' is not onboarded to Defender For Servers offering.",
});
