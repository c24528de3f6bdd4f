import { randomUUID } from 'node:crypto';
import { lstat, mkdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CodedError } from '../../../../shared/core/errors';
import { PRIVATE_FILE, PRIVATE_FOLDER, reasonOf } from '../../../../shared/host/files';
import { folderIsLink, notWritten } from '../messages/reporting';

/**
 * Writes files into a folder. Creates the folder if it does not exist, and replaces files with the same names. Follows
 * no link: a file replaces a link with its name, and a folder below the agent's own folders must not be a link, because
 * a repository can create one.
 *
 * @param texts the texts of the files, by name
 * @param within the agent's folders; links above them belong to the administrator
 * @returns The full paths by name.
 * @throws JIT423 if the files cannot be written.
 */
export async function writeFiles<Name extends string>(
  folder: string,
  texts: Readonly<Record<Name, string>>,
  within: readonly string[],
): Promise<Readonly<Record<Name, string>>> {
  const paths: Partial<Record<Name, string>> = {};
  // Written under temporary names first, so that a failure to write leaves the earlier files unchanged.
  const fresh = new Map<string, string>();
  const replaced: string[] = [];
  try {
    await makeFolder(folder, within);
    for (const name of Object.keys(texts) as Name[]) {
      const target = path.join(folder, name);
      const own = path.join(folder, `.${name}.${randomUUID()}`);
      paths[name] = target;
      fresh.set(own, target);
      await writeFile(own, texts[name], { encoding: 'utf8', flag: 'wx', mode: PRIVATE_FILE });
    }
    for (const [own, target] of fresh) {
      await replace(own, target);
      replaced.push(path.basename(target));
    }
  } catch (error) {
    // Renamed files no longer exist under their temporary names.
    await Promise.allSettled([...fresh.keys()].map((own) => rm(own, { force: true })));
    throw error instanceof CodedError ? error : notWritten(folder, reasonOf(error), replaced);
  }
  return paths as Record<Name, string>;
}

/**
 * How often the task tries to replace a file on Windows, and the pause between tries in milliseconds: about half a
 * second in total.
 */
const REPLACEMENTS = 10;
const PAUSE_MS = 50;

/**
 * Renames a file and replaces an existing one. Windows refuses this briefly while another process reads or replaces
 * that file. Throws the file system's own error.
 */
async function replace(own: string, target: string): Promise<void> {
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
 * Creates a folder and its parents, one by one: in Node 20, `recursive` does not return if the system denies a folder
 * below an existing one. Throws JIT423 for a link that must not be followed, and otherwise the file system's own error.
 */
async function makeFolder(folder: string, within: readonly string[]): Promise<void> {
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

    // The location of the link itself counts, whatever path leads there.
    else if (kind === 'link' && (await isBelow(above))) throw folderIsLink(folder, at);
    above = at;
  }
  if (!(await stat(folder)).isDirectory()) throw Object.assign(new Error(), { code: 'ENOTDIR' });
}

/**
 * Creates one folder. For some existing folders, Windows reports EPERM instead of EEXIST. Another process can create
 * the folder at the same time. Throws the file system's own error.
 */
async function makeOne(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: PRIVATE_FOLDER });
  } catch (error) {
    if (reasonOf(error) === 'ENOENT' || (await kindOf(folder)) !== 'folder') throw error;
  }
}

/** Returns the kind of a path. `unknown`: a file, or the system does not report it. A junction on Windows is a link. */
async function kindOf(place: string): Promise<'missing' | 'link' | 'folder' | 'unknown'> {
  try {
    const found = await lstat(place);
    return found.isSymbolicLink() ? 'link' : found.isDirectory() ? 'folder' : 'unknown';
  } catch (error) {
    return reasonOf(error) === 'ENOENT' ? 'missing' : 'unknown';
  }
}

async function realPathOf(folder: string): Promise<string | undefined> {
  try {
    return await realpath(folder);
  } catch {
    return undefined;
  }
}

/** Whether a path is a folder itself or is inside it. */
function holds(folder: string, inner: string): boolean {
  const relativePath = path.relative(folder, inner);
  return relativePath !== '..' && !relativePath.startsWith(`..${path.sep}`) && !path.isAbsolute(relativePath);
}
