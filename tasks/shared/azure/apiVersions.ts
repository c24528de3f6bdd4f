import type { PipelinePolicy, PipelineResponse } from '@azure/core-rest-pipeline';
import { azureErrorOf } from './azureErrors';

/**
 * What is asked for, service by service. Old versions, because national clouds get new ones late, and these have every
 * field that is read here.
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

/** That a cloud does not have a version, by status and code. The text of each lists those that it has. */
const REFUSALS: readonly string[] = [
  '400 noregisteredproviderfound',
  '400 invalidapiversionparameter',
  '404 invalidresourcetype',
];

/** Another version than the one asked for, taken for the rest of the run. */
export interface VersionChange {
  /** `microsoft.network/networkinterfaces`. */
  readonly type: string;
  readonly refused: string;
  readonly taken: string;
}

/**
 * Where a cloud refuses a version and lists those that it has, takes the newest stable one of them: the request is sent
 * once more with it, and others for the same type go out with it at once. Nothing was carried out before, so that every
 * request may be sent again.
 *
 * @param onChange hears of each type once
 */
export function apiVersionPolicy(onChange: (change: VersionChange) => void): PipelinePolicy {
  /** What is taken, by type and the version that is asked for. */
  const taken = new Map<string, string>();
  return {
    name: 'jitApiVersionPolicy',
    async sendRequest(request, next) {
      const { pathname, searchParams } = new URL(request.url);
      const [type, requested] = [typeOf(pathname), searchParams.get('api-version') ?? ''];
      const key = `${type} ${requested}`;
      const sent = taken.get(key) ?? requested;
      request.url = withVersion(request.url, requested, sent);
      const response = await next(request);
      const listed = otherVersion(response, requested);
      if (listed === undefined) return response;
      // Another request may have learned it meanwhile.
      const other = taken.get(key) ?? listed;
      if (other === sent) return response;
      if (!taken.has(key)) {
        taken.set(key, other);
        onChange({ type, refused: requested, taken: other });
      }
      request.url = withVersion(request.url, sent, other);
      return next(request);
    },
  };
}

/** The newest stable version that a refusal lists, beside the one that it refuses. */
function otherVersion(response: PipelineResponse, requested: string): string | undefined {
  const azure = azureErrorOf(response);
  if (!azure || !REFUSALS.includes(`${String(response.status)} ${azure.code.toLowerCase()}`))
    return undefined;
  const versions = azure.message.match(/\b\d{4}-\d{2}-\d{2}\b(?!-)/g) ?? [];
  return versions
    .filter((version) => version !== requested)
    .sort()
    .at(-1);
}

/**
 * The type that a path ends with, with its provider, in lower case: names stand between its parts.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/resource-providers-and-types
 */
function typeOf(path: string): string {
  const [provider = '', ...parts] = path.toLowerCase().split('/providers/').at(-1)?.split('/') ?? [];
  return [provider, ...parts.filter((_part, at) => at % 2 === 0)].join('/');
}

const withVersion = (url: string, from: string, to: string): string =>
  url.replace(`api-version=${from}`, `api-version=${to}`);
