import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Repository } from '../repository';
import { findBrokenLinks, findLinks, formatLinks } from './links';
import { findListingProblems, type Listing, type ListingManifest } from './problems';

/** Reads the listing from a staged folder. */
export async function readListing(folder: string, files: readonly string[]): Promise<Listing> {
  const manifest = await readFile(path.join(folder, 'vss-extension.json'), 'utf8');
  const text = await readFile(path.join(folder, 'README.md'), 'utf8');
  return { text, files, manifest: JSON.parse(manifest) as ListingManifest };
}

/**
 * Checks the listing in a staged folder, and the files of the repository that it links to.
 *
 * @returns A line with the number of links.
 * @throws Error with a line for each broken link and each missing image.
 */
export function checkListing(root: string, listing: Listing, repository: Repository | undefined): string {
  const links = findLinks(listing, repository);
  const problems = new Set([...findBrokenLinks(links, listing.files, root), ...findListingProblems(listing)]);
  if (problems.size > 0) throw new Error(`The listing is wrong:\n  ${[...problems].join('\n  ')}`);
  return formatLinks(links);
}
