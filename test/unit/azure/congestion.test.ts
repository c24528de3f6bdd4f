import assert from 'node:assert/strict';
import {
  createHttpHeaders,
  createPipelineRequest,
  type PipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import { congestionPolicy } from '../../../tasks/shared/azure/congestion';

/** Creates calls that are in progress until the test responds. */
function createCalls() {
  const policy = congestionPolicy();
  const sent: { readonly url: string; answer: (status: number) => void; fail: () => void }[] = [];
  const next = (request: PipelineRequest): Promise<PipelineResponse> =>
    new Promise((resolve, reject) => {
      sent.push({
        url: request.url,
        answer: (status) => {
          resolve({ request, status, headers: createHttpHeaders() });
        },
        fail: () => {
          reject(new Error('broken off'));
        },
      });
    });
  let answered = 0;
  return {
    sent,
    underWay: () => sent.length - answered,
    send: (name: string, abortSignal?: AbortSignal) => {
      const request = createPipelineRequest({ url: `https://azure.test/${name}` });
      return policy.sendRequest(abortSignal ? Object.assign(request, { abortSignal }) : request, next);
    },
    async answer(status: number) {
      sent[answered]?.answer(status);
      answered += 1;
      await settled();
    },
    async fail() {
      sent[answered]?.fail();
      answered += 1;
      await settled();
    },
  };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('concurrent calls', () => {
  it('are limited to eight, and each completed or failed call starts the next one in order', async () => {
    const calls = createCalls();
    const all = Array.from({ length: 12 }, (_none, index) => calls.send(String(index)));
    const [first] = all;
    assert.ok(first);
    const failed = assert.rejects(first, /broken off/);
    await settled();
    assert.equal(calls.underWay(), 8);
    await calls.fail();
    await failed;
    assert.equal(calls.underWay(), 8);
    assert.equal(calls.sent.at(-1)?.url, 'https://azure.test/8');
    for (let left = 11; left > 0; left -= 1) {
      await calls.answer(200);
      assert.equal(calls.underWay(), Math.min(8, left - 1));
    }
    await Promise.all(all.slice(1));
  });

  it('are halved when Azure throttles, down to one, and then increase slowly', async () => {
    const calls = createCalls();
    for (let index = 0; index < 400; index += 1) void calls.send(String(index));
    await settled();
    const limits: number[] = [];
    // Eight responses to calls that were sent together count as one throttling event.
    for (let wave = 0; wave < 5; wave += 1) {
      for (let left = calls.underWay(); left > 0; left -= 1) await calls.answer(429);
      limits.push(calls.underWay());
    }
    assert.deepEqual(limits, [4, 2, 1, 1, 1]);
    const answersFor = async (limit: number): Promise<number> => {
      let answers = 0;
      for (; calls.underWay() < limit; answers += 1) await calls.answer(200);
      return answers;
    };
    assert.equal(await answersFor(2), 10);
    assert.equal(await answersFor(3), 10);
    assert.equal(await answersFor(8), 50);
    for (let more = 0; more < 30; more += 1) await calls.answer(200);
    assert.equal(calls.underWay(), 8);
  });

  it('do not include a call that is canceled while it waits, and it is never sent', async () => {
    const calls = createCalls();
    for (let index = 0; index < 8; index += 1) void calls.send(String(index));
    const leaving = new AbortController();
    const left = assert.rejects(calls.send('left', leaving.signal), { name: 'AbortError' });
    void calls.send('last');
    await settled();
    leaving.abort();
    await left;
    await calls.answer(200);
    assert.equal(calls.sent.at(-1)?.url, 'https://azure.test/last');
    await calls.answer(200);
    assert.equal(calls.sent.length, 9);
  });
});
