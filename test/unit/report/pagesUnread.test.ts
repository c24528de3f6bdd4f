import assert from 'node:assert/strict';
import { toHtml } from '../../../tasks/JitReport/JitReportV1/src/pages/html';
import { toSummary } from '../../../tasks/JitReport/JitReportV1/src/pages/summary';
import type { Report } from '../../../tasks/shared/view/report';
import { aReport, aVmReport } from '../../support/report/reports';

const GAP = { part: 'vms', code: 'JIT604', action: null, scope: '/subscriptions/s', text: 'HTML.' } as const;

const PAGES: readonly (readonly [string, (report: Report) => string])[] = [
  ['the page', toHtml],
  ['the summary', (report) => toSummary(report, [])],
];

describe('a report whose VMs could not be read', () => {
  for (const [name, toPage] of PAGES) {
    it(`does not say that there are none, or that nothing is to be done: ${name}`, () => {
      const page = toPage(aReport({ gaps: [GAP] }));
      assert.match(page, /The VMs in this scope could not be read\./);
      assert.doesNotMatch(page, /There are no VMs|Every VM that should have/);
    });

    it(`shows those that could be read: ${name}`, () => {
      const page = toPage(aReport({ gaps: [GAP], vms: [aVmReport('web-01')] }));
      assert.doesNotMatch(page, /The VMs in this scope could not be read/);
    });

    it(`says that there are none where only something else could not be read: ${name}`, () => {
      const page = toPage(aReport({ gaps: [{ ...GAP, part: 'activityLog' }] }));
      assert.match(page, /(?:There are no VMs|Every VM that should have)[^.]*could be read\./);
    });
  }
});
