import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  formatDuration,
  formatIsoDuration,
  parseDuration,
  parseIsoDuration,
} from '../../../tasks/shared/core/durations';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const text = fc.oneof(fc.string(), fc.stringMatching(/^[PT\d.hmsdHMSD]{0,12}$/));

describe('a duration that a user writes', () => {
  const cases: readonly (readonly [string, number])[] = [
    ['90m', 90 * MINUTE],
    ['1h30m', 90 * MINUTE],
    ['PT1H30M', 90 * MINUTE],
    ['pt1h30m', 90 * MINUTE],
    ['1H30M', 90 * MINUTE],
    [' 45 ', 45 * MINUTE],
    ['\t2h\n', 2 * HOUR],
    ['1d', 24 * HOUR],
    ['P1D', 24 * HOUR],
    ['P1DT2H', 26 * HOUR],
    ['1d2h', 26 * HOUR],
    ['060', 60 * MINUTE],
    ['0', 0],
    ['0m', 0],
    ['PT0M', 0],
  ];
  for (const [written, ms] of cases) {
    it(`${JSON.stringify(written)} is ${formatDuration(ms)}`, () => {
      assert.equal(parseDuration(written), ms);
    });
  }

  for (const written of ['45s', '1m30s', 'PT45S', 'PT1M30S', 'PT0S', '1h0s']) {
    it(`${written} has seconds, which only some inputs accept`, () => {
      assert.equal(parseDuration(written), undefined);
    });
  }

  it('can have seconds if they are allowed', () => {
    assert.equal(parseDuration('45s', { seconds: true }), 45_000);
    assert.equal(parseDuration('1m30s', { seconds: true }), 90_000);
    assert.equal(parseDuration('PT1M30S', { seconds: true }), 90_000);
    assert.equal(parseDuration('5', { seconds: true }), 5 * MINUTE);
  });

  for (const written of [
    '',
    ' ',
    '-5',
    '-5m',
    '+5',
    '1h30',
    '1.5h',
    '1,5h',
    'PT1.5H',
    '30m1h',
    '1h 30m',
    '1 h',
    'P',
    'PT',
    'P1DT',
    'P1H',
    'PT1D',
    'P1W',
    'P1M',
    'P1Y',
    '1w',
    'max',
    'h',
    '1e3',
    '0x10',
    'NaN',
    'Infinity',
    '9'.repeat(30),
    `${'9'.repeat(400)}h`,
  ]) {
    it(`${JSON.stringify(written.slice(0, 32))} is invalid`, () => {
      assert.equal(parseDuration(written, { seconds: true }), undefined);
    });
  }
});

describe('a duration that Azure writes', () => {
  const cases: readonly (readonly [string, number])[] = [
    ['PT3H', 3 * HOUR],
    ['P1D', 24 * HOUR],
    ['PT1H30M', 90 * MINUTE],
    ['PT90M', 90 * MINUTE],
    ['PT0.5H', 30 * MINUTE],
    ['PT1H0.5M', HOUR + 30_000],
    ['PT1M30.25S', 90_250],
    ['P0.5D', 12 * HOUR],
    ['PT0,5H', 30 * MINUTE],
  ];
  for (const [written, ms] of cases) {
    it(`${written} is ${ms} ms`, () => {
      assert.equal(parseIsoDuration(written), ms);
    });
  }

  for (const written of [
    '',
    '90',
    '90m',
    'PT',
    'P',
    'PT0S',
    '-PT1H',
    'PT0.5H30M',
    'PT.5H',
    'PT1.H',
    '01:30:00',
    ' PT1H',
  ]) {
    it(`${JSON.stringify(written)} is invalid`, () => {
      assert.equal(parseIsoDuration(written), undefined);
    });
  }
});

describe('durations', () => {
  it('are formatted for people', () => {
    const cases: readonly (readonly [number, string])[] = [
      [45_000, '45 s'],
      [90_000, '1 min 30 s'],
      [3 * HOUR, '3 h'],
      [90 * MINUTE, '1 h 30 min'],
      [24 * HOUR, '24 h'],
      [HOUR + 5_000, '1 h 5 s'],
      [1_499, '1 s'],
      [59_600, '1 min'],
      [0, '0 s'],
      [-5_000, '0 s'],
    ];
    for (const [ms, shown] of cases) assert.equal(formatDuration(ms), shown);
  });

  it('are formatted for Azure', () => {
    assert.equal(formatIsoDuration(3 * HOUR), 'PT3H');
    assert.equal(formatIsoDuration(24 * HOUR), 'P1D');
    assert.equal(formatIsoDuration(26 * HOUR + 5 * MINUTE), 'P1DT2H5M');
    assert.equal(formatIsoDuration(90_500), 'PT1M30.5S');
    assert.equal(formatIsoDuration(0), 'PT0S');
  });

  it('are parsed back to the same value', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 * 24 * HOUR }), (ms) => {
        assert.equal(parseIsoDuration(formatIsoDuration(ms)), ms);
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), (seconds) => {
        const ms = seconds * 1_000;
        assert.equal(parseDuration(formatIsoDuration(ms), { seconds: true }), ms);
        const short = formatDuration(ms).replace('min', 'm').replaceAll(' ', '');
        assert.equal(parseDuration(short, { seconds: true }), ms);
      }),
    );
  });

  it('are whole milliseconds or undefined, regardless of the text, and positive from Azure', () => {
    fc.assert(
      fc.property(text, (written) => {
        const [byUser, byAzure] = [parseDuration(written, { seconds: true }), parseIsoDuration(written)];
        assert.ok(byUser === undefined || (Number.isSafeInteger(byUser) && byUser >= 0));
        assert.ok(byAzure === undefined || (Number.isSafeInteger(byAzure) && byAzure > 0));
      }),
    );
  });
});
