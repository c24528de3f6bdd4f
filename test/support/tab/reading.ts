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
 * Asserts that axe finds no violations on a page, with WCAG 2.2 A and AA and its own best practices, and that the page
 * does not scroll horizontally.
 *
 * @param isPart whether it is part of a dashboard, which has its own first-level heading, while each widget has one of
 * the second level
 */
export async function assertAccessible(page: Frame, isPart = false): Promise<void> {
  const overhang = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  assert.equal(overhang, 0, `It scrolls sideways by ${overhang} pixels.`);
  // The page's content security policy allows no script, so the browser's debugger evaluates this one.
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

/**
 * Returns by how many pixels a page is wider than its viewport, or a table wider than its frame. 0 means that
 * everything fits.
 */
export const overhangOf = (page: Frame | Page): Promise<number> =>
  page.evaluate<number>(
    `Math.max(...[document.documentElement, ...document.querySelectorAll('.table')]
      .map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth))`,
  );

/**
 * Waits for a page whose host has changed. A frame in another process receives its new size and medium a little later.
 */
export async function untilTrue(page: Frame, expression: string): Promise<void> {
  while (!(await page.evaluate<boolean>(expression))) await page.waitForTimeout(10);
}

/** Returns the text that a page shows, or that of the first element that matches a selector. */
export const textOf = (page: Frame, selector = 'body'): Promise<string> =>
  page.evaluate<string>(`document.querySelector(${JSON.stringify(selector)}).innerText`);

/** Returns a computed style of the first element that matches a selector. */
export const styleOf = (page: Frame, selector: string, property: string): Promise<string> =>
  page.evaluate<string>(
    `getComputedStyle(document.querySelector(${JSON.stringify(selector)}))[${JSON.stringify(property)}]`,
  );

/** Calls a method of the host page: `window.host` of page/host.ts. */
export const tellHost = (host: Page, method: string, ...given: readonly unknown[]): Promise<unknown> =>
  host.evaluate(`window.host[${JSON.stringify(method)}](...${JSON.stringify(given)})`);

/**
 * Holds the responses to the next calls of a page whose URLs contain these words.
 *
 * @returns A promise that resolves when one of the calls has arrived, and a function that releases them.
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
