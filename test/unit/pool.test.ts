import assert from 'node:assert/strict';
import { inPool } from '../../tasks/shared/core/pool';

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a pool', () => {
  it('limits the number of concurrent items, and returns the results in order', async () => {
    let [now, most] = [0, 0];
    const work = async (item: number): Promise<number> => {
      most = Math.max(most, ++now);
      for (let turn = 0; turn < 7 - item; turn++) await settled();
      now -= 1;
      return item * 10;
    };
    assert.deepEqual(await inPool([0, 1, 2, 3, 4, 5, 6], 3, work), [0, 10, 20, 30, 40, 50, 60]);
    assert.equal(most, 3);
    assert.deepEqual(await inPool([], 3, work), []);
  });

  it('throws the first error, and starts nothing after it', async () => {
    const begun: number[] = [];
    const work = async (item: number): Promise<void> => {
      begun.push(item);
      await settled();
      if (item === 1) throw new Error('one');
      await settled();
      await settled();
    };
    await assert.rejects(inPool([0, 1, 2, 3, 4, 5], 2, work), /one/);
    for (let turn = 0; turn < 20; turn++) await settled();
    assert.deepEqual(begun, [0, 1]);
  });
});
