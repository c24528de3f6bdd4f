import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** The PNGs of a staged folder as `data:` addresses, so that a page can show them wherever it is opened. */
export async function readPictures(folder: string, files: readonly string[]): Promise<Map<string, string>> {
  const pictures = files.filter((file) => file.endsWith('.png'));
  const entries = pictures.map(async (file) => {
    const content = await readFile(path.join(folder, file));
    return [file, `data:image/png;base64,${content.toString('base64')}`] as const;
  });
  return new Map(await Promise.all(entries));
}
