import { generateKeyPairSync, randomBytes, randomUUID, type KeyObject } from 'node:crypto';
import { json, plain, type Answer } from '../http/answers';
import type { Incoming } from '../http/calls';
import type { Known } from '../http/listener';
import { EXCHANGE_AUDIENCE } from './assertions';
import { signJwt } from './jwt';

/** The running job, as the agent's variables describe it. */
export interface Job {
  readonly projectId: string;
  /** `System.HostType`. */
  readonly hostType: string;
  readonly planId: string;
  readonly jobId: string;
  /** The token of SystemVssConnection. */
  readonly accessToken: string;
}

export const createJob = (): Job => ({
  projectId: randomUUID(),
  hostType: 'build',
  planId: randomUUID(),
  jobId: randomUUID(),
  accessToken: `job-${randomBytes(24).toString('hex')}`,
});

/** Azure DevOps from the perspective of a federated sign-in: it issues tokens for service connections. */
export interface DevOps {
  readonly identify: (request: Incoming) => Known;
  /** Registers a connection, whose tokens have this issuer and this subject. */
  addConnection(id: string, identity: { readonly issuer: string; readonly subject: string }): void;
  readonly publicKey: KeyObject;
  /** `/…/oidctoken`, below the collection. */
  readonly oidcPath: string;
}

export interface DevOpsContext {
  readonly job: Job;
  readonly now: () => number;
  readonly violate: (sentence: string) => void;
  /** Called for every token, so that none is shown by accident. */
  readonly onToken: (token: string) => void;
}

const TOKEN_LIFE_SECONDS = 600;
/** The organization's name in the collection's URL. */
export const ORGANIZATION = 'contoso';

let keys: { readonly publicKey: KeyObject; readonly privateKey: KeyObject } | undefined;

/** Generating RSA keys takes a while, so one pair is used for the whole process. */
function signingKeys() {
  keys ??= generateKeyPairSync('rsa', { modulusLength: 2048 });
  return keys;
}

export function createDevOps(context: DevOpsContext): DevOps {
  const { job } = context;
  const connections = new Map<string, { readonly issuer: string; readonly subject: string }>();
  const plan = `${job.projectId}/_apis/distributedtask/hubs/${job.hostType}/plans/${job.planId}`;
  const oidcPath = `/${ORGANIZATION}/${plan}/jobs/${job.jobId}/oidctoken`;

  function vouch(request: Incoming): Answer {
    if (request.headers['authorization'] !== `Bearer ${job.accessToken}`) {
      return plain(401, 'TF400813: The user is not authorized to access this resource.');
    }
    if (request.query.get('api-version') !== '7.1') {
      context.violate(
        `Azure DevOps was asked for an OIDC token with api-version ${request.query.get('api-version')}.`,
      );
      return json(400, { message: 'The requested version of the resource is not supported.' });
    }
    const identity = connections.get((request.query.get('serviceConnectionId') ?? '').toLowerCase());
    if (!identity) return json(404, { message: 'VS402962: The service connection does not exist.' });
    const oidcToken = signJwt(claimsFor(identity), signingKeys().privateKey, 'devops');
    context.onToken(oidcToken);
    return json(200, { oidcToken });
  }

  function claimsFor(identity: { readonly issuer: string; readonly subject: string }): object {
    const now = Math.floor(context.now() / 1000);
    const times = { nbf: now, iat: now, exp: now + TOKEN_LIFE_SECONDS };
    return {
      jti: randomUUID(),
      iss: identity.issuer,
      sub: identity.subject,
      aud: EXCHANGE_AUDIENCE,
      ...times,
    };
  }

  return {
    oidcPath,
    get publicKey() {
      return signingKeys().publicKey;
    },
    addConnection: (id, identity) => void connections.set(id.toLowerCase(), identity),
    identify(request) {
      if (request.method === 'POST' && request.path.toLowerCase() === oidcPath.toLowerCase()) {
        return { kind: 'oidc', answer: () => vouch(request) };
      }
      return {
        kind: 'unknown',
        answer: () => {
          context.violate(
            `Azure DevOps was asked ${request.method} ${request.path}, which it does not have.`,
          );
          return plain(404, 'The page cannot be found.');
        },
      };
    },
  };
}
