import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** Returns the PNGs of a staged folder as `data:` URLs, so that a page can show them anywhere. */
export async function readPictures(folder: string, files: readonly string[]): Promise<Map<string, string>> {
  const pictures = files.filter((file) => file.endsWith('.png'));
  const entries = pictures.map(async (file) => {
    const content = await readFile(path.join(folder, file));
    return [file, `data:image/png;base64,${content.toString('base64')}`] as const;
  });
  return new Map(await Promise.all(entries));
}
