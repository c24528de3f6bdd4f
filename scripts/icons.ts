import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { findIcons, renderIcon } from './icons/icons';
import { ROOT } from './stage';

/** `npm run icons`: renders the PNG of every icon again, from the SVG next to it. */
async function main(): Promise<void> {
  for (const { svg, png, size } of findIcons(ROOT)) {
    const picture = await renderIcon(await readFile(path.join(ROOT, svg)), size);
    await writeFile(path.join(ROOT, png), picture);
    console.log(`Drew ${png}, ${picture.length} bytes.`);
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
