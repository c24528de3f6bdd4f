import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { checkListing, readListing } from './listing/check';
import { listingPage } from './listing/page';
import { readPictures } from './listing/pictures';
import { ROOT, stage } from './stage';

/**
 * `npm run listing`: writes dist/listing.html, which shows the extension's page similar to the Marketplace, from the
 * files that would be packed, and counts its links. It fails for a broken link or a missing image. `-- --repository
 * https://github.com/owner/name` shows the page of a package that names this repository.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { repository: { type: 'string' } } });
  const folder = await mkdtemp(path.join(os.tmpdir(), 'listing-'));
  try {
    const { files, repository } = await stage(folder, values);
    const listing = await readListing(folder, files);
    const target = path.join(ROOT, 'dist/listing.html');
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, listingPage({ ...listing, pictures: await readPictures(folder, files) }));
    console.log(`Wrote ${path.relative(ROOT, target)}. ${checkListing(ROOT, listing, repository)}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
