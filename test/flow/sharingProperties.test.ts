import assert from 'node:assert/strict';
import fc from 'fast-check';
import { playCase, randomCase } from '../support/randomRuns';

describe('random runs and other people at one port', () => {
  for (const key of ['vm+port', 'vm+port+source', 'none'] as const) {
    it(`leave nothing open that no one needs, nothing for too long, and nothing unreported (${key})`, async () => {
      await fc.assert(
        fc.asyncProperty(randomCase, async (one) => {
          assert.deepEqual(await playCase(one, key), []);
        }),
        { numRuns: 25, endOnFailure: true },
      );
    });
  }
});
