import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const USUAL = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser in CHROMIUM, or the first one at a usual place in Linux. */
const PROGRAM = process.env['CHROMIUM'] ?? USUAL.find((file) => existsSync(file)) ?? '/usr/bin/chromium';

/** Root needs the first one. The others prevent the browser from connecting to its vendor. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Windows under Wine finds Linux programs, but cannot start them. */
export const hasBrowser = (): boolean =>
  existsSync(PROGRAM) && (process.platform !== 'win32' || process.env['CHROMIUM'] !== undefined);

/**
 * Starts headless Chromium. Throws if it is not installed.
 *
 * @param flags in addition to the usual ones
 */
export const launchBrowser = (flags: readonly string[] = []): Promise<Browser> =>
  chromium.launch({ executablePath: PROGRAM, args: [...FLAGS, ...flags] });
