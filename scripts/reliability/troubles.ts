import type { Fault, Kind } from '../../test/support/azure';
import type { Scenario } from '../../test/support/scenario';

/** A problem with one kind of call. */
export interface Trouble {
  readonly name: string;
  readonly lasts: boolean;
  /**
   * Whether it can affect this call: only lists have pages, and only calls to Azure Resource Manager have its token.
   */
  readonly meets: (kind: Kind) => boolean;
  readonly arrange: (scenario: Scenario, kind: Kind) => void;
}

const everywhere = (_kind: Kind): boolean => true;
const isArm = (kind: Kind): boolean => !['openid', 'token', 'oidc', 'imds', 'echo'].includes(kind);
/** The lists of Azure Resource Manager with links to further pages. */
const isList = (kind: Kind): boolean => kind.endsWith('s.list') || kind === 'activityLog';
/** The three address services are queried together, and one of them is not required, so all three have the problem. */
const timesFor = (kind: Kind): number => (kind === 'echo' ? 3 : 1);

const passing = (name: string, fault: Fault | (() => Fault), meets = everywhere): Trouble => ({
  name,
  lasts: false,
  meets,
  arrange: ({ azure }, kind) => {
    const made = typeof fault === 'function' ? fault() : fault;
    azure.faults.next(kind, Array<Fault>(timesFor(kind)).fill(made));
  },
});

const lasting = (name: string, fault: Fault, meets = everywhere): Trouble => ({
  name,
  lasts: true,
  meets,
  arrange: ({ azure }, kind) => {
    azure.faults.always(kind, fault);
  },
});

/** The service requests a short pause, so that retries take no time. */
const soon = (status: number): Fault => ({ status, retryAfterMs: 50 });

/** Problems that are over after one call, so the run must succeed. */
export const PASSING: readonly Trouble[] = [
  passing('401, then a new token is accepted', 401, isArm),
  {
    name: 'token revoked during the run',
    lasts: false,
    meets: isArm,
    arrange: ({ azure }, kind) => {
      let done = false;
      azure.faults.always((target) => {
        if (target.kind === kind && !done) {
          done = true;
          azure.revokeTokens();
        }
        return false;
      }, 'pass');
    },
  },
  passing('408', soon(408)),
  passing('409', soon(409)),
  passing('429, Retry-After in seconds', { status: 429, retryAfterSeconds: 1 }),
  passing('429, Retry-After as a date', () => ({ status: 429, retryAfterDate: Date.now() + 2000 })),
  passing('429, Retry-After in milliseconds', soon(429)),
  passing('500', 500),
  passing('502', soon(502)),
  passing('503', soon(503)),
  passing('504', soon(504)),
  passing('connection reset', 'reset'),
  passing('carried out, response lost', 'lostAnswer'),
  passing('partial response', 'half'),
  passing('response lost, carried out 2 s later', { lateCommitMs: 2000 }, (kind) => kind === 'initiate'),
  passing('response after 2 s', { delayMs: 2000 }),
  passing('no response', 'hang'),
];

/** Persistent problems, with which the run must end with the corresponding code. */
export const LASTING: readonly Trouble[] = [
  lasting('400', 400),
  lasting('401', 401),
  lasting('407 of a proxy', { status: 407, body: '<html>Proxy Authentication Required</html>' }),
  lasting('408', soon(408)),
  lasting('409', soon(409)),
  lasting('429', soon(429)),
  lasting('429, Retry-After of an hour', { status: 429, retryAfterSeconds: 3600 }),
  lasting('500', soon(500)),
  lasting('502', soon(502)),
  lasting('503', soon(503)),
  lasting('503, Retry-After of an hour', { status: 503, retryAfterSeconds: 3600 }),
  lasting('504', soon(504)),
  lasting('connection reset', 'reset'),
  lasting('carried out, response lost', 'lostAnswer'),
  lasting('partial response', 'half'),
  lasting('HTML with status 200', 'html'),
  lasting('empty body', 'empty'),
  lasting('not JSON', 'notJson'),
  lasting('wrong content type', 'wrongType'),
  lasting('page links form a loop', 'linkLoop', isList),
  lasting('page link to another origin', 'foreignLink', isList),
  lasting('no response', 'hang'),
];
