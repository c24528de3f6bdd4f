import type { PipelinePolicy, PipelineResponse } from '@azure/core-rest-pipeline';
import { azureErrorOf, bareErrorOf } from './azureErrors';

/**
 * The API version to send to each service. They are old, because national clouds get new versions late, and they have
 * every field that is read here.
 */
export const API_VERSIONS = {
  activityLog: '2015-04-01',
  compute: '2022-03-01',
  jit: '2020-01-01',
  network: '2022-01-01',
  permissions: '2022-04-01',
  resourceGraph: '2021-03-01',
} as const;

export type ArmService = keyof typeof API_VERSIONS;

/**
 * The responses, as status and code, that mean that a cloud does not have a version. Their messages list the versions
 * that it has.
 */
const REFUSALS: readonly string[] = [
  '400 noregisteredproviderfound',
  '400 invalidapiversionparameter',
  '404 invalidresourcetype',
];

/** A version that is used in place of the requested one for the rest of the run. */
export interface VersionChange {
  /** `microsoft.network/networkinterfaces`. */
  readonly type: string;
  readonly refused: string;
  readonly taken: string;
}

/**
 * Returns a policy that replaces an API version that the cloud refuses. If the refusal lists the versions that the
 * cloud has, the policy sends the request again with the newest stable one, and uses that version for all later
 * requests for the same type. If that one is refused too, with another list, the same applies to that list. Azure
 * carries out nothing before such a refusal, so every request can be sent again.
 *
 * @param onChange is called for each change of the version of a type
 */
export function apiVersionPolicy(onChange: (change: VersionChange) => void): PipelinePolicy {
  /** The version in use, by type and requested version. */
  const taken = new Map<string, string>();
  return {
    name: 'jitApiVersionPolicy',
    async sendRequest(request, next) {
      const requested = VERSION_IN_URL.exec(request.url)?.[0];
      if (requested === undefined) return next(request);
      const type = typeOf(new URL(request.url).pathname);
      const key = `${type} ${requested}`;
      const inUse = () => taken.get(key) ?? requested;
      const tried = new Set<string>();
      for (;;) {
        const sent = inUse();
        tried.add(sent);
        request.url = request.url.replace(VERSION_IN_URL, sent);
        const response = await next(request);
        const listed = otherVersion(response, type, requested);
        if (listed === undefined) return response;
        // Another request might have stored a version in the meantime.
        const other = inUse() === sent ? listed : inUse();
        if (tried.has(other) || tried.size === MOST_TRIED) return response;
        if (inUse() !== sent) continue;
        taken.set(key, other);
        onChange({ type, refused: sent, taken: other });
      }
    },
  };
}

/** The maximum number of versions of one request, because a service could list another version each time. */
const MOST_TRIED = 3;

/** Services write the name of the parameter in their page links, and its case does not matter. */
const VERSION_IN_URL = /(?<=[?&]api-version=)[^&#]*/i;

/** The provider of the Activity Log, which returns errors that are not wrapped. */
const BARE_ERRORS = 'microsoft.insights/';

/** Returns the newest stable version that a refusal lists, other than the requested one. */
function otherVersion(response: PipelineResponse, type: string, requested: string): string | undefined {
  const azure = azureErrorOf(response) ?? (type.startsWith(BARE_ERRORS) ? bareErrorOf(response) : undefined);
  const refusal = [azure, ...(azure?.details ?? [])].find(
    (error) => error && REFUSALS.includes(`${String(response.status)} ${error.code.toLowerCase()}`),
  );
  if (!refusal) return undefined;
  // The text before the list names the refused version.
  const [, list = refusal.message] = /\bsupported\b(.*)/is.exec(refusal.message) ?? [];
  const versions = list.match(/\b\d{4}-\d{2}-\d{2}(?![-.]?\w)/g) ?? [];
  return versions
    .filter((version) => version !== requested)
    .sort()
    .at(-1);
}

/**
 * Returns the type that a path ends with, with its provider, in lower case. Names alternate with the parts of the type.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/resource-providers-and-types
 */
function typeOf(path: string): string {
  const [, provider = '', types = ''] = /.*\/providers\/([^/]*)\/(.*)/.exec(path.toLowerCase()) ?? [];
  return [provider, ...types.split('/').filter((_part, at) => at % 2 === 0)].join('/');
}
