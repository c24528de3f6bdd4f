import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { builtVsix } from '../../test/support/agent/builtPackage';
import { unpack } from '../../test/support/agent/unpack';
import { startTabServer, toHostRules, type Shown, type TabServer } from '../../test/support/tab/server';
import { launchBrowser } from './browser';
import { faded, toPalette, type View } from './camera';
import { BEGIN, type Recorded } from './runs';

/** A picture of a page inside Azure DevOps. */
export interface TabPicture {
  /** Relative to the repository. */
  readonly file: string;
  readonly view: View;
  readonly page: 'tab' | 'widget';
  readonly theme: 'light' | 'dark';
}

/** Not enlarged, because the package has little room left. */
const TAB: View = { width: 1100, height: 1000, pixelWidth: 1100, colours: 16 };
const PHONE: View = { width: 360, height: 1300, pixelWidth: 720, colours: 64 };
/** Two columns and two rows of a dashboard. */
const WIDGET: View = { width: 330, height: 330, pixelWidth: 330, colours: 32 };

export const TAB_PICTURES: readonly TabPicture[] = [
  { file: 'images/screenshots/run-tab.png', view: TAB, page: 'tab', theme: 'light' },
  { file: 'docs/images/widget.png', view: WIDGET, page: 'widget', theme: 'light' },
  { file: 'docs/images/run-tab-dark.png', view: TAB, page: 'tab', theme: 'dark' },
  { file: 'docs/images/run-tab-phone.png', view: PHONE, page: 'tab', theme: 'light' },
  { file: 'docs/images/widget-dark.png', view: WIDGET, page: 'widget', theme: 'dark' },
];

/** What the run in the pictures attached, with its ports still open. */
const shownDocuments = ({ opened, configured, reported }: Recorded) =>
  [opened.documents.slice(0, 1), configured.documents, reported.documents].flat();

/** Returns the source of the pictures, except for the code of the pages: documents, texts, and styles. */
export async function tabSource(root: string, runs: Recorded): Promise<string> {
  const files = [
    'web/page.css',
    'web/tab.css',
    'web/widget.css',
    'web/messages/tab.ts',
    'web/messages/widget.ts',
  ];
  const texts = await Promise.all(files.map((file) => readFile(path.join(root, file), 'utf8')));
  const documents = shownDocuments(runs).map(({ text }) => JSON.stringify(JSON.parse(text), null, 1));
  return [...texts, ...documents].join('\n').replace(/"waitedSeconds": \d+/g, '"waitedSeconds"');
}

/** Takes the pictures of the packed pages, with the documents that packed tasks attached. */
export async function takeTabPictures(
  runs: Recorded,
  save: (picture: TabPicture, png: Buffer) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'tab-'));
  let server: TabServer | undefined;
  let browser: Browser | undefined;
  try {
    await unpack(builtVsix(), folder);
    server = await startTabServer(path.join(folder, 'web'), false);
    browser = await launchBrowser([toHostRules(server.port)]);
    const pipelineId = server.devops.addPipeline('deploy-web');
    const id = server.devops.addRun(pipelineId, shownDocuments(runs));
    for (const picture of TAB_PICTURES) {
      const { page, theme } = picture;
      const shown: Shown = page === 'tab' ? { page, theme, build: { id, status: 1 } } : { page, theme };
      const address = `${server.hostAddress(shown)}${page === 'widget' ? `&pipeline=${pipelineId}` : ''}`;
      await save(picture, await take(browser, address, picture));
    }
  } finally {
    await browser?.close();
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function take(browser: Browser, address: string, { view, page: kind }: TabPicture): Promise<Buffer> {
  const { width, height, pixelWidth, colours } = view;
  const context: BrowserContext = await browser.newContext({
    viewport: { width, height: height === 'page' ? 1 : height },
    deviceScaleFactor: pixelWidth / width,
    ignoreHTTPSErrors: true,
  });
  try {
    await context.clock.setFixedTime(BEGIN + 480_000);
    const page: Page = await context.newPage();
    await page.goto(address);
    const frame = await (await page.waitForSelector('iframe')).contentFrame();
    await frame?.waitForSelector('.downloads, .days');
    const png = await page.screenshot();
    // The tab continues below the visible part.
    return await toPalette(kind === 'tab' ? await faded(png, pixelWidth / width) : png, colours);
  } finally {
    await context.close();
  }
}
