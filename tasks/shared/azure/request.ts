import { createHttpHeaders, createPipelineRequest, type PipelineRequest } from '@azure/core-rest-pipeline';
import type { Json } from '../core/json';
import type { Limit } from '../core/limits';
import { isPathPart } from '../core/resourceIds';
import { senselessAnswer } from '../messages/failures';
import { API_VERSIONS, type ArmService } from './apiVersions';
import { limitOf } from './retry';

/** A request to Azure Resource Manager. */
export interface ArmRequest {
  readonly method?: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** The complete URL. */
  readonly url: string;
  readonly body?: Json;
}

/** Creates a request that is canceled when its limit ends. */
export function toRequest({ method = 'GET', url, body }: ArmRequest, limit: Limit): PipelineRequest {
  limitOf.set(limit.signal, limit);
  const headers = { Accept: 'application/json', ...(body && { 'Content-Type': 'application/json' }) };
  return createPipelineRequest({
    ...{ url, method, headers: createHttpHeaders(headers), abortSignal: limit.signal },
    ...(body && { body: JSON.stringify(body) }),
  });
}

/**
 * Returns the URL of a resource, a list, or an operation. Throws JIT604 if a part of the path would lead elsewhere: the
 * path can contain text from a response.
 *
 * @param path an ARM ID, not encoded: its names can contain characters with a meaning in URLs
 */
export function addressOf(
  armUrl: string,
  path: string,
  service: ArmService,
  query: Readonly<Record<string, string>> = {},
): string {
  const more = Object.entries(query).map(([name, value]) => `&${name}=${encodeURIComponent(value)}`);
  const [root, ...parts] = path.split('/');
  if (root !== '' || parts.length === 0 || !parts.every(isPathPart)) {
    throw senselessAnswer('Azure Resource Manager', `${path} is not the path of a resource`);
  }
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  return `${armUrl}${encoded}?api-version=${API_VERSIONS[service]}${more.join('')}`;
}
