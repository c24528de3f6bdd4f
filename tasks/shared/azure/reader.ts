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

/** A kind of thing in Azure Resource Manager, and what is made of its JSON. */
export interface Kind<T> {
  /** As it stands in ids and lists: `Microsoft.Network/networkInterfaces`. */
  readonly type: string;
  /** The right to read it; the type's own when absent. */
  readonly action?: string;
  /** As in "the network interface". */
  readonly noun: string;
  readonly service: ArmService;
  /** What the address of one thing says beside its version. It asks for no other right than the address without it. */
  readonly query?: Readonly<Record<string, string>>;
  /**
   * Throws a `CodedError` for what makes no sense; gives nothing for an item of a list that is not wanted. `id`: what was
   * asked for; absent for an item of a list.
   */
  readonly read: (body: unknown, id?: string) => T;
}

/** The one way in which anything is read from Azure Resource Manager. Every method throws a `CodedError`. */
export interface Reader {
  /** One thing, by its ARM id. */
  get<T>(kind: Kind<T>, id: string, limit: Limit): Promise<T>;
  /** One thing, or nothing for a 404 that `isAbsence` accepts. */
  find<T>(
    kind: Kind<T>,
    id: string,
    limit: Limit,
    isAbsence: (response: PipelineResponse) => boolean,
  ): Promise<T | undefined>;
  /**
   * All things of a kind in a subscription or a resource group, page by page. One that makes no sense does not hide the
   * others: its failure is thrown after the last page.
   */
  list<T>(kind: Kind<T>, scope: string, limit: Limit): AsyncGenerator<readonly NonNullable<T>[]>;
  /** The same at once. */
  all<T>(kind: Kind<T>, scope: string, limit: Limit): Promise<readonly NonNullable<T>[]>;
  /** Any list page by page, each as soon as it is there. JIT604 when the pages lead in a circle. */
  pages(url: string, call: Call, limit: Limit): AsyncGenerator<readonly unknown[]>;
  /** The object that a request is answered with. */
  send(requested: ArmRequest, call: Call, limit: Limit): Promise<Json>;
  /** The address of a resource or a list; see `addressOf`. */
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
    const body = await answerTo(requested, callFor(kind, id), limit, isAbsence);
    return body && kind.read(body, id);
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
      // An empty link ends a list as none does.
      next = link === '' ? undefined : link;
      if (next !== undefined) watch.next(next);
      yield values;
    }
  }

  return {
    ...{ url, send, pages, find, list },
    // Nothing is accepted as absent.
    get: async <T>(kind: Kind<T>, id: string, limit: Limit): Promise<T> =>
      (await find(kind, id, limit, () => false)) as T,
    async all(kind, scope, limit) {
      const found = [];
      for await (const page of list(kind, scope, limit)) found.push(...page);
      return found;
    },
  };
}

/** A call about one thing. `action`: another right than that to read it. */
export const callFor = (
  { type, noun, action = `${type}/read` }: Pick<Kind<unknown>, 'type' | 'noun' | 'action'>,
  id: string,
): Call => ({ what: `The ${noun} ${id}`, action, scope: id, sought: { noun, id } });

/** A call about all things of a kind in a scope. */
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
 * What `read` makes of every item, page by page. One that makes no sense does not hide the others: its failure is thrown
 * after the last page.
 *
 * @param read gives nothing for an item that is not wanted
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
