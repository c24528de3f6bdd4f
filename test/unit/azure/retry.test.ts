import assert from 'node:assert/strict';
import { RestError, type PipelineResponse } from '@azure/core-rest-pipeline';
import fc from 'fast-check';
import { CodedError } from '../../../tasks/shared/core/errors';
import { limitOf, retryAfterMs, retryPolicy } from '../../../tasks/shared/azure/retry';
import { createVirtualClock } from '../../support/fakes/virtualClock';
import { anAnswer, aRequest } from './answers';

type Step = number | PipelineResponse | Error;
const OK = 200;

/** Sends one request through the policy, and returns the outcome and the duration. */
async function send(
  steps: readonly Step[],
  given: { method?: 'GET' | 'POST'; remainingMs?: number; cancelAtMs?: number } = {},
) {
  const clock = createVirtualClock();
  const cancel = new AbortController();
  const pauses: number[] = [];
  let sent = 0;
  const policy = retryPolicy(
    clock,
    ({ waitMs }) => pauses.push(waitMs),
    ({ method }) => method !== 'POST',
  );
  const end = given.remainingMs ?? Infinity;
  limitOf.set(cancel.signal, { signal: cancel.signal, remainingMs: () => end - clock.now() });
  if (given.cancelAtMs !== undefined) {
    clock.at(given.cancelAtMs, () => {
      cancel.abort();
    });
  }
  const request = aRequest(given.method, cancel.signal);
  const outcome = await policy
    .sendRequest(request, () => {
      const step = steps[Math.min(sent++, steps.length - 1)] ?? OK;
      if (cancel.signal.aborted) return Promise.reject(new Error('sent after the end'));
      if (step instanceof Error) return Promise.reject(step);
      return Promise.resolve(typeof step === 'number' ? anAnswer(step) : step);
    })
    .then(
      ({ status }) => status,
      (error: unknown) => (error instanceof CodedError ? error.code : error),
    );
  return { outcome, sent, pauses, tookMs: clock.now() };
}

const reset = new RestError('reset', { code: 'ECONNRESET' });

describe('a retry', () => {
  for (const trouble of [408, 409, 429, 500, 502, 503, 504, reset]) {
    it(`succeeds after ${trouble instanceof Error ? 'a broken connection' : String(trouble)}`, async () => {
      const { outcome, sent, pauses } = await send([trouble, trouble, OK]);
      assert.deepEqual([outcome, sent, pauses.length], [OK, 3, 2]);
    });
  }

  for (const status of [200, 202, 400, 401, 403, 404, 407, 412, 501]) {
    it(`is not made after ${status}`, async () => {
      const { outcome, sent } = await send([status]);
      assert.deepEqual([outcome, sent], [status, 1]);
    });
  }

  it('is made a limited number of times', async () => {
    const busy = await send([503]);
    assert.equal(busy.outcome, 503);
    assert.ok(busy.sent >= 3 && busy.sent <= 6);
    const throttled = await send([429]);
    assert.equal(throttled.outcome, 429);
    assert.ok(throttled.sent > busy.sent && throttled.sent <= 10);
  });

  it('waits longer each time', async () => {
    const { pauses } = await send([503]);
    assert.deepEqual(
      pauses,
      [...pauses].sort((a, b) => a - b),
    );
    assert.ok(new Set(pauses).size === pauses.length);
  });

  it('is not made for an untrusted certificate', async () => {
    const error = new RestError('x', { code: 'SELF_SIGNED_CERT_IN_CHAIN' });
    const { outcome, sent } = await send([error, OK]);
    assert.deepEqual([outcome, sent], [error, 1]);
  });

  it('is made only once after a timeout', async () => {
    const silence = new RestError('x', { code: 'ETIMEDOUT' });
    assert.equal((await send([silence])).sent, 2);
  });

  it('is not made for a bug', async () => {
    const bug = new TypeError('x');
    assert.deepEqual(await send([bug]), { outcome: bug, sent: 1, pauses: [], tookMs: 0 });
  });

  it('stops on cancellation', async () => {
    const { sent, tookMs } = await send([anAnswer(503, '', { 'retry-after': '30' })], { cancelAtMs: 5000 });
    assert.ok(tookMs < 6000);
    assert.ok(sent <= 2);
  });
});

describe('a retry of a request for access', () => {
  for (const status of [409, 429]) {
    it(`is made after ${status}, which means that nothing was executed`, async () => {
      assert.deepEqual((await send([status, 202], { method: 'POST' })).outcome, 202);
    });
  }

  for (const step of [408, 500, 502, 503, 504, reset, new RestError('x', { code: 'ETIMEDOUT' })]) {
    const what = typeof step === 'number' ? String(step) : step.code;
    it(`is not made after ${what}, which leaves the result unknown`, async () => {
      const { outcome, sent } = await send([step, 202], { method: 'POST' });
      assert.deepEqual([outcome, sent], [step, 1]);
    });
  }
});

describe('the pause that Azure requests', () => {
  const date = 'Sat, 21 Nov 2026 09:00:00 GMT';
  const FORMS: readonly (readonly [Readonly<Record<string, string>>, number | undefined])[] = [
    [{ 'retry-after': '7' }, 7000],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after-ms': '1500', 'retry-after': '7' }, 1500],
    [{ 'x-ms-retry-after-ms': '250' }, 250],
    [{ 'retry-after': 'Sat, 21 Nov 2026 09:00:30 GMT', date }, 30_000],
    [{ 'retry-after': 'Sat, 21 Nov 2026 08:59:00 GMT', date }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '-5' }, undefined],
    [{ 'retry-after': '1.5', date }, undefined],
    [{ 'retry-after': '-1', date }, undefined],
    [{ 'retry-after': 'Saturday, 21-Nov-26 09:00:30 GMT', date }, 30_000],
    [{}, undefined],
  ];
  for (const [headers, ms] of FORMS) {
    it(`with ${JSON.stringify(headers)} is ${String(ms)} ms`, () => {
      assert.equal(retryAfterMs(anAnswer(429, '', headers)), ms);
    });
  }

  it('is never negative or NaN', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, now) => {
        const clean = (value: string) => value.replace(/[^\x20-\x7e]/g, '');
        const ms = retryAfterMs(anAnswer(429, '', { 'retry-after': clean(text), date: clean(now) }));
        assert.ok(ms === undefined || ms >= 0);
      }),
    );
  });

  it('is observed', async () => {
    const { outcome, tookMs } = await send([anAnswer(429, '', { 'retry-after': '17' }), OK]);
    assert.deepEqual([outcome, tookMs], [OK, 17_000]);
  });

  it('is observed for server errors and for requests for access', async () => {
    assert.equal((await send([anAnswer(503, '', { 'retry-after': '9' }), OK])).tookMs, 9000);
    const throttled = anAnswer(429, '', { 'retry-after': '9' });
    assert.equal((await send([throttled, 202], { method: 'POST' })).tookMs, 9000);
  });

  it("is at least as long as the task's own pause", async () => {
    const hurried = anAnswer(503, '', { 'retry-after': '0' });
    assert.deepEqual((await send([hurried, hurried, OK])).pauses, [500, 500]);
    assert.equal((await send([anAnswer(429, '', { 'retry-after-ms': '1' }), OK])).tookMs, 500);
  });

  for (const status of [429, 503]) {
    it(`ends the call with JIT601 at once if it is longer than the remaining time (${status})`, async () => {
      const long = anAnswer(status, '', { 'retry-after': '61' });
      const { outcome, sent, tookMs } = await send([long, OK], { remainingMs: 60_000 });
      assert.deepEqual([outcome, sent, tookMs], ['JIT601', 1, 0]);
    });
  }

  it('is compared with the time that remains after earlier pauses', async () => {
    const answer = anAnswer(429, '', { 'retry-after': '40' });
    const { outcome, tookMs } = await send([answer, answer, OK], { remainingMs: 60_000 });
    assert.deepEqual([outcome, tookMs], ['JIT601', 40_000]);
  });

  it('does not turn a server error without Retry-After into throttling if the time is short', async () => {
    assert.equal((await send([503], { remainingMs: 100 })).outcome, 503);
  });
});
