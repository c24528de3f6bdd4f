import { createHttpHeaders, createPipelineRequest, type PipelineResponse } from '@azure/core-rest-pipeline';
import type { Json } from '../domain/json';
import { CodedError } from '../errors';
import { senselessAnswer } from '../messages/failures';
import type { Limit } from '../world';
import type { Arm } from './arm';
import { parseJson } from './azureErrors';
import { failureOf, toFailure, type Call } from './failures';
import { noteLinks } from './paging';
import { encodeId } from './paths';
import { limitOf } from './retry';
import { shapeOf, ShapeError } from './read/shape';

/** Reads JSON from Azure Resource Manager where an SDK drops fields, or would double the size of a task. */
export interface JsonReader {
  /** The address of a resource or a list, with its api-version. */
  url(id: string, apiVersion: string, query?: Readonly<Record<string, string>>): string;
  /** One object. Throws a `CodedError`. */
  get(url: string, call: Call, limit: Limit): Promise<Json>;
  /** One object, or nothing for a 404 that `isAbsence` accepts. Throws a `CodedError`. */
  find(
    url: string,
    call: Call,
    limit: Limit,
    isAbsence: (response: PipelineResponse) => boolean,
  ): Promise<Json | undefined>;
  /** A list page by page, each as soon as it is there. Throws a `CodedError`; JIT604 when the pages lead in a circle. */
  pages(url: string, call: Call, limit: Limit): AsyncGenerator<readonly unknown[]>;
}

export function createJsonReader(arm: Arm): JsonReader {
  const find: JsonReader['find'] = async (url, call, limit, isAbsence) => {
    limitOf.set(limit.signal, limit);
    try {
      const headers = createHttpHeaders({ Accept: 'application/json' });
      const response = await arm.send(createPipelineRequest({ url, headers, abortSignal: limit.signal }));
      if (response.status === 404 && isAbsence(response)) return undefined;
      if (response.status !== 200) throw failureOf(response, call);
      return toJson(parseJson(response.bodyAsText), call.what);
    } catch (error) {
      throw toFailure(error, call);
    }
  };
  const get: JsonReader['get'] = async (url, call, limit) => {
    const found = await find(url, call, limit, () => false);
    return found ?? {};
  };
  return {
    find,
    get,
    url(id, apiVersion, query = {}) {
      const more = Object.entries(query).map(([name, value]) => `&${name}=${encodeURIComponent(value)}`);
      return `${arm.url}${encodeId(id)}?api-version=${apiVersion}${more.join('')}`;
    },
    async *pages(url, call, limit) {
      const watch = noteLinks(call.what, limit);
      let next: string | undefined = url;
      while (next !== undefined) {
        const page: Json = await get(next, call, limit);
        watch({ parsedBody: page });
        const values = page['value'];
        if (!Array.isArray(values)) throw senselessAnswer(call.what, 'no list');
        yield values;
        const link = shapeOf(page, call.what).optionalText('nextLink');
        if (link && !URL.canParse(link)) throw senselessAnswer(call.what, 'a link that is no address');
        // An empty link ends a list as none does.
        next = link === '' ? undefined : link;
      }
    },
  };
}

/**
 * What `read` makes of every item, page by page. One that makes no sense does not hide the others: its failure is thrown
 * after the last page.
 *
 * @param read gives nothing for an item that is not wanted
 */
export async function* readItems<Item, T>(
  pages: AsyncIterable<readonly Item[]>,
  read: (item: Item) => T | undefined,
): AsyncGenerator<readonly T[]> {
  let senseless: CodedError | undefined;
  for await (const page of pages) {
    yield page.flatMap((item) => {
      try {
        return read(item) ?? [];
      } catch (error) {
        if (!(error instanceof CodedError)) throw error;
        senseless ??= error;
        return [];
      }
    });
  }
  if (senseless) throw senseless;
}

/** An object. Throws JIT604 when it is none. */
export function toJson(value: unknown, what: string): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw new ShapeError(what, 'something that is no object');
}

/** The properties beside id, name and location, as the models have them. */
export function flatten(body: unknown, what: string): Json {
  const { id, name, location, properties } = toJson(body, what);
  return { ...toJson(properties ?? {}, what), id, name, location };
}
