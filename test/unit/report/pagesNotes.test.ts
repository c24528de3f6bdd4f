import assert from 'node:assert/strict';
import type { Report } from '../../../tasks/shared/view/report';
import { toHtml } from '../../../tasks/JitReport/JitReportV1/src/pages/html';
import { toSummary } from '../../../tasks/JitReport/JitReportV1/src/pages/summary';
import { readMarkup } from '../../support/report/markup';
import {
  anActiveRequest,
  aMayBeOpenPort,
  anInternetPort,
  aPermanentPort,
  aReport,
  aVmReport,
} from '../../support/report/reports';
import { SAMPLE_GAPS } from '../../support/report/sampleReport';

const textsOf = (report: Report): readonly string[] => readMarkup(toHtml(report)).texts;

describe('the notes on the pages of a report', () => {
  it('do not claim that there is no VM if none could be read', () => {
    const gaps = SAMPLE_GAPS.slice(0, 1).map((gap) => ({ ...gap, part: 'vms' as const }));
    for (const text of [toHtml(aReport({ gaps })), toSummary(aReport({ gaps }), [])]) {
      assert.ok(text.includes('No VM could be read.'));
      assert.doesNotMatch(text, /no VMs in this scope|Every VM that should/);
    }
    const some = aReport({ gaps, vms: [aVmReport('web-01')] });
    assert.ok(!toHtml(some).includes('No VM could be read.'));
  });

  it('say that just-in-time access does not close what is open over IPv6', () => {
    for (const [part, port] of [
      ['standingPorts', aPermanentPort()],
      ['mayBeOpenPorts', aMayBeOpenPort()],
      ['internetPorts', anInternetPort()],
    ] as const)
      for (const ipVersion of ['IPv4', 'IPv6'] as const) {
        const report = aReport({ [part]: [{ ...port, ipVersion }] });
        for (const text of [toHtml(report), toSummary(report, [])])
          assert.equal(text.includes('supports only IPv4'), ipVersion === 'IPv6', part);
      }
  });

  it('say that a request can keep a port open on a VM without permanent access, and what is unknown', () => {
    const inRow = (exposure: 'closed' | 'unknown') =>
      textsOf(aReport({ vms: [aVmReport('web-01', { exposure })], liveRequests: [anActiveRequest()] }));
    assert.ok(inRow('closed').includes('no port is open without a request'));
    assert.ok(inRow('unknown').includes('open ports are unknown'));
  });
});
