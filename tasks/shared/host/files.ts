import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What the tasks write tells who asked for access and from where: it is for the agent's own user alone. */
export const PRIVATE_FILE = 0o600;
export const PRIVATE_FOLDER = 0o700;

/**
 * Writes a file into a new folder of its own, where nothing can stand in its way.
 *
 * @returns Its path. Throws the file system's own error.
 */
export function writeTemporary(folder: string, name: string, text: string): string {
  const own = path.join(folder, `jit-${randomUUID()}`);
  mkdirSync(own, { mode: PRIVATE_FOLDER });
  const file = path.join(own, name);
  writeFileSync(file, text, { encoding: 'utf8', flag: 'wx', mode: PRIVATE_FILE });
  return file;
}

/** Why the file system refused, by its own code: `EACCES`. */
export const reasonOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
