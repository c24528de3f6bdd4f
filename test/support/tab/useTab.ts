import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContext, Frame, Page } from 'playwright-core';
import { hasBrowser, launchBrowser } from '../../../scripts/screenshots/browser';
import { builtVsix } from '../agent/builtPackage';
import { unpack } from '../agent/unpack';
import type { FakeDevops } from './devops';
import { startTabServer, toHostRules, type Shown, type TabServer } from './server';

/** How a page is opened. */
export interface Opening extends Shown {
  readonly width?: number;
  readonly height?: number;
  /** The time of the machine's clock, in milliseconds since 1970. The clock is stopped. */
  readonly at?: number;
  /** Whether timers are stopped too, until the test moves the clock. */
  readonly byHand?: boolean;
  readonly reducedMotion?: boolean;
}

/** A page of the package in a browser, inside the page of its host. */
export interface Opened {
  readonly host: Page;
  /** The page of the extension. */
  readonly page: Frame;
  /** Problems that the browser reported: a policy violation, an exception, or an error in the console. */
  readonly complaints: readonly string[];
}

/** The pages of the package, with a new organization in each test. */
export interface Tabs {
  readonly devops: FakeDevops;
  open(opening: Opening): Promise<Opened>;
  /** Shows a file by itself in the same browser, without a host. */
  show(html: string, width: number): Promise<Page>;
}

/**
 * Defines tests in a real browser. Without one on this machine, they are left out, and one line says so.
 *
 * @param title of the tests
 */
export function describeInBrowser(title: string, define: (tabs: Tabs) => void): void {
  if (!hasBrowser()) {
    console.log(`Left out, because there is no Chromium (CHROMIUM names another place): ${title}.`);
    return;
  }
  describe(title, () => {
    define(useTabs());
  });
}

function useTabs(): Tabs {
  let folder: string;
  let browser: Browser;
  let server: TabServer;
  const contexts: BrowserContext[] = [];

  before(async function () {
    this.timeout(60_000);
    folder = mkdtempSync(path.join(os.tmpdir(), 'tab-'));
    await unpack(builtVsix(), folder);
  });
  beforeEach(async () => {
    server = await startTabServer(path.join(folder, 'web'), false);
    browser = await launchBrowser([toHostRules(server.port)]);
  });
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
    await browser.close();
    await server.close();
    assert.deepEqual(server.devops.violations, []);
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  return {
    get devops() {
      return server.devops;
    },
    async open({ width = 1100, height = 900, at, byHand = false, reducedMotion = false, ...shown }) {
      const context = await browser.newContext({
        viewport: { width, height },
        ...{ ignoreHTTPSErrors: true, acceptDownloads: true },
        reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
      });
      contexts.push(context);
      if (at !== undefined && !byHand) await context.clock.setFixedTime(at);
      if (at !== undefined && byHand) {
        await context.clock.install({ time: at });
        await context.clock.pauseAt(at + 1000);
      }
      const host = await context.newPage();
      const complaints: string[] = [];
      host.on('pageerror', (error) => complaints.push(error.message));
      host.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      await host.goto(server.hostAddress(shown));
      const element = await host.waitForSelector('iframe');
      const page = await element.contentFrame();
      assert.ok(page);
      await host.waitForFunction('window.host.isShown()', undefined, { polling: 20 });
      return { host, page, complaints };
    },
    async show(html, width) {
      const context = await browser.newContext({ viewport: { width, height: 900 } });
      contexts.push(context);
      const page = await context.newPage();
      await page.setContent(html);
      return page;
    },
  };
}
