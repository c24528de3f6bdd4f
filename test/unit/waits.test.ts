import assert from 'node:assert/strict';
import { withLimit } from '../../tasks/shared/core/limits';
import { poll } from '../../tasks/shared/core/poll';
import { createVirtualClock } from '../support/fakes/virtualClock';

const never = new AbortController().signal;

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      resolve();
    });
  });

describe('a limit', () => {
  it('returns the result of the work, and the remaining time', async () => {
    const clock = createVirtualClock();
    const left = await withLimit(clock, never, 1000, async (limit) => {
      await clock.sleep(400, limit.signal);
      return limit.remainingMs();
    });
    assert.equal(left, 600);
  });

  it('fires when the time is over', async () => {
    const clock = createVirtualClock();
    await withLimit(clock, never, 1000, async (limit) => {
      await untilAborted(limit.signal);
      assert.deepEqual([clock.now(), limit.remainingMs()], [1000, 0]);
    });
  });

  it('fires together with the outer signal, and at once if that already fired', async () => {
    const clock = createVirtualClock();
    const outer = new AbortController();
    clock.at(300, () => {
      outer.abort();
    });
    await withLimit(clock, outer.signal, 1000, ({ signal }) => untilAborted(signal));
    assert.equal(clock.now(), 300);
    await withLimit(clock, outer.signal, 1000, ({ signal }) => {
      assert.ok(signal.aborted);
      return Promise.resolve();
    });
  });

  it('passes on failures, and leaves no timer', async () => {
    const clock = createVirtualClock();
    await assert.rejects(withLimit(clock, never, 1000, () => Promise.reject(new Error('no'))));
    await clock.sleep(5, never);
    assert.equal(clock.now(), 5);
  });
});

describe('polling', () => {
  const checks = (ms: number, found: (round: number) => string | undefined) => {
    const clock = createVirtualClock();
    const times: number[] = [];
    const result = withLimit(clock, never, ms, (limit) =>
      poll(clock, limit, (round) => {
        times.push(clock.now());
        return Promise.resolve(found(round));
      }),
    );
    return result.then((value) => ({ value, times, tookMs: clock.now() }));
  };

  it('checks at once', async () => {
    assert.deepEqual(await checks(5000, () => 'there'), { value: 'there', times: [0], tookMs: 0 });
  });

  it('checks until there is a result', async () => {
    const { value, times } = await checks(60_000, (round) => (round === 3 ? 'there' : undefined));
    assert.equal(value, 'there');
    assert.equal(times.length, 4);
  });

  it('returns no result when the time is over, and not later', async () => {
    const { value, times, tookMs } = await checks(23_000, () => undefined);
    assert.deepEqual([value, tookMs], [undefined, 23_000]);
    assert.ok(times.every((at) => at < 23_000));
    const pauses = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    assert.ok(Math.max(...pauses) <= 5000 && Math.min(...pauses) >= 1000);
  });

  it('checks again within the shortest time that an input allows', async () => {
    for (const ms of [1000, 1500, 2000, 3000]) {
      const { times } = await checks(ms, () => undefined);
      const last = times.at(-1) ?? 0;
      assert.ok(times.length > 1 && last >= ms / 2 && last < ms, `${String(ms)}: ${times.join()}`);
    }
  });

  it('ends with the failure of a look', async () => {
    const clock = createVirtualClock();
    const work = withLimit(clock, never, 5000, (limit) =>
      poll(clock, limit, () => Promise.reject(new Error('no'))),
    );
    await assert.rejects(work, /no/);
  });

  it('does not check if it was canceled before', async () => {
    const clock = createVirtualClock();
    const value = await withLimit(clock, AbortSignal.abort(), 5000, (limit) =>
      poll(clock, limit, () => Promise.resolve('there')),
    );
    assert.equal(value, undefined);
  });
});
