import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { BEGIN, recordRuns, type Recorded } from '../../scripts/screenshots/runs';
import { ATTACHMENT_TYPE } from '../../tasks/shared/document/document';
import { parseAttached } from '../support/attachments';
import { assertAccessible, hold, tellHost, textOf } from '../support/tab/reading';
import { describeInBrowser, type Opened } from '../support/tab/useTab';
import { TROUBLES } from '../../web/messages/trouble';
import * as say from '../../web/messages/widget';

const WIDGET = 'publisher.jit-vm-access.jit-widget';
const CONFIGURATION = 'publisher.jit-vm-access.jit-configuration';
const settings = (data?: string) => ({
  name: 'Access to web shop',
  customSettings: data === undefined ? null : { data },
});

describeInBrowser('the widget of a dashboard', (tabs) => {
  let runs: Recorded;
  before(async function () {
    this.timeout(90_000);
    runs = await recordRuns();
  });
  const open = (width: number, height: number, theme: 'light' | 'dark' = 'light'): Promise<Opened> =>
    tabs.open({ page: 'widget', width, height, theme, at: BEGIN });
  const load = (host: Page, data?: string, id = WIDGET): Promise<unknown> =>
    tellHost(host, 'call', id, 'load', settings(data));
  /** Adds a pipeline with a report, and a newer run of it without a report. */
  const addReported = () => {
    const { devops } = tabs;
    const pipelineId = devops.addPipeline('nightly-report');
    const runId = devops.addRun(pipelineId, runs.reported.documents);
    devops.addRun(pipelineId, runs.opened.documents);
    devops.addRun(devops.addPipeline('another'), []);
    return { data: JSON.stringify({ pipelineId }), runId };
  };

  it('asks for a pipeline until one is configured', async () => {
    const { host, page } = await open(330, 330);
    for (const data of [undefined, '', 'nonsense', '{"pipelineId":"12"}', '{"pipelineId":-1}']) {
      assert.deepEqual(await load(host, data), { statusType: 2 });
      assert.ok((await textOf(page)).includes(say.UNCONFIGURED));
    }
    await assertAccessible(page, true);
  });

  for (const [width, height] of [
    [330, 330],
    [330, 160],
    [500, 330],
  ] as const)
    it(`shows the latest report of the pipeline, ${width} by ${height} pixels, light and dark`, async () => {
      const { data, runId } = addReported();
      const { content } = parseAttached(runs.reported.documents[0]?.text ?? '');
      assert.ok(content.kind === 'report');
      const { configured, notConfigured, recommended, openPorts, openToInternet } = content.report.counts;
      for (const theme of ['light', 'dark'] as const) {
        const { host, page, complaints } = await open(width, height, theme);
        assert.deepEqual(await load(host, data), { statusType: 0 });
        const tiles = await page.$$eval('dd', (found) => found.map(({ textContent }) => Number(textContent)));
        assert.deepEqual(tiles, [configured, notConfigured, openPorts, openToInternet]);
        // As in the report, what should be fixed is red.
        const red = await page.$$eval('.bad', (found) => found.map(({ textContent }) => textContent));
        assert.deepEqual(red, [
          say.shouldBeText(recommended),
          `${say.TILES.openToInternet}${openToInternet}`,
        ]);
        const link = await page.$eval('a', (found) => found.getAttribute('href'));
        assert.equal(
          link,
          `https://dev.azure.com/contoso/${tabs.devops.project.id}/_build/results?buildId=${runId}`,
        );
        const fits = await page.evaluate<boolean>(
          'document.querySelector("main").scrollHeight <= innerHeight',
        );
        assert.ok(fits, 'It scrolls.');
        await assertAccessible(page, true);
        assert.deepEqual(complaints, []);
      }
    });

  it('draws the days that the report covers', async () => {
    const { data } = addReported();
    const { host, page } = await open(330, 330);
    await load(host, data);
    const { content } = parseAttached(runs.reported.documents[0]?.text ?? '');
    assert.ok(content.kind === 'report');
    assert.equal((await page.$$('.days rect')).length, 7);
    const label = await page.$eval('.days', (found) => found.getAttribute('aria-label'));
    assert.equal(label, say.daysText(content.report.requests.length, 7));
  });

  it('is also found by the last part of its ID', async () => {
    const { data } = addReported();
    const { host } = await open(330, 330);
    assert.deepEqual(await load(host, data, 'jit-widget'), { statusType: 0 });
  });

  it('reports that there is no report, or what prevents reading it', async () => {
    const { devops } = tabs;
    const pipelineId = devops.addPipeline('deploy-web');
    devops.addRun(pipelineId, runs.opened.documents);
    const { host, page } = await open(330, 330);
    await load(host, JSON.stringify({ pipelineId }));
    assert.ok((await textOf(page)).includes(say.NO_REPORT));
    devops.fault = () => ({ status: 403, body: '{}' });
    await load(host, JSON.stringify({ pipelineId }));
    assert.ok((await textOf(page)).includes(TROUBLES.forbidden));
  });

  it('reports that there might be a newer report if a document of a newer run cannot be loaded', async () => {
    const { data, runId } = addReported();
    const { host, page } = await open(330, 330);
    tabs.devops.fault = (path) =>
      path.includes(`/builds/${runId + 1}/`) && !path.endsWith(`/${ATTACHMENT_TYPE}`)
        ? { status: 429, body: '{}' }
        : undefined;
    await load(host, data);
    const text = await textOf(page);
    assert.ok(text.includes(say.MAYBE_NEWER) && text.includes(`.${runId}`), text);
    assert.ok(
      await page.evaluate('document.querySelector("main").scrollHeight <= innerHeight'),
      'It scrolls.',
    );
    await assertAccessible(page, true);
    tabs.devops.fault = (path) =>
      path.endsWith(`/${ATTACHMENT_TYPE}`) || !path.includes('/attachments/')
        ? undefined
        : { status: 429, body: '{}' };
    await load(host, data);
    assert.ok((await textOf(page, '[role=alert]')).includes(TROUBLES.busy));
  });

  it('reports that no report could be read if a document is damaged', async () => {
    const pipelineId = tabs.devops.addPipeline('nightly-report');
    tabs.devops.addRun(pipelineId, [{ name: 'damaged', text: '{' }]);
    const { host, page } = await open(330, 160);
    await load(host, JSON.stringify({ pipelineId }));
    assert.ok((await textOf(page, '[role=alert]')).includes(say.NO_REPORT_READ));
  });

  it('shows what was configured last, even if the response for an earlier pipeline arrives late', async () => {
    const { data, runId } = addReported();
    const other = JSON.stringify({ pipelineId: tabs.devops.addPipeline('deploy-web') });
    const { host, page } = await open(330, 330);
    const held = await hold(host, `/builds/${runId}/`);
    const earlier = load(host, data);
    await held.reached;
    await load(host, other);
    held.release();
    await earlier;
    assert.ok((await textOf(page)).includes(say.NO_REPORT));
  });

  it('is configured by the name of a pipeline, which is shown immediately and saved as its number', async () => {
    const { data } = addReported();
    const { pipelineId } = JSON.parse(data) as { pipelineId: number };
    tabs.devops.pageSize = 1;
    const { host, page } = await tabs.open({ page: 'configuration', width: 360, height: 300 });
    await load(host, undefined, CONFIGURATION);
    const names = await page.$$eval('option', (found) => found.map(({ textContent }) => textContent));
    assert.deepEqual(names, [say.CHOOSE, 'another', 'nightly-report']);
    await assert.rejects(tellHost(host, 'call', CONFIGURATION, 'onSave'));
    await page.selectOption('select', { label: 'nightly-report' });
    const custom = { data: JSON.stringify({ pipelineId }) };
    assert.deepEqual(await tellHost(host, 'call', CONFIGURATION, 'onSave'), {
      ...{ isValid: true, customSettings: custom },
    });
    assert.deepEqual(await tellHost(host, 'notified'), [
      ['ms.vss-dashboards-web.configurationChange', { data: custom }],
    ]);
    await assertAccessible(page, true);
    // When it is opened again, it shows what is selected.
    await load(host, data, CONFIGURATION);
    assert.equal(
      await page.$eval('select', (found) => (found as { value?: string }).value),
      String(pipelineId),
    );
  });
});
