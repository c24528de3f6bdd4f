import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

/** The browser; another one may be named in CHROMIUM. */
const PROGRAM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

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

export const hasBrowser = (): boolean => existsSync(PROGRAM);

/**
 * Starts headless Chromium. Throws when it is not there.
 *
 * @param flags beside the usual ones
 */
export const launchBrowser = (flags: readonly string[] = []): Promise<Browser> =>
  chromium.launch({ executablePath: PROGRAM, args: [...FLAGS, ...flags] });
