import { createHttpHeaders, createPipelineRequest, type PipelineRequest } from '@azure/core-rest-pipeline';
import type { Json } from '../core/json';
import type { Limit } from '../core/limits';
import { isPathPart } from '../core/resourceIds';
import { senselessAnswer } from '../messages/failures';
import { API_VERSIONS, type ArmService } from './apiVersions';
import { limitOf } from './retry';

/** What is asked of Azure Resource Manager. */
export interface ArmRequest {
  readonly method?: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** The whole address. */
  readonly url: string;
  readonly body?: Json;
}

/** A request that ends with its limit. */
export function toRequest({ method = 'GET', url, body }: ArmRequest, limit: Limit): PipelineRequest {
  limitOf.set(limit.signal, limit);
  const headers = { Accept: 'application/json', ...(body && { 'Content-Type': 'application/json' }) };
  return createPipelineRequest({
    ...{ url, method, headers: createHttpHeaders(headers), abortSignal: limit.signal },
    ...(body && { body: JSON.stringify(body) }),
  });
}

/**
 * The address of a resource, of a list or of an operation. Throws JIT604 for a path with a part that would lead elsewhere:
 * what came in an answer can be in it.
 *
 * @param path an ARM id, not encoded: a name in it may have characters that mean something in an address
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
