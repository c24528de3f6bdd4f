import { readdirSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { openPromise } from 'yauzl';

/** The files that tfx itself adds to every package. */
const WRITTEN_BY_TFX = ['[Content_Types].xml', 'extension.vsixmanifest', 'extension.vsomanifest'];

/**
 * The Marketplace accepts larger packages, but here a larger package means that it contains something unintended. In
 * bytes.
 */
export const LARGEST_PACKAGE = 1_000_000;

/**
 * Returns the package that `npm run package` wrote to a folder.
 *
 * @throws Error if there is none, or more than one, which would be ambiguous.
 */
export function findVsix(folder: string): string {
  const found = readdirSync(folder).filter((file) => file.endsWith('.vsix'));
  const [only] = found;
  if (only === undefined || found.length > 1) {
    throw new Error(`${folder} must contain one .vsix, not ${found.length}. Run "npm run package" first.`);
  }
  return path.join(folder, only);
}

/** Returns the names of the files in a package, sorted, without folders. */
export async function listVsix(vsix: string): Promise<string[]> {
  const zip = await openPromise(vsix, { lazyEntries: true });
  const names: string[] = [];
  for await (const { fileName } of zip.eachEntry()) {
    if (!fileName.endsWith('/')) names.push(fileName);
  }
  return names.sort();
}

/**
 * Compares a package with its expected content.
 *
 * @returns A sentence for every difference, and nothing if there is none.
 */
export function findDifferences(actual: readonly string[], staged: readonly string[]): string[] {
  const expected = [...WRITTEN_BY_TFX, ...staged];
  return [
    ...actual.filter((name) => !expected.includes(name)).map((name) => `${name} does not belong in it.`),
    ...expected.filter((name) => !actual.includes(name)).map((name) => `${name} is missing.`),
  ];
}

/** @throws Error if the package has unexpected or missing files, or is too large. */
export async function checkVsix(vsix: string, staged: readonly string[]): Promise<{ bytes: number }> {
  const differences = findDifferences(await listVsix(vsix), staged);
  const { size } = await stat(vsix);
  if (size >= LARGEST_PACKAGE) differences.push(`It has ${size} bytes, more than ${LARGEST_PACKAGE}.`);
  if (differences.length > 0) throw new Error(`The package has errors:\n  ${differences.join('\n  ')}`);
  return { bytes: size };
}
