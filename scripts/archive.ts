import { readFile, writeFile } from 'node:fs/promises';
import JSZip from 'jszip';

/** The earliest time that a ZIP archive can store. */
const NO_TIME = new Date(Date.UTC(1980, 0, 1));
/** The first file of a package, by the convention of its format. */
const FIRST = '[Content_Types].xml';

/**
 * Rewrites an archive so that equal files result in equal bytes: sorted, without folders, without the current time, and
 * compressed by code that is the same everywhere. Anyone can then compare a package by its hash.
 */
export async function makeReproducible(file: string): Promise<void> {
  const old = await JSZip.loadAsync(await readFile(file));
  const names = Object.values(old.files)
    .filter(({ dir }) => !dir)
    .map(({ name }) => name)
    .toSorted((a, b) => Number(b === FIRST) - Number(a === FIRST) || (a < b ? -1 : 1));
  const archive = new JSZip();
  for (const name of names) {
    const bytes = await old.file(name)?.async('nodebuffer');
    if (bytes) archive.file(name, bytes, { date: NO_TIME, createFolders: false });
  }
  const compression = { compression: 'DEFLATE', compressionOptions: { level: 9 } } as const;
  await writeFile(file, await archive.generateAsync({ type: 'nodebuffer', platform: 'DOS', ...compression }));
}
