import assert from 'node:assert/strict';
import fc from 'fast-check';
import { toHtml } from '../../../tasks/JitReport/JitReportV1/src/pages/html';
import { toJson } from '../../../tasks/JitReport/JitReportV1/src/pages/json';
import { toSvg } from '../../../tasks/JitReport/JitReportV1/src/pages/svg';
import { formatDocument } from '../../../tasks/shared/document/format';
import { toCsv } from '../../../tasks/shared/view/csv';
import type { Report } from '../../../tasks/shared/view/report';
import { arbitraryReport } from '../../support/report/arbitraryReport';
import { aReport, aRequest } from '../../support/report/reports';
import { hostileText } from '../hostileTexts';

const FILES: readonly (readonly [string, (report: Report) => string])[] = [
  ['jit-report.json', toJson],
  ['jit-requests.csv', toCsv],
  ['jit-report.html', toHtml],
  ['jit-windows.svg', toSvg],
  [
    'jit-run.json',
    (report) =>
      formatDocument({
        ...{ schemaVersion: '1.1', task: 'JitReport', writtenAt: '2026-11-20T09:30:00.000Z', part: 'main' },
        step: { jobId: 'job', jobAttempt: 1, stepId: 'step', jobName: '##vso', stepName: '##[group]' },
        ...{ failure: null, content: { kind: 'report', report } },
      }),
  ],
];

/**
 * Asserts that two number signs are never adjacent, even with invisible characters between them: they can begin a
 * command anywhere in a line.
 */
const assertCommandsNothing = (text: string): void => {
  assert.doesNotMatch(text.replace(/\p{Default_Ignorable_Code_Point}/gu, ''), /##/);
};

describe('a file of a report, printed by a later step,', () => {
  for (const [name, toFile] of FILES) {
    it(`contains no agent command: ${name}`, () => {
      fc.assert(
        fc.property(arbitraryReport(hostileText), (report) => {
          assertCommandsNothing(toFile(report));
        }),
        { numRuns: 100 },
      );
    });
  }

  it('keeps the exact text of jit-report.json', () => {
    const texts = [
      '##vso[task.setvariable variable=NODE_OPTIONS]--require=/tmp/x.js',
      ...[
        '##[error]e',
        'a\r\n##[group]g',
        '#\u200b#vso[a.b]c',
        '#\ufe0f#vso',
        '\\##',
        '####',
        'a\u2028##[b]\u0085##[c]',
      ],
    ];
    const report = aReport({
      requests: texts.map((justification, at) => aRequest(at + 1, { justification })),
    });
    const text = toJson(report);
    assertCommandsNothing(text);
    assert.deepEqual(JSON.parse(text), report);
  });
});
