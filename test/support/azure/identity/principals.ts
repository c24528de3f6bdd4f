import { randomUUID } from 'node:crypto';

/** Actions that are granted at a scope and everything below it. `*` matches any text. */
export interface Permission {
  /** Default `/`, which is everywhere. */
  readonly scope?: string;
  readonly actions: readonly string[];
  readonly notActions?: readonly string[];
}

/** The issuer and the subject that a federated token must have. */
export interface Federation {
  readonly issuer: string;
  readonly subject: string;
}

export interface NewPrincipal {
  readonly name?: string;
  readonly tenantId?: string;
  readonly clientId?: string;
  readonly objectId?: string;
  readonly secret?: string;
  /** When the secret expires, in milliseconds since 1970 on Azure's clock. */
  readonly secretExpiresAt?: number;
  /** The public certificate that is registered for sign-in. */
  readonly certificatePem?: string;
  readonly federated?: Federation;
  /** An identity of the machine that the agent runs on. */
  readonly managed?: 'system' | 'user';
  /** Default: everything that requesting, waiting, closing, configuring, and reporting require. */
  readonly permissions?: readonly Permission[];
}

/** An identity that can sign in. Tests can change everything except the IDs at any time. */
export interface Principal {
  readonly name: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly objectId: string;
  secret: string | undefined;
  secretExpiresAt: number;
  certificatePem: string | undefined;
  federated: Federation | undefined;
  readonly managed: 'system' | 'user' | undefined;
  permissions: readonly Permission[];
  /** Removes single actions, everywhere. */
  forbid(...actions: readonly string[]): void;
}

const JIT = 'Microsoft.Security/locations/jitNetworkAccessPolicies';
const NETWORK = 'Microsoft.Network';

/** The actions that requesting, waiting for rules, closing, configuring, and reporting require. */
export const ALL_ACTIONS = [
  `${JIT}/read`,
  `${JIT}/*/read`,
  `${JIT}/initiate/action`,
  `${JIT}/write`,
  `${JIT}/delete`,
  'Microsoft.Compute/virtualMachines/read',
  'Microsoft.Compute/virtualMachines/write',
  `${NETWORK}/networkInterfaces/read`,
  `${NETWORK}/networkInterfaces/*/read`,
  `${NETWORK}/publicIPAddresses/read`,
  `${NETWORK}/networkSecurityGroups/read`,
  `${NETWORK}/networkSecurityGroups/securityRules/delete`,
  `${NETWORK}/virtualNetworks/read`,
  `${NETWORK}/virtualNetworks/listNetworkManagerEffectiveSecurityAdminRules/action`,
  `${NETWORK}/virtualNetworks/subnets/read`,
  `${NETWORK}/azureFirewalls/read`,
  `${NETWORK}/networkWatchers/read`,
  `${NETWORK}/networkWatchers/ipFlowVerify/action`,
  `${NETWORK}/locations/operationResults/read`,
  'Microsoft.Security/assessments/read',
  'Microsoft.Insights/eventtypes/values/read',
  'Microsoft.Authorization/permissions/read',
] as const;

export const DEFAULT_TENANT = '7d1c7f0e-51a4-4a0e-9a33-4c63f6b0a001';

export function createPrincipal(wanted: NewPrincipal, ordinal: number): Principal {
  return {
    name: wanted.name ?? `principal-${ordinal}`,
    tenantId: wanted.tenantId ?? DEFAULT_TENANT,
    clientId: wanted.clientId ?? randomUUID(),
    objectId: wanted.objectId ?? randomUUID(),
    secret: wanted.secret,
    secretExpiresAt: wanted.secretExpiresAt ?? Infinity,
    certificatePem: wanted.certificatePem,
    federated: wanted.federated,
    managed: wanted.managed,
    permissions: wanted.permissions ?? [{ actions: ALL_ACTIONS }],
    forbid(...actions) {
      this.permissions = this.permissions.map((permission) => ({
        ...permission,
        notActions: [...(permission.notActions ?? []), ...actions],
      }));
    },
  };
}

/** Whether the principal is allowed this action at this scope: a grant covers the scope and names the action. */
export function isAllowed(principal: Principal, action: string, scope: string): boolean {
  return permissionsAt(principal, scope).some(
    ({ actions, notActions = [] }) => names(actions, action) && !names(notActions, action),
  );
}

/** Returns the grants that apply at this scope. */
export const permissionsAt = (principal: Principal, scope: string): readonly Permission[] =>
  principal.permissions.filter((permission) => covers(permission.scope ?? '/', scope));

/** Whether the principal has any grant at this scope, above it, or below it. */
export const hasRightsWithin = ({ permissions }: Principal, scope: string): boolean =>
  permissions.some(({ scope: granted = '/' }) => covers(granted, scope) || covers(scope, granted));

function covers(granted: string, requested: string): boolean {
  const base = granted.toLowerCase().replace(/\/+$/, '');
  return `${requested.toLowerCase()}/`.startsWith(`${base}/`);
}

/** Azure compares actions without case. A wildcard matches across slashes, but a slash in the pattern must be present. */
function names(patterns: readonly string[], action: string): boolean {
  return patterns.some((pattern) => {
    const source = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*');
    return new RegExp(`^${source}$`, 'i').test(action);
  });
}
