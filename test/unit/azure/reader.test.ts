import assert from 'node:assert/strict';
import type { PipelineRequest } from '@azure/core-rest-pipeline';
import fc from 'fast-check';
import type { Arm } from '../../../tasks/shared/azure/arm';
import { toJson } from '../../../tasks/shared/azure/read/json';
import { createReader, readItems, type Kind } from '../../../tasks/shared/azure/reader';
import { CodedError } from '../../../tasks/shared/core/errors';
import { assertHarmless, damaged } from '../hostileTexts';
import { anAnswer, anAzureError } from './answers';

const ARM = 'https://management.azure.com';
const URL_OF_LIST = `${ARM}/list?api-version=1`;
const CALL = { what: 'The list', action: 'a/read', scope: '/x', sought: { noun: 'group', id: '/x' } };
const limit = () => ({ signal: new AbortController().signal, remainingMs: () => 1000 });

/** Creates a reader for an Azure that responds by URL. A URL without a response is an error. */
function readerOf(answers: Readonly<Record<string, ReturnType<typeof anAnswer>>>) {
  const requested: string[] = [];
  const arm: Partial<Arm> = {
    url: ARM,
    send(request: PipelineRequest) {
      requested.push(request.url);
      const answer = answers[request.url];
      return answer ? Promise.resolve(answer) : Promise.reject(new Error(`Nobody expects ${request.url}.`));
    },
  };
  return { reader: createReader(arm as Arm), asked: requested };
}
/** Reads a list, and returns its items and the code of its failure. */
async function read(answers: Parameters<typeof readerOf>[0]) {
  const { reader, asked: requested } = readerOf(answers);
  const items: unknown[] = [];
  try {
    for await (const page of reader.pages(URL_OF_LIST, CALL, limit())) items.push(...page);
    return { items, asked: requested, code: undefined };
  } catch (error) {
    assert.ok(error instanceof CodedError, error instanceof Error ? error.stack : String(error));
    assertHarmless(error.message);
    return { items, asked: requested, code: error.code };
  }
}

describe('a paged list', () => {
  const next = `${ARM}/list?page=2`;

  it('follows each link, up to an empty link', async () => {
    const answers = {
      [URL_OF_LIST]: anAnswer(200, { value: [{ a: 1 }], nextLink: next }),
      [next]: anAnswer(200, { value: [{ a: 2 }, { a: 3 }], nextLink: '' }),
    };
    const { items, asked: requested, code } = await read(answers);
    assert.deepEqual(
      [items, requested, code],
      [[{ a: 1 }, { a: 2 }, { a: 3 }], [URL_OF_LIST, next], undefined],
    );
  });

  it('returns the items before a page that fails', async () => {
    const failures = [
      [anAnswer(503), 'JIT602'],
      [anAnswer(403, anAzureError('AuthorizationFailed')), 'JIT301'],
      [anAnswer(404, anAzureError('ResourceGroupNotFound')), 'JIT406'],
      [anAnswer(404, 'gone'), 'JIT604'],
      [anAnswer(204), 'JIT604'],
    ] as const;
    for (const [answer, code] of failures) {
      const first = anAnswer(200, { value: [{ a: 1 }], nextLink: next });
      const found = await read({ [URL_OF_LIST]: first, [next]: answer });
      assert.deepEqual([found.items, found.code], [[{ a: 1 }], code]);
    }
  });

  it('ends with JIT604 if its pages form a loop or a link is not an address', async () => {
    for (const nextLink of [URL_OF_LIST, 'elsewhere', '//', 'page 2', 7, [next]]) {
      const found = await read({ [URL_OF_LIST]: anAnswer(200, { value: [{}], nextLink }) });
      assert.equal(found.code, 'JIT604', String(nextLink));
      assert.ok(found.asked.length <= 2);
    }
  });

  it('ends with JIT604 if it is not a list', async () => {
    for (const body of ['x', '7', '[]', 'null', {}, { value: {} }]) {
      assert.equal((await read({ [URL_OF_LIST]: anAnswer(200, body) })).code, 'JIT604', JSON.stringify(body));
    }
  });

  it('is rejected with a code, regardless of the damage', async () => {
    const valid = { value: [{ id: '/a' }, { id: '/b' }], nextLink: '' };
    await fc.assert(
      fc.asyncProperty(damaged(valid), async (body) => {
        const text = JSON.stringify(body) as string | undefined;
        const found = await readAny(text ?? '');
        assert.ok(found.code === undefined || found.code === 'JIT604' || found.code === 'JIT603', found.code);
      }),
      { numRuns: 500 },
    );
  });

  /** Any link that can be followed leads to the last page. */
  async function readAny(text: string) {
    const answers = new Proxy<Parameters<typeof readerOf>[0]>(
      {},
      { get: (_target, url) => anAnswer(200, url === URL_OF_LIST ? text : '{"value":[]}') },
    );
    return read(answers);
  }
});

describe('a single resource', () => {
  const ID = '/subscriptions/s/resourceGroups/größe (1)/providers/Microsoft.Network/networkInterfaces/a#1';
  const ADDRESS = `${ARM}/subscriptions/s/resourceGroups/gr%C3%B6%C3%9Fe%20(1)/providers/Microsoft.Network/networkInterfaces/a%231?api-version=2022-01-01`;
  const NIC: Kind<unknown> = {
    type: 'Microsoft.Network/networkInterfaces',
    noun: 'network interface',
    service: 'network',
    read: (body, id) => ({ body, id }),
  };

  it('is requested with every part of its ID encoded', async () => {
    const { reader, asked: requested } = readerOf({ [ADDRESS]: anAnswer(200, { id: 'a' }) });
    assert.deepEqual(await reader.get(NIC, ID, limit()), { body: { id: 'a' }, id: ID });
    await reader.get(NIC, ID.slice(1), limit());
    assert.deepEqual(requested, [ADDRESS, ADDRESS]);
  });

  it('is rejected if the response is not a resource', async () => {
    for (const body of [{}, { id: null }, { id: 7 }, { properties: {} }, anAzureError('Failed')]) {
      const { reader } = readerOf({ [ADDRESS]: anAnswer(200, body) });
      await assert.rejects(reader.get(NIC, ID, limit()), { code: 'JIT604' }, JSON.stringify(body));
    }
  });

  it('is undefined only if its absence is expected', async () => {
    const { reader } = readerOf({ [ADDRESS]: anAnswer(404, anAzureError('ResourceNotFound')) });
    assert.equal(await reader.find(NIC, ID, limit(), () => true), undefined);
    await assert.rejects(
      reader.find(NIC, ID, limit(), () => false),
      { code: 'JIT406' },
    );
    await assert.rejects(reader.get(NIC, ID, limit()), { code: 'JIT406' });
  });

  it('is not requested with an invalid ID', async () => {
    const { reader, asked: requested } = readerOf({});
    for (const id of ['', '/', '/subscriptions/s/resourceGroups/g', `${ID}/../x`, 'https://elsewhere/']) {
      await assert.rejects(reader.get(NIC, id, limit()), { code: 'JIT604' }, id);
    }
    assert.deepEqual(requested, []);
  });

  it('has a URL with additional parameters', () => {
    const { reader } = readerOf({});
    assert.equal(
      reader.url('/subscriptions/s', 'jit', { $filter: "a eq 'b & c'" }),
      `${ARM}/subscriptions/s?api-version=2020-01-01&$filter=a%20eq%20'b%20%26%20c'`,
    );
  });
});

describe('the items of a list', () => {
  it('are all read in spite of an invalid one, which is reported after the last page', async () => {
    const pages = (async function* (): AsyncGenerator<readonly unknown[]> {
      yield await Promise.resolve([{ a: 1 }, 7, { a: 2 }]);
      yield [{ a: 3 }, 'x', undefined];
    })();
    const found: unknown[] = [];
    const toItem = (item: unknown) => (item === undefined ? undefined : toJson(item, 'An item'));
    const reading = (async () => {
      for await (const page of readItems(pages, toItem)) found.push(page);
    })();
    await assert.rejects(reading, { code: 'JIT604' });
    assert.deepEqual(found, [[{ a: 1 }, { a: 2 }], [{ a: 3 }]]);
  });
});
