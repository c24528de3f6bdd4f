import type { Clock } from '../core/limits';
import type { VersionChange } from './apiVersions';
import { createArm, type Arm } from './arm';
import type { Connection } from './connection';
import { createOidcToken } from './oidc';
import type { OidcSource } from '../core/oidcSource';
import type { Announce } from './retry';
import { createTokens } from './signIn';
import { createTransport, type RouteFinder } from './transport';

/** The time limit of one attempt in milliseconds. With one retry, a silent service delays a step by 41 seconds. */
const ATTEMPT_MS = 20_000;

export interface AzureParts {
  readonly connection: Connection;
  /** The routes to the cloud, and to this machine's managed identity service, which no proxy can reach. */
  readonly routes: { readonly asAgent: RouteFinder; readonly direct: RouteFinder };
  readonly oidc: OidcSource;
  readonly clock: Clock;
  readonly announce: Announce;
  /** Called when an API version other than the requested one is used. */
  readonly onVersion: (change: VersionChange) => void;
  readonly onSecret: (secret: string) => void;
  readonly signal: AbortSignal;
}

/** Connects to Azure with one service connection, and one sign-in for all calls of a task. */
export function connectAzure(parts: AzureParts): Arm {
  const { connection, routes, clock, announce, onSecret, signal } = parts;
  const transport = createTransport(routes.asAgent, clock, ATTEMPT_MS);
  const managed = connection.identity.kind === 'managed';
  const tokens = createTokens({
    connection,
    transport: managed ? createTransport(routes.direct, clock, ATTEMPT_MS) : transport,
    oidcToken: createOidcToken(parts.oidc, connection.id, transport, clock, announce, onSecret),
    clock,
    announce,
    onSecret,
    signal,
  });
  const { onVersion } = parts;
  return createArm({ armUrl: connection.armUrl, tokens, transport, clock, announce, onVersion });
}
