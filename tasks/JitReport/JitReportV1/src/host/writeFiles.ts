import { randomUUID } from 'node:crypto';
import { lstat, mkdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CodedError } from '../../../../shared/core/errors';
import { PRIVATE_FILE, PRIVATE_FOLDER, reasonOf } from '../../../../shared/host/files';
import { folderIsLink, notWritten } from '../messages/reporting';

/**
 * Writes files into a folder, which is made when it is not there; files of the same names are replaced. No link is
 * followed: not at the end, where a file takes a link's place, and not on the way below the agent's own folders, where a
 * repository can bring one.
 *
 * @param texts the files' texts by name
 * @param within the agent's folders; above them a link is the administrator's
 * @returns The full paths by name. Throws JIT423.
 */
export async function writeFiles<Name extends string>(
  folder: string,
  texts: Readonly<Record<Name, string>>,
  within: readonly string[],
): Promise<Readonly<Record<Name, string>>> {
  const paths: Partial<Record<Name, string>> = {};
  // Written under new names first, so that a failure leaves the earlier files as they were.
  const fresh = new Map<string, string>();
  try {
    await makeFolder(folder, within);
    for (const name of Object.keys(texts) as Name[]) {
      const target = path.join(folder, name);
      const own = path.join(folder, `.${name}.${randomUUID()}`);
      paths[name] = target;
      fresh.set(own, target);
      await writeFile(own, texts[name], { encoding: 'utf8', flag: 'wx', mode: PRIVATE_FILE });
    }
    for (const [own, target] of fresh) await replace(own, target);
  } catch (error) {
    // What was renamed is not there any more under its first name.
    await Promise.allSettled([...fresh.keys()].map((own) => rm(own, { force: true })));
    throw error instanceof CodedError ? error : notWritten(folder, reasonOf(error));
  }
  return paths as Record<Name, string>;
}

/** How often, and after which pause, Windows is asked again to replace a file: half a second in all. */
export const REPLACEMENTS = 10;
export const PAUSE_MS = 50;
/** Gives a file the name of another one. Windows refuses that for a moment while somebody else reads or replaces it. */
export async function replace(own: string, target: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await rename(own, target);
      return;
    } catch (error) {
      const passes = process.platform === 'win32' && ['EPERM', 'EACCES', 'EBUSY'].includes(reasonOf(error));
      if (!passes || attempt >= REPLACEMENTS) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

/**
 * Makes a folder and those above it, one by one: Node 20 does not come back from `recursive` where the system denies a
 * folder below one that is there. Throws JIT423 for a link that may not be followed, else the file system's own error.
 */
export async function makeFolder(folder: string, within: readonly string[]): Promise<void> {
  const roots = (await Promise.all(within.map(realPathOf))).flatMap((root) => root ?? []);
  const isBelow = async (place: string): Promise<boolean> => {
    const real = await realpath(place);
    return roots.some((root) => holds(root, real));
  };
  const { root } = path.parse(folder);
  let above = root;
  for (const part of folder.slice(root.length).split(path.sep).filter(Boolean)) {
    const at = path.join(above, part);
    const kind = await kindOf(at);
    if (kind === 'missing') await makeOne(at);

    // Where the link itself lies is what counts, whatever way led there.
    else if (kind === 'link' && (await isBelow(above))) throw folderIsLink(folder, at);
    above = at;
  }
  if (!(await stat(folder)).isDirectory()) throw Object.assign(new Error(), { code: 'ENOTDIR' });
}

/** Windows says EPERM and not EEXIST of some folders that are there; whoever else makes it meanwhile is welcome. */
export async function makeOne(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: PRIVATE_FOLDER });
  } catch (error) {
    if (reasonOf(error) === 'ENOENT' || (await kindOf(folder)) !== 'folder') throw error;
  }
}

/** `unknown`: the system does not say. A junction of Windows is a link. */
export async function kindOf(place: string): Promise<'missing' | 'link' | 'folder' | 'unknown'> {
  try {
    const found = await lstat(place);
    return found.isSymbolicLink() ? 'link' : found.isDirectory() ? 'folder' : 'unknown';
  } catch (error) {
    return reasonOf(error) === 'ENOENT' ? 'missing' : 'unknown';
  }
}

export async function realPathOf(folder: string): Promise<string | undefined> {
  try {
    return await realpath(folder);
  } catch {
    return undefined;
  }
}

/** Whether a path is a folder itself or lies in it. */
function holds(folder: string, inner: string): boolean {
  const relativePath = path.relative(folder, inner);
  return relativePath !== '..' && !relativePath.startsWith(`..${path.sep}`) && !path.isAbsolute(relativePath);
}
