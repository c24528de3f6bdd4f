import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { ROOT } from '../../../scripts/stage';

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/**
 * Asserts that axe finds nothing wrong with a page, by WCAG 2.2 A and AA and its own best practices, and that the page
 * does not scroll sideways.
 *
 * @param isPart a dashboard has its own first heading, and each widget one of the second level
 */
export async function assertAccessible(page: Frame, isPart = false): Promise<void> {
  const overhang = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  assert.equal(overhang, 0, `It scrolls sideways by ${overhang} pixels.`);
  // The page's own policy lets in no script: the browser's debugger evaluates this one.
  await page.evaluate(readFileSync(path.join(ROOT, 'node_modules/axe-core/axe.min.js'), 'utf8'));
  const found = await page.evaluate<readonly Violation[]>(
    `axe.run(document, { preload: false, rules: { 'page-has-heading-one': { enabled: ${String(!isPart)} } } })
      .then(({ violations }) => violations)`,
  );
  const texts = found.flatMap(({ id, help, nodes }) =>
    nodes.slice(0, 3).map(({ html, failureSummary = '' }) => `${id}: ${help}: ${html} ${failureSummary}`),
  );
  assert.deepEqual(texts, []);
}

/** By how many pixels a page is wider than what shows it, or a table than its frame: 0 is not at all. */
export const overhangOf = (page: Frame | Page): Promise<number> =>
  page.evaluate<number>(
    `Math.max(...[document.documentElement, ...document.querySelectorAll('.table')]
      .map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth))`,
  );

/** Waits for a page whose host has changed: a frame of another process learns of its size and medium a little later. */
export async function untilTrue(page: Frame, expression: string): Promise<void> {
  while (!(await page.evaluate<boolean>(expression))) await page.waitForTimeout(10);
}

/** All that a page shows, or what the first element that a selector finds does. */
export const textOf = (page: Frame, selector = 'body'): Promise<string> =>
  page.evaluate<string>(`document.querySelector(${JSON.stringify(selector)}).innerText`);

/** What the browser makes of a page's styles for the first element that a selector finds. */
export const styleOf = (page: Frame, selector: string, property: string): Promise<string> =>
  page.evaluate<string>(
    `getComputedStyle(document.querySelector(${JSON.stringify(selector)}))[${JSON.stringify(property)}]`,
  );

/** Lets the page around a page of the extension do something: `window.host` of page/host.ts. */
export const tellHost = (host: Page, method: string, ...given: readonly unknown[]): Promise<unknown> =>
  host.evaluate(`window.host[${JSON.stringify(method)}](...${JSON.stringify(given)})`);

/**
 * Keeps the next calls of a page to addresses with these words in them from being answered.
 *
 * @returns What resolves when one of them has come, and what lets them go.
 */
export async function hold(
  host: Page,
  words: string,
): Promise<{ readonly reached: Promise<unknown>; release(): void }> {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const reached = host.waitForRequest((request) => request.url().includes(words));
  await host.route(
    ({ href }) => href.includes(words),
    async (route) => {
      await released;
      await route.continue();
    },
  );
  return { reached, release };
}
