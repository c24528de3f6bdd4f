import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import path from 'node:path';

/** Asserts that only the owner can access a file and the folder that was created for it. Windows has no such modes. */
export function assertPrivate(file: string): void {
  if (process.platform === 'win32') return;
  assert.equal((statSync(file).mode & 0o777).toString(8), '600', file);
  assert.equal((statSync(path.dirname(file)).mode & 0o777).toString(8), '700', file);
}
