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

  it('is none in another form, which JavaScript would read in the zone of the agent', () => {
    for (const text of ['1', '11/21/2026 5:00:00 AM', '21 Nov 2026', '2026-11-21T05:00:00 (UTC)'])
      assert.ok(Number.isNaN(parseTime(text)), text);
  });

  it('has a year of four digits, as in every time that is written', () => {
    const isOdd = (text: string) => Number.isNaN(parseTime(text));
    for (const text of ['+275760-09-13T00:00:00Z', '-000001-01-01T00:00:00Z', '9999-12-31T23:59:59-05:00'])
      assert.ok(isOdd(text), text);
    // What .NET writes for a time that was never set, and for the last one.
    for (const text of ['0001-01-01T00:00:00', '9999-12-31T23:59:59.9999999Z']) assert.ok(!isOdd(text), text);
  });
});
