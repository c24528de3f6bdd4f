import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { BEGIN, recordRuns, type Recorded } from '../../scripts/screenshots/runs';
import { RUN_LINK } from '../../tasks/shared/view/messages/report';
import * as say from '../../web/messages/tab';
import { parseAttached } from '../support/attachments';
import type { SentDocument } from '../support/tab/devops';
import { assertAccessible, styleOf, tellHost, textOf } from '../support/tab/reading';
import { describeInBrowser, type Opened, type Opening } from '../support/tab/useTab';

const MINUTE = 60_000;

/** Returns the text of the post-job step about its first port. */
function closingText({ opened }: Recorded): string {
  const { content } = parseAttached(opened.documents[1]?.text ?? '');
  return content.kind === 'closed' ? (content.ports[0]?.text ?? assert.fail()) : assert.fail();
}

const portOf = (rule: string | null | undefined): string | undefined => rule?.split(',')[0];

describeInBrowser('the tab of a run, with documents that packaged runs attached', (tabs) => {
  let runs: Recorded;
  before(async function () {
    this.timeout(90_000);
    runs = await recordRuns();
  });

  const addRun = (...documents: readonly SentDocument[]): number =>
    tabs.devops.addRun(tabs.devops.addPipeline('deploy-web'), documents);
  const open = (id: number, more: Partial<Opening> = {}, isOver = true): Promise<Opened> =>
    tabs.open({ page: 'tab', build: { id, status: isOver ? 2 : 1 }, at: BEGIN + MINUTE, ...more });
  const all = (): readonly SentDocument[] =>
    [runs.configured, runs.opened, runs.blocked, runs.reported].flatMap(({ documents }) => documents);

  it('shows ports, failures, policies, and the report, and requests each document once', async () => {
    const { page, complaints } = await open(addRun(...all()));
    await page.waitForSelector('#report-4, section[aria-labelledby^=report]');
    const headings = await page.$$eval('h2', (found) => found.map(({ textContent }) => textContent));
    assert.deepEqual(headings.slice(0, 3), [
      say.HEADINGS.ports,
      say.HEADINGS.failures,
      say.HEADINGS.policies,
    ]);
    assert.match(headings[3] ?? '', /^Report: Deploy/);
    const rows = await page.$$eval('section[aria-labelledby=ports] tbody tr', (found) =>
      found.map((row) => [...row.children].slice(0, 4).map(({ textContent }) => textContent)),
    );
    assert.deepEqual(
      rows.map(([vm, port, sources, state]) => [
        vm,
        port,
        sources,
        /^(?:Closed|Not open)/.exec(state ?? '')?.[0],
      ]),
      [
        ['web-01', '22', '20.61.99.7', 'Closed'],
        ['db-01', '22', '20.61.99.7', 'Closed'],
        ['web-01', '22', '20.61.99.7', 'Not open'],
      ],
    );
    const text = await textOf(page);
    for (const wanted of ['JIT702', closingText(runs)]) assert.ok(text.includes(wanted), wanted);
    const changes = await page.$$eval('section[aria-labelledby=policies] tbody tr', (found) =>
      found.map((row) => [...row.children].slice(0, 4).map(({ textContent }) => textContent)),
    );
    // One line for each port of a VM.
    assert.deepEqual(
      changes.map(([vm, change, before, after]) => [vm, change, portOf(before), portOf(after)]),
      [
        ['web-01', say.CHANGES.changed, '22', '22/tcp'],
        ['web-01', say.CHANGES.added, say.NO_RULE, '5986/tcp'],
        ['web-01', say.CHANGES.removed, '3389', say.NO_RULE],
        ['db-01', say.CHANGES.changed, '22', '22/tcp'],
        ['db-01', say.CHANGES.added, say.NO_RULE, '5986/tcp'],
      ],
    );
    assert.equal(await page.$$eval('figure > svg', (found) => found.length), 2);
    assert.deepEqual(complaints, []);
    const reads = tabs.devops.calls.filter((path) => /attachments\/jit-vm-access\/./.test(path));
    assert.equal(reads.length, all().length);
    assert.equal(new Set(reads).size, reads.length);
  });

  it('shows the same data as the documents of the run', async () => {
    const { page } = await open(addRun(...runs.reported.documents));
    await page.waitForSelector('.counts');
    const { content } = parseAttached(runs.reported.documents[0]?.text ?? '');
    assert.ok(content.kind === 'report');
    assert.equal(await textOf(page, '[role=status]'), say.NO_PORTS);
    const tiles = await page.$$eval('.counts div', (found) => found.map(({ textContent }) => textContent));
    const { vms, configured, openToInternet } = content.report.counts;
    assert.ok(tiles.includes(`VMs${vms}`) && tiles.includes(`Configured${configured}`), tiles.join());
    assert.ok(
      tiles.some((tile) => tile.startsWith('Open to the internet') && tile.endsWith(String(openToInternet))),
    );
    const rows = await page.$$eval('table', (found) =>
      found.map(({ caption, rows }) => [caption?.textContent, rows.length - 1]),
    );
    assert.deepEqual(rows.find(([caption]) => caption === 'Requests')?.[1], content.report.requests.length);
    assert.deepEqual(rows.find(([caption]) => caption === 'VMs')?.[1], content.report.vms.length);
  });

  it('counts down, shows when the time is over, and shows what the post-job step attached', async () => {
    const [main, after] = runs.opened.documents;
    assert.ok(main && after);
    const id = addRun(main);
    const { host, page } = await open(id, { byHand: true }, false);
    await page.waitForSelector('[data-until]');
    const left = () => textOf(page, '[data-until]');
    const before = await left();
    assert.match(before, /^4[345] min .*left$/);
    await host.clock.runFor(2000);
    assert.notEqual(await left(), before);
    assert.match(await textOf(page, '[role=status]'), /^2 ports/);
    await host.clock.fastForward(60 * MINUTE);
    await host.clock.runFor(1000);
    assert.ok((await textOf(page)).includes(say.PORT_STATES.over));
    assert.match(await textOf(page, '[role=status]'), /^No port/);
    tabs.devops.attach(id, after);
    await tellHost(host, 'setBuild', { id, status: 2 });
    await page.waitForSelector('.mark.good');
    assert.ok((await textOf(page)).includes(closingText(runs)));
    const { content } = parseAttached(after.text);
    const closedAt = content.kind === 'closed' ? content.ports[0]?.closedAt : undefined;
    assert.equal(await textOf(page, 'td[data-label="End (UTC)"]'), closedAt?.slice(0, 16).replace('T', ' '));
  });

  it('counts down in minutes for users who prefer reduced motion', async () => {
    const [main] = runs.opened.documents;
    assert.ok(main);
    const { host, page } = await open(addRun(main), { byHand: true, reducedMotion: true });
    await page.waitForSelector('[data-until]');
    const before = await textOf(page, '[data-until]');
    assert.match(before, /^4[456] min left$/);
    await host.clock.runFor(61_000);
    assert.notEqual(await textOf(page, '[data-until]'), before);
    assert.match(await textOf(page, '[data-until]'), /^4[345] min left$/);
  });

  it('checks for more documents while the run is in progress, and no longer', async () => {
    const [main, after] = runs.opened.documents;
    assert.ok(main && after);
    const id = addRun();
    const { host, page } = await open(id, { byHand: true }, false);
    await tabs.devops.called(1);
    tabs.devops.attach(id, main);
    await host.clock.runFor(16_000);
    await page.waitForSelector('[data-until]');
    assert.equal(tabs.devops.calls.length, 3);
    await tellHost(host, 'setBuild', { id, status: 2 });
    await tabs.devops.called(4);
    await host.clock.runFor(MINUTE);
    // By the time these are answered, any further call of the page would have reached the host.
    await tellHost(host, 'setTheme', {});
    await tellHost(host, 'setTheme', {});
    assert.equal(tabs.devops.calls.length, 4);
  });

  for (const theme of ['light', 'dark'] as const)
    for (const width of [1100, 360])
      it(`passes axe without findings and has no horizontal scrolling, ${theme}, ${width} px wide`, async () => {
        const { page } = await open(addRun(...all()), { theme, width });
        await page.waitForSelector('.downloads');
        const dark = await page.$eval('html', ({ classList }) => classList.contains('dark'));
        assert.equal(dark, theme === 'dark');
        await assertAccessible(page);
      });

  it('follows the host when the theme changes', async () => {
    const { host, page } = await open(addRun(...runs.configured.documents));
    await page.waitForSelector('table');
    const colours = { 'background-color': 'rgb(10, 10, 10)', 'text-primary-color': 'rgb(240, 240, 240)' };
    await tellHost(host, 'setTheme', colours);
    await page.waitForSelector('html.dark');
    assert.equal(await styleOf(page, 'body', 'backgroundColor'), 'rgb(10, 10, 10)');
    await assertAccessible(page);
  });

  it('saves the report and its requests as files without any further call', async () => {
    const { host, page } = await open(addRun(...runs.reported.documents));
    await page.waitForSelector('.downloads');
    const calls = tabs.devops.calls.length;
    for (const [words, name, wanted] of [
      [say.DOWNLOAD_JSON, 'jit-report.json', /"schemaVersion": "2/],
      [say.DOWNLOAD_CSV, 'jit-requests.csv', /"timeUtc"/],
    ] as const) {
      const [download] = await Promise.all([host.waitForEvent('download'), page.click(`text=${words}`)]);
      assert.equal(download.suggestedFilename(), name);
      assert.match(readFileSync(await download.path(), 'utf8'), wanted);
    }
    assert.equal(tabs.devops.calls.length, calls);
  });

  it('can be used with the keyboard alone: links and buttons in the order of the page, each with a focus ring', async () => {
    const { host, page } = await open(addRun(...runs.reported.documents));
    await page.waitForSelector('.downloads');
    await page.focus('a');
    const seen: string[] = [];
    for (let step = 0; step < 40 && !seen.includes(say.DOWNLOAD_CSV); step++) {
      const words = await page.evaluate<string>('document.activeElement.textContent');
      seen.push(words);
      if (step > 0) assert.equal(await styleOf(page, ':focus', 'outlineStyle'), 'solid', words);
      await host.keyboard.press('Tab');
    }
    assert.ok([RUN_LINK, say.DOWNLOAD_JSON, say.DOWNLOAD_CSV].every((words) => seen.includes(words)));
  });

  it('is printed in light colors, as tables, without what works only on a screen', async () => {
    const { host, page } = await open(addRun(...all()), { theme: 'dark', width: 794 });
    await page.waitForSelector('.downloads');
    await host.emulateMedia({ media: 'print' });
    assert.equal(await styleOf(page, '.downloads', 'display'), 'none');
    assert.equal(await styleOf(page, 'tbody tr', 'display'), 'table-row');
    assert.equal(await styleOf(page, 'body', 'backgroundColor'), 'rgb(255, 255, 255)');
  });
});
