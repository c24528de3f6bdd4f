import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { BundledPackage } from './bundledPackages';

/** A bundled package with the values in its own package.json. */
export interface LicensedPackage extends BundledPackage {
  readonly version: string;
  /** SPDX ID: `MIT`. */
  readonly license: string;
}

/**
 * Reads the version and license of every package, each folder once, in the order of their folders.
 *
 * @throws Error for a package without a license, because it is then not allowed to be distributed.
 */
export async function readLicences(
  root: string,
  packages: readonly BundledPackage[],
): Promise<readonly LicensedPackage[]> {
  const unique = new Map(packages.map((entry) => [entry.folder, entry]));
  const sorted = [...unique.values()].sort((a, b) => a.folder.localeCompare(b.folder, 'en'));
  return Promise.all(
    sorted.map(async (entry) => {
      const text = await readFile(path.join(root, entry.folder, 'package.json'), 'utf8');
      const { version, license } = JSON.parse(text) as { version: string; license?: string };
      if (license === undefined) throw new Error(`${entry.folder} does not name its license.`);
      return { ...entry, version, license };
    }),
  );
}
