import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { LicensedPackage } from './licensedPackages';

const RULE = '-'.repeat(80);

/**
 * The text of ThirdPartyNotices.txt: name, version and licence of every package in the bundles, once.
 *
 * @throws Error for a package that has no licence file, since it may then not be distributed like this.
 */
export async function formatNotices(root: string, packages: readonly LicensedPackage[]): Promise<string> {
  const unique = new Map(packages.map((entry) => [entry.folder, entry]));
  const notices = await Promise.all([...unique.values()].map((entry) => formatNotice(root, entry)));
  const opening =
    'Just-in-Time VM Access contains code of the packages below, under the licenses that follow.';
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
    throw new Error(`${folder} has no licence file to put into ThirdPartyNotices.txt.`);
  }
  const texts = await Promise.all(files.sort().map((file) => readFile(path.join(directory, file), 'utf8')));
  const text = texts.map((part) => part.replace(/\r\n/g, '\n').trim()).join('\n\n');
  return `${name} ${version} (${license})\n\n${text}`;
}
