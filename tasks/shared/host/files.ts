import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The tasks' files show who requested access and from where, so they are only for the agent's own user. */
export const PRIVATE_FILE = 0o600;
export const PRIVATE_FOLDER = 0o700;

/**
 * Writes a file to a new folder of its own, where no other file can conflict with it.
 *
 * @returns The path of the file.
 * @throws The file system's own error.
 */
export function writeTemporary(folder: string, name: string, text: string): string {
  const own = path.join(folder, `jit-${randomUUID()}`);
  mkdirSync(own, { mode: PRIVATE_FOLDER });
  const file = path.join(own, name);
  writeFileSync(file, text, { encoding: 'utf8', flag: 'wx', mode: PRIVATE_FILE });
  return file;
}

/** Returns the file system's error code, such as `EACCES`, or `unknown`. */
export const reasonOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
