import assert from 'node:assert/strict';
import { simulateRuns } from '../support/parallelRuns';

const jobs = 20;

describe('many jobs that open one port of one VM', () => {
  for (const seed of [1, 2, 3]) {
    it(`cut each other off without sharing if a newer request supersedes an older one (seed ${seed})`, async () => {
      const tally = await simulateRuns({ jobs, key: 'vm+port', share: false, seed });
      assert.ok(tally.superseded + tally.cutOff > jobs / 2);
      assert.equal(tally.unsaid, 0);
    });

    it(`do not cut each other off if they share (seed ${seed})`, async () => {
      const tally = await simulateRuns({ jobs, key: 'vm+port', share: true, seed });
      assert.equal(tally.superseded + tally.cutOff, 0);
      assert.equal(tally.unsaid, 0);
    });

    for (const share of [false, true]) {
      it(`do not affect each other if requests for other sources stay active side by side (share ${String(share)}, seed ${seed})`, async () => {
        const tally = await simulateRuns({ jobs, key: 'vm+port+source', share, seed });
        assert.equal(tally.superseded + tally.cutOff, 0);
        assert.equal(tally.unsaid, 0);
        if (!share) assert.equal(tally.leftOpen, 0);
      });
    }
  }
});
