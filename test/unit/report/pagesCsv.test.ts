import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Report } from '../../../tasks/shared/view/report';
import { CSV_COLUMNS, toCsv } from '../../../tasks/shared/view/csv';
import { safeText } from '../../../tasks/shared/core/text';
import { read } from '../../support/docs/documents';
import { arbitraryReport } from '../../support/report/arbitraryReport';
import { aReport, aRequest } from '../../support/report/reports';
import { sampleReport } from '../../support/report/sampleReport';
import { hostileText } from '../hostileTexts';

/** Texts as an attacker of spreadsheet programs would write them. */
const formula = fc
  .array(
    fc.constantFrom(
      ...['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠', '"', "'", ',', ';', '|', ' '],
      ...['=1+2";=1+2', '=1+2\'" ;,=1+2', "=cmd|' /C calc'!A0", '=HYPERLINK("https://evil.test","a")', 'a'],
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));
const text = fc.oneof(hostileText, formula);

/** Parses CSV strictly by RFC 4180: quoted cells, commas, and CRLF after every line. */
function readCsv(csv: string): readonly (readonly string[])[] {
  assert.ok(csv.startsWith('\ufeff') && csv.endsWith('\r\n'));
  const lines = csv.slice(1, -2).split('\r\n');
  return lines.map((line) => {
    assert.match(line, /^"(?:[^"\r\n]|"")*"(?:,"(?:[^"\r\n]|"")*")*$/);
    return [...line.matchAll(/"((?:[^"]|"")*)"(?:,|$)/g)].map(([, cell = '']) => cell.replaceAll('""', '"'));
  });
}

const START_OF_FORMULA = /(?:^|[,;|"])\s*[=+\-@＝＋－＠]/u;
const column = (row: readonly string[], name: (typeof CSV_COLUMNS)[number]): string =>
  row[CSV_COLUMNS.indexOf(name)] ?? '';

describe('jit-requests.csv with foreign text', () => {
  it('has a header, and one line with the same number of cells for each request, VM, and port', () => {
    fc.assert(
      fc.property(arbitraryReport(text), (report) => {
        const [header, ...rows] = readCsv(toCsv(report));
        assert.deepEqual(header, [...CSV_COLUMNS]);
        const lines = report.requests.map(({ ports }) => Math.max(1, ports.length));
        assert.equal(
          rows.length,
          lines.reduce((sum, count) => sum + count, 0),
        );
        for (const row of rows) assert.equal(row.length, CSV_COLUMNS.length);
      }),
    );
  });

  it('starts no formula in a cell, and none where another spreadsheet program splits it', () => {
    fc.assert(
      fc.property(arbitraryReport(text), (report) => {
        for (const row of readCsv(toCsv(report))) {
          for (const cell of row) {
            assert.doesNotMatch(cell, START_OF_FORMULA);
            assert.doesNotMatch(cell, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('keeps the text, except for apostrophes', () => {
    fc.assert(
      fc.property(text, (justification) => {
        const [, row = []] = readCsv(toCsv(aReport({ requests: [aRequest(5, { justification })] })));
        const without = (given: string): string => given.replaceAll("'", '');
        assert.equal(without(column(row, 'justification')), without(safeText(justification)));
      }),
    );
  });
});

describe('jit-requests.csv', () => {
  const rowsOf = (report: Report) => readCsv(toCsv(report)).slice(1);

  it('has the values of a request', () => {
    const [row = []] = rowsOf(aReport({ requests: [aRequest(5)] }));
    assert.equal(column(row, 'timeUtc'), '2026-11-21 05:15:00');
    assert.equal(column(row, 'endsAtUtc'), '2026-11-21 06:15:00');
    assert.equal(column(row, 'durationMinutes'), '60');
    assert.equal(column(row, 'sources'), '20.50.1.7');
    assert.equal(column(row, 'state'), 'ended');
  });

  it('turns a formula into text, at the start and after a separator', () => {
    const cellOf = (justification: string): string =>
      column(rowsOf(aReport({ requests: [aRequest(5, { justification })] }))[0] ?? [], 'justification');
    assert.equal(cellOf('=1+2'), "'=1+2");
    assert.equal(cellOf('a; =1+2'), "a;' =1+2");
    assert.equal(cellOf('＝1'), "'＝1");
    assert.equal(cellOf('"=1"'), '"\'=1"');
    assert.equal(cellOf('a-b, c=d'), 'a-b, c=d');
  });

  it('is only a header without requests', () => {
    assert.equal(toCsv(aReport()).split('\r\n').length, 2);
  });

  it('keeps the order of the report, and each port of a request', () => {
    const rows = rowsOf(sampleReport());
    const times = rows.map((row) => column(row, 'timeUtc'));
    assert.deepEqual(times, times.toSorted().toReversed());
    const windows = rows.filter((row) => column(row, 'vm') === 'build-win-01');
    assert.deepEqual(
      windows.map((row) => column(row, 'port')),
      ['3389', '5986'],
    );
  });

  it('has the columns of docs/report.md', () => {
    const [, section = ''] = read('docs/report.md').split('\n## jit-requests.csv\n');
    const named = [...(section.split('\n## ')[0] ?? '').matchAll(/^\| `(\w+)` +\|/gm)].map(
      ([, name]) => name,
    );
    assert.deepEqual(named, [...CSV_COLUMNS]);
  });
});
