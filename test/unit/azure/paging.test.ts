import assert from 'node:assert/strict';
import { watchPages } from '../../../tasks/shared/azure/paging';

/** Watches the pages of a list on a clock that the returned function moves. */
function watching() {
  let left = 600_000;
  const limit = { signal: new AbortController().signal, remainingMs: () => left };
  const pass = (ms: number): void => {
    left -= ms;
  };
  return { watch: watchPages('The list', limit), pass };
}

describe('pages without new entries', () => {
  it('are JIT604 after thirty seconds, however few they are', () => {
    const { watch, pass } = watching();
    watch.items([]);
    pass(30_000);
    watch.items([]);
    pass(1);
    assert.throws(() => {
      watch.items([]);
    }, /JIT604.*3 consecutive pages/);
  });

  it('are counted again after a page with new entries', () => {
    const { watch, pass } = watching();
    for (let page = 0; page < 5; page += 1) {
      watch.items([{ id: page }]);
      pass(20_000);
      watch.items([]);
    }
  });
});
