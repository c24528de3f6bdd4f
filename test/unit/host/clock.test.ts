import assert from 'node:assert/strict';
import sinon from 'sinon';
import { systemClock } from '../../../tasks/shared/host/clock';

describe('the clock of the agent', () => {
  let timers: sinon.SinonFakeTimers;
  beforeEach(() => {
    timers = sinon.useFakeTimers();
  });
  afterEach(() => {
    timers.restore();
  });

  it('sleeps for the given time', async () => {
    let isAwake = false;
    const sleeping = systemClock.sleep(1000, new AbortController().signal).then(() => {
      isAwake = true;
    });
    await timers.tickAsync(999);
    assert.equal(isAwake, false);
    await timers.tickAsync(1);
    await sleeping;
    assert.equal(isAwake, true);
  });

  it('sleeps for the maximum of a timer, and not for the minimum, if the given time is longer', async () => {
    for (const ms of [2 ** 31, 99_999_999_999_000, Infinity]) {
      let isAwake = false;
      const sleeping = systemClock.sleep(ms, new AbortController().signal).then(() => {
        isAwake = true;
      });
      await timers.tickAsync(2 ** 31 - 2);
      assert.equal(isAwake, false, String(ms));
      await timers.tickAsync(1);
      await sleeping;
    }
  });

  it('wakes at once when its signal is aborted, and leaves no timer', async () => {
    const over = new AbortController();
    const sleeping = systemClock.sleep(1000, over.signal);
    assert.equal(timers.countTimers(), 1);
    over.abort();
    await sleeping;
    assert.equal(timers.countTimers(), 0);
    await systemClock.sleep(1000, over.signal);
    assert.equal(timers.countTimers(), 0);
  });

  it('does not depend on the time of day', () => {
    const before = systemClock.now();
    timers.setSystemTime(Date.UTC(2040, 0, 1));
    assert.ok(systemClock.now() - before < 1000);
  });
});
