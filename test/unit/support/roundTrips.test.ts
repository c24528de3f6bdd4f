import assert from 'node:assert/strict';
import { countInSeries, DELAY_MS } from '../../support/roundTrips';

describe('sequential calls', () => {
  const at = (...begins: readonly number[]) => begins.map((begin) => ({ atMs: begin * DELAY_MS }));

  it('are those that begin after a response', () => {
    assert.equal(countInSeries([]), 0);
    assert.equal(countInSeries(at(0, 1, 2.1)), 3);
  });

  it('are not those that overlap, regardless of how late they begin', () => {
    assert.equal(countInSeries(at(0, 0.1, 0.9)), 1);
    assert.equal(countInSeries(at(0, 0.1, 1.05, 1.2)), 2);
  });
});
