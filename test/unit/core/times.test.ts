import assert from 'node:assert/strict';
import { parseTime } from '../../../tasks/shared/core/times';

describe('a time from Azure', () => {
  const zone = process.env.TZ;
  before(() => {
    process.env.TZ = 'America/New_York';
  });
  after(() => {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });

  it("is UTC if it names no zone, regardless of the agent's zone", () => {
    const expected = Date.UTC(2026, 10, 21, 5, 0, 0);
    for (const text of [
      '2026-11-21T05:00:00',
      '2026-11-21T05:00:00.0000000',
      '2026-11-21T05:00',
      '2026-11-21 05:00:00',
    ])
      assert.equal(parseTime(text), expected, text);
  });

  it('uses the zone that it names', () => {
    const expected = Date.UTC(2026, 10, 21, 5, 0, 0);
    for (const text of [
      '2026-11-21T05:00:00Z',
      '2026-11-21T05:00:00.1234567Z',
      '2026-11-21T00:00:00-05:00',
      '2026-11-21T06:00:00+01:00',
    ])
      assert.equal(Math.floor(parseTime(text) / 1000) * 1000, expected, text);
  });

  it('is NaN if it cannot be parsed', () => {
    for (const text of ['', 'soon', '2026-13-01T00:00:00']) assert.ok(Number.isNaN(parseTime(text)), text);
  });
});
