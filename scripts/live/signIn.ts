import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { createArm, type Arm } from '../../tasks/shared/azure/arm';
import type { Connection, Identity } from '../../tasks/shared/azure/connection';
import { createTokens, type Tokens } from '../../tasks/shared/azure/signIn';
import { createTransport } from '../../tasks/shared/azure/transport';
import { findCloud } from '../../tasks/shared/core/azureClouds';
import type { Clock } from '../../tasks/shared/core/limits';
import { createRoutes } from '../../tasks/shared/host/routes';

/** The addresses of Azure. */
export interface Cloud {
  readonly armUrl: string;
  readonly authorityUrl: string;
  /** The audience that a token requires. */
  readonly audience: string;
}

/** The available ways to sign in. */
export type Means =
  | { readonly kind: 'identity'; readonly identity: Identity; readonly tokenFile: string | undefined }
  | { readonly kind: 'az' };

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Returns the cloud by its name, or by its addresses if it is not a known one.
 *
 * @throws Error for an unknown name
 */
export function cloudOf(name = 'AzureCloud', own: Partial<Cloud> = {}): Cloud {
  const cloud = findCloud(name);
  const armUrl = own.armUrl ?? (cloud && `https://${cloud.resourceManager[0] ?? ''}`);
  const authorityUrl = own.authorityUrl ?? (cloud && `https://${cloud.signIn[0] ?? ''}`);
  if (armUrl === undefined || authorityUrl === undefined) throw new Error(`Unknown cloud: ${name}.`);
  return { armUrl, authorityUrl, audience: own.audience ?? armUrl };
}

/**
 * Returns the way to sign in that the environment has, the most explicit first: a secret, a federated token file, the
 * identity of this machine, and otherwise the session of `az`.
 *
 * @param prefix `AZURE`, or `JIT_SECOND` for the second identity
 */
export function meansOf(env: Environment, managed: boolean, prefix = 'AZURE'): Means {
  const [tenantId, clientId] = [env[`${prefix}_TENANT_ID`], env[`${prefix}_CLIENT_ID`]];
  const secret = env[`${prefix}_CLIENT_SECRET`];
  const tokenFile = env[`${prefix}_FEDERATED_TOKEN_FILE`];
  if (managed) return { kind: 'identity', identity: { kind: 'managed', clientId }, tokenFile: undefined };
  if (tenantId !== undefined && clientId !== undefined) {
    if (secret !== undefined)
      return {
        kind: 'identity',
        identity: { kind: 'secret', tenantId, clientId, secret },
        tokenFile: undefined,
      };
    if (tokenFile !== undefined)
      return { kind: 'identity', identity: { kind: 'federated', tenantId, clientId }, tokenFile };
  }
  return { kind: 'az' };
}

export interface SigningIn {
  readonly cloud: Cloud;
  readonly means: Means;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Receives every token and secret, for the scrubber. */
  readonly onSecret: (secret: string) => void;
  readonly log: (line: string) => void;
  /** Runs `az` with these arguments and returns its output. */
  readonly az?: (args: readonly string[]) => Promise<string>;
}

const ATTEMPT_MS = 30_000;

/** Signs in to Azure in the available way, and returns the access to it and the tokens. */
export function signIn(parts: SigningIn): { readonly arm: Arm; readonly tokens: Tokens } {
  const { cloud, clock, log } = parts;
  const routes = createRoutes(() => undefined, undefined);
  const transport = createTransport(routes.direct, clock, ATTEMPT_MS);
  const announce = ({ reason, waitMs }: { readonly reason: string; readonly waitMs: number }): void => {
    log(`Waiting ${String(Math.ceil(waitMs / 1000))} s before a retry: ${reason}.`);
  };
  const tokens =
    parts.means.kind === 'az' ? azTokens(parts) : ownTokens(parts, parts.means, transport, announce);
  const arm = createArm({
    ...{ armUrl: cloud.armUrl, tokens, transport, clock, announce },
    onVersion: () => undefined,
  });
  return { arm, tokens };
}

function ownTokens(
  { cloud, clock, signal, onSecret }: SigningIn,
  { identity, tokenFile }: Extract<Means, { kind: 'identity' }>,
  transport: ReturnType<typeof createTransport>,
  announce: Parameters<typeof createArm>[0]['announce'],
): Tokens {
  const connection: Connection = {
    id: 'the live kit',
    cloud: { name: '', known: false },
    subscriptionId: undefined,
    ...{ identity, ...cloud },
  };
  if (identity.kind === 'secret') onSecret(identity.secret);
  return createTokens({
    ...{ connection, transport, clock, announce, onSecret, signal },
    oidcToken: async () => {
      const token = (await readFile(tokenFile ?? '', 'utf8')).trim();
      onSecret(token);
      return token;
    },
  });
}

const runAz = async (args: readonly string[]): Promise<string> =>
  (await promisify(execFile)('az', [...args], { maxBuffer: 10_000_000 })).stdout;

/** Returns tokens of the session that `az login` started. */
function azTokens({ cloud, onSecret, az = runAz }: SigningIn): Tokens {
  let current: Promise<string> | undefined;
  const ask = async (): Promise<string> => {
    const args = ['account', 'get-access-token', '--resource', cloud.audience, '--output', 'json'];
    const { accessToken } = JSON.parse(await az(args)) as { readonly accessToken: string };
    onSecret(accessToken);
    return accessToken;
  };
  return {
    get: () => (current ??= ask()),
    renew: () => (current = ask()),
  };
}
