import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { LicensedPackage } from './licensedPackages';

const RULE = '-'.repeat(80);

/**
 * Returns the text of ThirdPartyNotices.txt: the name, version, and license of every package in the bundles, each once.
 *
 * @throws Error for a package without a license file, because it is then not allowed to be distributed like this.
 */
export async function formatNotices(root: string, packages: readonly LicensedPackage[]): Promise<string> {
  const unique = new Map(packages.map((entry) => [entry.folder, entry]));
  const notices = await Promise.all([...unique.values()].map((entry) => formatNotice(root, entry)));
  const opening = 'Just-in-Time VM Access contains code of the following packages, under the licenses below.';
  return `${[opening, ...notices.sort()].join(`\n\n${RULE}\n`)}\n`;
}

async function formatNotice(
  root: string,
  { name, folder, version, license }: LicensedPackage,
): Promise<string> {
  const directory = path.join(root, folder);
  const files = (await readdir(directory)).filter((entry) =>
    /^(?:licen[cs]e|notice)(?:\.(?:md|txt))?$/i.test(entry),
  );
  if (!files.some((entry) => /^licen/i.test(entry))) {
    throw new Error(`${folder} has no license file for ThirdPartyNotices.txt.`);
  }
  const texts = await Promise.all(files.sort().map((file) => readFile(path.join(directory, file), 'utf8')));
  const text = texts.map((part) => part.replace(/\r\n/g, '\n').trim()).join('\n\n');
  return `${name} ${version} (${license})\n\n${text}`;
}
