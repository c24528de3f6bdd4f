import type { PipelineResponse } from '@azure/core-rest-pipeline';
import { parseResourceId, placeOf } from '../core/resourceIds';
import type { Json } from '../core/json';
import { CodedError } from '../core/errors';
import { senselessAnswer } from '../messages/failures';
import type { Limit } from '../core/limits';
import type { ArmService } from './apiVersions';
import type { Arm } from './arm';
import { parseJson } from './parseJson';
import { failureOf, toFailure, type Call } from './failures';
import { watchPages } from './paging';
import { toJson } from './read/json';
import { shapeOf } from './read/shape';
import { addressOf, toRequest, type ArmRequest } from './request';

/** A kind of resource in Azure Resource Manager, and how its JSON is read. */
export interface Kind<T> {
  /** As in IDs and lists: `Microsoft.Network/networkInterfaces`. */
  readonly type: string;
  /** The action that is needed to read it; `<type>/read` if absent. */
  readonly action?: string;
  /** As in "the network interface". */
  readonly noun: string;
  readonly service: ArmService;
  /** More query parameters for reading one resource. They must not require another permission. */
  readonly query?: Readonly<Record<string, string>>;
  /**
   * Converts the JSON. Throws a `CodedError` if it is invalid. Returns nothing for an item of a list to leave out. `id`
   * is the requested ID, and absent for an item of a list.
   */
  readonly read: (body: unknown, id?: string) => T;
}

/** The only way to read from Azure Resource Manager. Every method throws a `CodedError`. */
export interface Reader {
  /** Reads one resource by its ARM ID. */
  get<T>(kind: Kind<T>, id: string, limit: Limit): Promise<T>;
  /** Reads one resource, or returns `undefined` for a 404 that `isAbsence` accepts. */
  find<T>(
    kind: Kind<T>,
    id: string,
    limit: Limit,
    isAbsence: (response: PipelineResponse) => boolean,
  ): Promise<T | undefined>;
  /**
   * Lists all resources of a kind in a subscription or a resource group, page by page. An invalid item does not hide
   * the others: its failure is thrown after the last page.
   */
  list<T>(kind: Kind<T>, scope: string, limit: Limit): AsyncGenerator<readonly NonNullable<T>[]>;
  /** Returns the pages of `list` together. */
  all<T>(kind: Kind<T>, scope: string, limit: Limit): Promise<readonly NonNullable<T>[]>;
  /** Returns the pages of any list, each as soon as it is read. Throws JIT604 if the pages form a loop. */
  pages(url: string, call: Call, limit: Limit): AsyncGenerator<readonly unknown[]>;
  /** Sends a request and returns the object in the response. */
  send(requested: ArmRequest, call: Call, limit: Limit): Promise<Json>;
  /** Returns the URL of a resource or a list; see `addressOf`. */
  url(path: string, service: ArmService, query?: Readonly<Record<string, string>>): string;
}

export function createReader(arm: Arm): Reader {
  const url: Reader['url'] = (path, service, query) => addressOf(arm.url, path, service, query);

  async function answerTo(
    requested: ArmRequest,
    call: Call,
    limit: Limit,
    isAbsence: (response: PipelineResponse) => boolean = () => false,
  ): Promise<Json | undefined> {
    try {
      const response = await arm.send(toRequest(requested, limit));
      if (response.status === 404 && isAbsence(response)) return undefined;
      if (response.status !== 200) throw failureOf(response, call);
      return toJson(parseJson(response.bodyAsText), call.what);
    } catch (error) {
      throw toFailure(error, call);
    }
  }
  const send: Reader['send'] = async (requested, call, limit) =>
    (await answerTo(requested, call, limit)) ?? {};

  const find: Reader['find'] = async (kind, id, limit, isAbsence) => {
    const parsed = parseResourceId(id);
    if (!parsed) throw senselessAnswer('Azure Resource Manager', `${id} is not the ID of a ${kind.noun}`);
    const requested = { url: url(parsed.id, kind.service, kind.query) };
    const call = callFor(kind, id);
    const body = await answerTo(requested, call, limit, isAbsence);
    if (!body) return undefined;
    // Nearly every other field is optional, so anything else would be read as a resource that has none of them.
    shapeOf<{ readonly id: string }>(body, call.what).text('id');
    return kind.read(body, id);
  };

  const list: Reader['list'] = (kind, scope, limit) => {
    const first = url(`${scope}/providers/${kind.type}`, kind.service);
    return readItems(pages(first, callForList(kind, scope), limit), (item) => kind.read(item));
  };

  async function* pages(first: string, call: Call, limit: Limit): AsyncGenerator<readonly unknown[]> {
    const watch = watchPages(call.what, limit);
    let next: string | undefined = first;
    while (next !== undefined) {
      const page: Json = await send({ url: next }, call, limit);
      const values = page['value'];
      if (!Array.isArray(values)) throw senselessAnswer(call.what, 'it contains no list');
      watch.items(values);
      const link = shapeOf(page, call.what).optionalText('nextLink');
      if (link && !URL.canParse(link))
        throw senselessAnswer(call.what, 'it contains a page link that is not a URL');
      // An empty link ends a list, as an absent one does.
      next = link === '' ? undefined : link;
      if (next !== undefined) watch.next(next);
      yield values;
    }
  }

  return {
    ...{ url, send, pages, find, list },
    // A 404 is always a failure.
    get: async <T>(kind: Kind<T>, id: string, limit: Limit): Promise<T> =>
      (await find(kind, id, limit, () => false)) as T,
    async all(kind, scope, limit) {
      const found = [];
      for await (const page of list(kind, scope, limit)) found.push(...page);
      return found;
    },
  };
}

/** Returns the call that reads one resource. `action` replaces the type's own read action. */
export const callFor = (
  { type, noun, action = `${type}/read` }: Pick<Kind<unknown>, 'type' | 'noun' | 'action'>,
  id: string,
): Call => ({ what: `The ${noun} ${id}`, action, scope: id, sought: { noun, id } });

/** Returns the call that lists all resources of a kind in a scope. */
export const callForList = (
  { type, noun, action = `${type}/read` }: Pick<Kind<unknown>, 'type' | 'noun' | 'action'>,
  scope: string,
): Call => ({
  ...{ what: `The list of ${plural(noun)}`, action, scope },
  sought: {
    noun: placeOf(scope)?.resourceGroup === undefined ? 'subscription' : 'resource group',
    id: scope,
  },
});

const plural = (noun: string): string =>
  noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : noun.endsWith('s') ? `${noun}es` : `${noun}s`;

/**
 * Returns the results of `read` for every item, page by page. An invalid item does not hide the others: its failure is
 * thrown after the last page.
 *
 * @param read returns nothing for an item to leave out
 */
export async function* readItems<Item, T>(
  pages: AsyncIterable<readonly Item[]>,
  read: (item: Item) => T,
): AsyncGenerator<readonly NonNullable<T>[]> {
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
