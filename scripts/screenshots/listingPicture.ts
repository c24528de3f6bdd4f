import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { builtVsix } from '../../test/support/agent/builtPackage';
import { unpack } from '../../test/support/agent/unpack';
import { readPackedListing } from '../listing/packed';
import { listingPage } from '../listing/page';
import { readPictures } from '../listing/pictures';
import type { Picture } from './pictures';

/**
 * Returns the upper part of the listing in the package, with the pictures in the repository, because those in the
 * package are as old as the package.
 */
export async function toListingPicture(root: string, vsix = builtVsix()): Promise<Picture> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'listing-'));
  try {
    const files = await unpack(vsix, folder);
    const { text, manifest } = await readPackedListing(folder, files);
    const [upper = ''] = text.split(/^(?=## The first successful run)/m);
    return {
      file: 'docs/images/listing.png',
      view: { width: 1240, height: 'page', pixelWidth: 1240, colours: 64 },
      html: listingPage({ text: upper, manifest, pictures: await readPictures(root, files) }),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
