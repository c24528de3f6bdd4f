import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { listingPage } from '../listing/page';
import { readPictures } from '../listing/pictures';
import type { ListingManifest } from '../listing/problems';
import { listingText } from '../listing/text';
import type { Picture } from './pictures';

/** Stands in for the repository, which only a release names. */
const REPOSITORY = 'https://github.com/owner/name';

/** The upper part of the listing, with the pictures as they are in the repository: take it after them. */
export async function toListingPicture(root: string): Promise<Picture> {
  const read = (file: string): Promise<string> => readFile(path.join(root, file), 'utf8');
  const { version } = JSON.parse(await read('package.json')) as { version: string };
  const own = JSON.parse(await read('vss-extension.json')) as ListingManifest;
  const manifest = { ...own, version };
  const [text = ''] = listingText(await read('README.md'), REPOSITORY).split(/^(?=## What is needed)/m);
  const shown = [manifest.icons.default, ...(manifest.screenshots ?? []).map((shot) => shot.path)];
  const pictures = await readPictures(root, shown);
  return {
    file: 'docs/images/listing.png',
    view: { width: 1240, height: 'page', pixelWidth: 1240, colours: 64 },
    html: listingPage({ text, manifest, pictures }),
  };
}
