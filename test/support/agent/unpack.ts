import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';

/**
 * Unpacks a .vsix (a zip file) into a folder. yauzl itself rejects names that lead outside the folder.
 *
 * @returns The names of the files in the package, in the order of the package.
 */
export async function unpack(vsix: string, folder: string): Promise<string[]> {
  const zip = await openPromise(vsix, { lazyEntries: true });
  const names: string[] = [];
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName.endsWith('/')) continue;
    const target = path.join(folder, entry.fileName);
    await mkdir(path.dirname(target), { recursive: true });
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(target));
    names.push(entry.fileName);
  }
  return names;
}
