import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { BundledPackage } from './bundledPackages';

const RULE = '-'.repeat(80);

/**
 * The text of ThirdPartyNotices.txt: name, version and licence of every package in the bundles.
 *
 * @throws Error for a package that has no licence file, since it may then not be distributed like this.
 */
export async function formatNotices(root: string, packages: readonly BundledPackage[]): Promise<string> {
  const unique = new Map(packages.map((entry) => [entry.folder, entry]));
  const notices = await Promise.all([...unique.values()].map((entry) => formatNotice(root, entry)));
  const opening =
    'Just-in-Time VM Access contains code of the packages below, under the licences that follow.';
  return `${[opening, ...notices.sort()].join(`\n\n${RULE}\n`)}\n`;
}

async function formatNotice(root: string, { name, folder }: BundledPackage): Promise<string> {
  const directory = path.join(root, folder);
  const { version, license } = JSON.parse(await readFile(path.join(directory, 'package.json'), 'utf8')) as {
    version: string;
    license?: string;
  };
  const file = (await readdir(directory)).find((entry) => /^licen[cs]e(\.(md|txt))?$/i.test(entry));
  if (file === undefined) throw new Error(`${folder} has no licence file to put into ThirdPartyNotices.txt.`);
  const text = (await readFile(path.join(directory, file), 'utf8')).replace(/\r\n/g, '\n').trim();
  return `${name} ${version}${license === undefined ? '' : ` (${license})`}\n\n${text}`;
}
