import type { Clock } from '../core/limits';
import type { VersionChange } from './apiVersions';
import { createArm, type Arm } from './arm';
import type { Connection } from './connection';
import { createOidcToken } from './oidc';
import type { OidcSource } from '../core/oidcSource';
import type { Announce } from './retry';
import { createTokens } from './signIn';
import { createTransport, type RouteFinder } from './transport';

/** How long one attempt may take: with one more after it, a silent Azure holds a step for 41 seconds. */
const ATTEMPT_MS = 20_000;

export interface AzureParts {
  readonly connection: Connection;
  /** The ways out, for the cloud and for the managed identity of this machine, which no proxy knows. */
  readonly routes: { readonly asAgent: RouteFinder; readonly direct: RouteFinder };
  readonly oidc: OidcSource;
  readonly clock: Clock;
  readonly announce: Announce;
  /** Told when another api-version is taken than this product asks for. */
  readonly onVersion: (change: VersionChange) => void;
  readonly onSecret: (secret: string) => void;
  readonly signal: AbortSignal;
}

/** Azure by way of one service connection, with one sign-in for all that a task asks of it. */
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
