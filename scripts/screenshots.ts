import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { openCamera } from './screenshots/camera';
import { toListingPicture } from './screenshots/listingPicture';
import { toPictures, type Picture } from './screenshots/pictures';
import { recordRuns } from './screenshots/runs';
import { normalised, sha256, SOURCES, type Source } from './screenshots/sources';
import { tabSource, takeTabPictures } from './screenshots/tabPictures';
import { ROOT } from './stage';

/**
 * `npm run screenshots`: runs the packaged tasks against the simulated Azure, and takes the pictures of the listing
 * again in headless Chromium. It records their sources, so that a test can detect when they are outdated.
 */
async function main(): Promise<void> {
  const sources: Record<string, Source> = {};
  const camera = await openCamera();
  const save = async (file: string, page: string, picture: Buffer): Promise<void> => {
    const target = path.join(ROOT, file);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, picture);
    sources[file] = { page, picture: sha256(picture) };
    console.log(`Took ${file}, ${Math.ceil(picture.length / 1000)} kB.`);
  };
  const take = async ({ file, view, html }: Picture): Promise<void> => {
    const picture = await camera.take(html, view);
    await save(file, sha256(normalised(html)), picture);
  };
  try {
    const runs = await recordRuns();
    for (const picture of toPictures(runs)) await take(picture);
    const page = sha256(normalised(await tabSource(ROOT, runs)));
    await takeTabPictures(runs, async ({ file }, picture) => {
      await save(file, page, picture);
    });
    await take(await toListingPicture(ROOT));
  } finally {
    await camera.close();
  }
  await writeFile(path.join(ROOT, SOURCES), `${JSON.stringify(sources, null, 2)}\n`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
