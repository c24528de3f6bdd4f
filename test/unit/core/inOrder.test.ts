import assert from 'node:assert/strict';
import { inOrder } from '../../../tasks/shared/core/inOrder';

describe('items in the order of a list of keys', () => {
  it('keep their own order if the key is the same, and come last if it is unknown', () => {
    const items = ['z1', 'b1', 'a1', 'b2', 'a2', 'y1'];
    const ordered = inOrder(items, ['a', 'b', 'a'], ([key = '']) => key);
    assert.deepEqual(ordered, ['a1', 'a2', 'b1', 'b2', 'z1', 'y1']);
  });
});
