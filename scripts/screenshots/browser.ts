import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const USUAL = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser: the one that CHROMIUM names, or the first that is where Linux has it. */
const PROGRAM = process.env['CHROMIUM'] ?? USUAL.find((file) => existsSync(file)) ?? '/usr/bin/chromium';

/** Root needs the first; the others keep the browser from calling home. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Windows under Wine sees the programs of Linux, and cannot start them. */
export const hasBrowser = (): boolean =>
  existsSync(PROGRAM) && (process.platform !== 'win32' || process.env['CHROMIUM'] !== undefined);

/**
 * Starts headless Chromium. Throws when it is not there.
 *
 * @param flags beside the usual ones
 */
export const launchBrowser = (flags: readonly string[] = []): Promise<Browser> =>
  chromium.launch({ executablePath: PROGRAM, args: [...FLAGS, ...flags] });
