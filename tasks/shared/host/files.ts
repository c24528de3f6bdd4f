import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { notWritten } from '../messages/reporting';

/**
 * Writes files into a folder, which is made when it is not there; files of the same names are replaced.
 *
 * @param texts the files' texts by name
 * @returns The full paths by name. Throws JIT423.
 */
export async function writeFiles<Name extends string>(
  folder: string,
  texts: Readonly<Record<Name, string>>,
): Promise<Readonly<Record<Name, string>>> {
  const paths: Partial<Record<Name, string>> = {};
  try {
    await makeFolder(folder);
    for (const name of Object.keys(texts) as Name[]) {
      paths[name] = path.join(folder, name);
      await writeFile(path.join(folder, name), texts[name], 'utf8');
    }
  } catch (error) {
    throw notWritten(folder, reasonOf(error));
  }
  return paths as Record<Name, string>;
}

/** Why the file system refused, by its own code: `EACCES`. */
export const reasonOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown';

/**
 * Makes a folder and those above it. Node 20 does not come back from `recursive` where the system denies a folder below
 * one that is there.
 */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const above = path.dirname(folder);
    const reason = reasonOf(error);
    if (reason === 'ENOENT' && above !== folder) {
      await makeFolder(above);
      await mkdir(folder);
    } else if (reason !== 'EEXIST') {
      throw error;
    }
  }
}
