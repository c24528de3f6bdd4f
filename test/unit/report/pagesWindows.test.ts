import assert from 'node:assert/strict';
import fc from 'fast-check';
import { toBars, toScale } from '../../../tasks/shared/view/bars';
import { drawNarrow, drawWide } from '../../../tasks/shared/view/chart';
import { emptyText } from '../../../tasks/shared/view/messages/report';
import { shorten } from '../../../tasks/shared/view/shorten';
import { axisText, stripText } from '../../../tasks/JitReport/JitReportV1/src/pages/strip';
import { toTicks } from '../../../tasks/shared/view/ticks';
import { toWindowChart, WINDOW_STATES, type AccessWindow } from '../../../tasks/shared/view/windows';
import { arbitraryReport } from '../../support/report/arbitraryReport';
import { anActiveRequest, aReport, aRequest, hoursAgo, vmIdOf, WRITTEN } from '../../support/report/reports';
import { hostileText } from '../hostileTexts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.parse(WRITTEN);

const endedAfter = (hours: number, lasted: number, state: string, openFor = lasted) => ({
  ports: [
    {
      ...{
        port: 22,
        sources: ['*'],
        endsAt: hoursAgo(hours - lasted),
        durationSeconds: lasted * 3600,
        state,
      },
      ...{ endedAt: hoursAgo(hours - openFor), openSeconds: openFor * 3600 },
    },
  ],
});

describe('access windows over time', () => {
  it('have a lane for each port of a VM, regardless of the case of its ID, with the latest request first', () => {
    const upper = { vmId: vmIdOf('web-01').toUpperCase() };
    const requests = [
      aRequest(2, { vmName: 'db-01' }),
      aRequest(5),
      aRequest(9, { vmName: 'db-01' }),
      aRequest(11, upper),
    ];
    const { lanes } = toWindowChart(aReport({ requests }), 40);
    assert.deepEqual(
      lanes.map(({ vmName, port, windows }) => [vmName, port, windows.length]),
      [
        ['db-01', 22, 2],
        ['web-01', 22, 2],
      ],
    );
    for (const { windows } of lanes) assert.ok((windows[0]?.from ?? 0) < (windows[1]?.from ?? 0));
  });

  it('have a maximum number of lanes, and the number of the others', () => {
    const requests = Array.from({ length: 100 }, (_, index) =>
      aRequest(index, { vmName: `vm-${String(index)}` }),
    );
    const { lanes, moreLanes } = toWindowChart(aReport({ requests }), 40);
    assert.deepEqual([lanes.length, moreLanes, lanes[0]?.vmName], [40, 60, 'vm-0']);
  });

  it('show an active request that began before the period, and each active request once', () => {
    const before = anActiveRequest({ startedAt: hoursAgo(30), endsAt: hoursAgo(-1) });
    const period = { from: hoursAgo(24), to: WRITTEN, days: 1 };
    const [lane] = toWindowChart(aReport({ period, liveRequests: [before] }), 40).lanes;
    assert.deepEqual(lane?.windows, [{ from: NOW - DAY, to: NOW + HOUR, state: 'live' }]);
    const requests = [aRequest(0.5)];
    const both = toWindowChart(aReport({ requests, liveRequests: [anActiveRequest()] }), 40);
    assert.equal(both.lanes.flatMap(({ windows }) => windows).length, 1);
  });

  it('extend to the end of the last active window', () => {
    const { to } = toWindowChart(aReport({ liveRequests: [anActiveRequest({ endsAt: hoursAgo(-3) })] }), 40);
    assert.equal(to, NOW + 3 * HOUR);
    assert.equal(toWindowChart(aReport(), 40).to, NOW);
  });

  it('end when the access actually ended', () => {
    const requests = [
      aRequest(5, endedAfter(5, 4, 'closed', 1)),
      aRequest(8, endedAfter(8, 7, 'superseded', 3)),
    ];
    const [lane] = toWindowChart(aReport({ requests }), 40).lanes;
    assert.deepEqual(lane?.windows, [
      { from: NOW - 8 * HOUR, to: NOW - 5 * HOUR, state: 'superseded' },
      { from: NOW - 5 * HOUR, to: NOW - 4 * HOUR, state: 'ended' },
    ]);
  });

  it('show a refused request as a moment, even if its VM is unknown', () => {
    const requests = [aRequest(5, { result: 'refused', vmName: null, ports: [] })];
    const at = NOW - 5 * HOUR;
    assert.deepEqual(toWindowChart(aReport({ requests }), 40).lanes, [
      { vmName: null, port: null, windows: [{ from: at, to: at, state: 'refused' }] },
    ]);
  });

  it('use a common state for other states of Azure', () => {
    const requests = [aRequest(5, endedAfter(5, 1, 'Revoked'))];
    assert.equal(toWindowChart(aReport({ requests }), 40).lanes[0]?.windows[0]?.state, 'other');
  });

  it('are within the axis, regardless of the report', () => {
    fc.assert(
      fc.property(arbitraryReport(hostileText), (report) => {
        const { from, to, lanes } = toWindowChart(report, 40);
        for (const window of lanes.flatMap(({ windows }) => windows)) {
          assert.ok(from <= window.from && window.from <= window.to && window.to <= to);
        }
      }),
    );
  });
});

const window: fc.Arbitrary<AccessWindow> = fc
  .tuple(fc.nat(DAY), fc.nat(DAY), fc.constantFrom(...WINDOW_STATES))
  .map(([from, length, state]) => ({ from, to: Math.min(DAY, from + length), state }));
const windows = fc
  .array(window, { maxLength: 60 })
  .map((all) => all.toSorted((one, other) => one.from - other.from));

describe('bars', () => {
  it('are wide enough to be visible, within the axis, separate, and cover every window', () => {
    fc.assert(
      fc.property(windows, (all) => {
        const bars = toBars(all, toScale(0, DAY, 680, 4));
        for (const { x, width } of bars) assert.ok(width >= 4 && x >= 0 && x + width <= 680.000001);
        assert.equal(
          bars.reduce((sum, { count }) => sum + count, 0),
          all.length,
        );
        for (const state of WINDOW_STATES) {
          const own = bars.filter((bar) => bar.state === state);
          own.slice(1).forEach((bar, at) => {
            assert.ok(bar.x > (own[at]?.x ?? 0) + (own[at]?.width ?? 0));
          });
        }
        const firstActive = bars.findIndex(({ state }) => state === 'live');
        if (firstActive >= 0) assert.ok(bars.slice(firstActive).every(({ state }) => state === 'live'));
      }),
    );
  });
});

describe('the chart without windows', () => {
  it('has no line through its text', () => {
    for (const chart of [drawWide(aReport()), drawNarrow(aReport())]) {
      const parts = chart.children.filter((part) => typeof part !== 'string');
      const words = parts.find(({ children }) => children[0] === emptyText('windows', aReport()));
      const top = Number(words?.attributes['y']) - 12;
      const lines = parts.filter(({ attributes }) => /^w-(?:grid|now)$/.test(String(attributes['class'])));
      assert.ok(lines.length > 0, 'the axis has marks');
      for (const { attributes } of lines) {
        const [, end] = /V([\d.]+)$/.exec(String(attributes['d'])) ?? [];
        assert.ok(Number(end) <= top, `${String(attributes['d'])} ends above ${String(top)}`);
      }
    }
  });
});

describe('the marks of the time axis', () => {
  it('are few, equidistant, and within the axis, from an hour to 91 days', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: HOUR, max: 91 * DAY }),
        fc.integer({ min: 0, max: 2e12 }),
        (span, from) => {
          const ticks = toTicks(from, from + span, 9);
          assert.ok(ticks.length >= 3 && ticks.length <= 9, String(ticks.length));
          const steps = ticks.slice(1).map(({ at }, index) => at - (ticks[index]?.at ?? 0));
          assert.equal(new Set(steps).size, 1);
          for (const { at, label } of ticks) {
            assert.ok(at >= from && at <= from + span);
            const iso = new Date(at).toISOString();
            assert.ok(
              label === iso.slice(11, 16) || Number(label.split(' ')[0]) === Number(iso.slice(8, 10)),
              label,
            );
          }
          assert.notEqual(ticks[0]?.context, '');
        },
      ),
    );
  });

  it('are at the start of a day if they name one, even if the picture is narrow', () => {
    const from = Date.parse('2026-08-22T09:30:00Z');
    for (const days of [30, 60, 90, 91, 400]) {
      const ticks = toTicks(from, from + days * DAY, 4);
      assert.ok(ticks.length >= 2 && ticks.length <= 4, String(ticks.length));
      for (const { at } of ticks) assert.match(new Date(at).toISOString(), /T00:00:00/, `${days} days`);
    }
  });

  it('show the day once for times, and the year once for days', () => {
    const at = (iso: string): number => Date.parse(`${iso}:00Z`);
    const clock = toTicks(at('2026-11-20T21:30'), at('2026-11-21T02:10'), 9);
    assert.deepEqual(
      clock.map(({ label, context }) => `${context} ${label}`.trim()),
      ['20 Nov 22:00', '23:00', '21 Nov 00:00', '01:00', '02:00'],
    );
    const days = toTicks(at('2026-12-20T00:00'), at('2027-01-20T00:00'), 9);
    assert.deepEqual(
      days.map(({ context }) => context).filter((context) => context !== ''),
      ['2026', '2027'],
    );
  });
});

describe('the chart as text', () => {
  it('has one line of the same length for the axis and for every lane', () => {
    fc.assert(
      fc.property(arbitraryReport(hostileText), (report) => {
        const chart = toWindowChart(report, 20);
        const lines = [axisText(chart), ...chart.lanes.map((lane) => stripText(lane, chart))];
        for (const line of lines) {
          assert.equal(Array.from(line).length, 56);
          assert.doesNotMatch(line, /[`|]| {2}/);
        }
        for (const line of lines.slice(1)) assert.match(line, /^[█▒░×?·]+$/);
      }),
    );
  });

  it('shows what is open now at its end', () => {
    const chart = toWindowChart(
      aReport({ requests: [aRequest(0.5)], liveRequests: [anActiveRequest()] }),
      20,
    );
    assert.match(stripText(chart.lanes[0] ?? assert.fail(), chart), /^·{55}█$/);
  });
});

describe('a name that is too long', () => {
  it('is shortened in the middle, and fits in the given number of columns', () => {
    assert.equal(shorten('a'.repeat(9), 9), 'a'.repeat(9));
    assert.equal(shorten('production-web-server-0001', 11), 'produ…-0001');
    assert.equal(shorten('機械学習サーバー', 7), '機…ー');
  });

  it('is not cut within a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 3, max: 30 }), (text, columns) => {
        const short = shorten(text, columns);
        assert.doesNotMatch(short, /\p{Cs}/u);
        assert.ok(Array.from(short.replace(/\p{M}/gu, '')).length <= columns);
      }),
    );
  });
});
