import assert from 'node:assert/strict';
import { SWITCH_NAMES } from '../support/azure/switches';
import { CASES, NOT_TRIED, runCase } from '../support/live/matrix';

describe('the live kit with an Azure of known behavior', () => {
  for (const one of CASES) {
    it(`determines the setting: ${one.name}`, async () => {
      const { missed, found } = await runCase(one);
      assert.deepEqual(missed, [], JSON.stringify(found));
    });
  }

  it('is tested with every switch in more than one position', () => {
    for (const name of SWITCH_NAMES.filter((one) => !NOT_TRIED.includes(one))) {
      assert.ok(
        CASES.some(({ set }) => name in set),
        name,
      );
    }
  });
});
