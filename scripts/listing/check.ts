import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import MarkdownIt from 'markdown-it';
import { findListingProblems, type Listing, type ListingManifest } from './problems';

/** Reads the listing out of a staged folder. */
export async function readListing(folder: string, files: readonly string[]): Promise<Listing> {
  const manifest = await readFile(path.join(folder, 'vss-extension.json'), 'utf8');
  const text = await readFile(path.join(folder, 'README.md'), 'utf8');
  return { text, files, manifest: JSON.parse(manifest) as ListingManifest };
}

/**
 * Checks the listing in a staged folder, and the files of the repository that README.md links to.
 *
 * @throws Error with a line for each link that leads nowhere and each image that is missing.
 */
export async function checkListing(root: string, listing: Listing): Promise<void> {
  const readme = await readFile(path.join(root, 'README.md'), 'utf8');
  const problems = new Set([...findMissingFiles(root, readme), ...findListingProblems(listing)]);
  if (problems.size > 0) throw new Error(`The listing is wrong:\n  ${[...problems].join('\n  ')}`);
}

/** A sentence for each file that a text in the root of the repository links to or shows, and that is not there. */
export function findMissingFiles(root: string, markdown: string): string[] {
  const inline = new MarkdownIt({ html: true }).parse(markdown, {}).flatMap((token) => token.children ?? []);
  return inline
    .map((token) => String(token.attrGet('href') ?? token.attrGet('src') ?? ''))
    .filter((target) => target !== '' && !/^(?:https:|#)/.test(target))
    .map((target) => decodeURI(target.replace(/#.*$/, '')))
    .filter((file) => !existsSync(path.join(root, file)))
    .map((file) => `README.md leads to ${file}, which is not there.`);
}
