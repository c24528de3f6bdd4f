import assert from 'node:assert/strict';
import { toHtml } from '../../tasks/JitReport/JitReportV1/src/pages/html';
import { formatDocument } from '../../tasks/shared/document/format';
import type { Report } from '../../tasks/shared/view/report';
import { sampleReport } from '../support/report/sampleReport';
import { overhangOf, untilTrue } from '../support/tab/reading';
import { describeInBrowser } from '../support/tab/useTab';

/** Azure allows 64 characters for a VM on Linux, and 15 for one on Windows. */
const NAMES: readonly string[] = [
  'PRODPAYGW-WEU01',
  'prod-payment-gateway-westeu-001',
  'prod-payment-gateway-westeurope-vm-001',
  'prod-payment-gateway-westeurope-customer-facing-availability-001',
  'prodpaymentgatewaywesteurope'.padEnd(64, 'x'),
  'x'.repeat(26),
];

/** The width of A4 minus the margins of a printed page. */
const PAPER = 688;

/** Returns the sample report with this name instead of some short names of VMs and of a resource group. */
const withName = (name: string): Report =>
  JSON.parse(
    JSON.stringify(sampleReport())
      .replaceAll('web-01', name)
      .replaceAll('sandbox-07', name)
      .replaceAll('rg-shared', `rg-${name}`),
  ) as Report;

describeInBrowser('a report with names of every length', (tabs) => {
  for (const name of NAMES) {
    it(`fits its page, as a file, on a screen and on paper: ${name}`, async () => {
      const page = await tabs.show(toHtml(withName(name)), 1100);
      for (const width of [1100, 1099, 480, 360]) {
        await page.setViewportSize({ width, height: 900 });
        assert.equal(await overhangOf(page), 0, `${width} px`);
      }
      await page.emulateMedia({ media: 'print' });
      await page.setViewportSize({ width: PAPER, height: 900 });
      assert.equal(await overhangOf(page), 0, 'on paper');
    });

    it(`fits the tab of a run: ${name}`, async () => {
      const text = formatDocument({
        ...{ schemaVersion: '1.1', task: 'JitReport', writtenAt: '2026-11-21T10:15:00.000Z', part: 'main' },
        step: { jobId: 'job', jobAttempt: 1, stepId: 'step', jobName: 'Audit', stepName: 'Report' },
        ...{ failure: null, content: { kind: 'report', report: withName(name) } },
      });
      const id = tabs.devops.addRun(tabs.devops.addPipeline('audit'), [{ name: 'one', text }]);
      const { host, page } = await tabs.open({ page: 'tab', build: { id, status: 2 } });
      await page.waitForSelector('.downloads');
      for (const width of [1100, 1041, 480, 360]) {
        await host.setViewportSize({ width, height: 900 });
        await untilTrue(page, `innerWidth === ${width}`);
        assert.equal(await overhangOf(page), 0, `${width} px`);
      }
      await host.setViewportSize({ width: PAPER, height: 900 });
      await host.emulateMedia({ media: 'print' });
      await untilTrue(page, `innerWidth === ${PAPER} && matchMedia('print').matches`);
      assert.equal(await overhangOf(page), 0, 'on paper');
    });
  }

  it('keeps a name that Windows allows on one line', async () => {
    const page = await tabs.show(toHtml(withName('PRODPAYGW-WEU01')), 1100);
    const heights = await page.evaluate<readonly number[]>(
      `[...document.querySelectorAll('tbody th > div')].map(({ offsetHeight }) => offsetHeight)`,
    );
    assert.equal(new Set(heights).size, 1, heights.join());
  });
});
