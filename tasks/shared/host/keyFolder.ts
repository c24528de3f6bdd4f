import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Imported before the task library, which writes `.taskkey` to the agent's temporary folder and follows a link there. A
 * repository or an earlier step could have put a link to another file in its place. This module leaves an empty file
 * that only this user can access. If the folder is missing or the file cannot be replaced, a new temporary folder of
 * the system is used; without a folder, the library would end with a stack trace.
 */
const named = process.env['AGENT_TEMPDIRECTORY'];
const folder = [named, process.env['AGENT_WORKFOLDER']].find(Boolean) ?? process.cwd();
try {
  if (named && !statSync(named, { throwIfNoEntry: false })?.isDirectory()) mkdirSync(named);
  const file = join(folder, '.taskkey');
  rmSync(file, { recursive: true, force: true });
  writeFileSync(file, '', { flag: 'wx', mode: 0o600 });
} catch {
  process.env['AGENT_TEMPDIRECTORY'] = mkdtempSync(join(tmpdir(), 'jit-'));
}
