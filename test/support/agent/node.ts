import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Handler } from './taskDefinition';

const PACKAGES = path.resolve(__dirname, '../../../node_modules');
const EXECUTABLE = process.platform === 'win32' ? 'node.exe' : 'node';

/**
 * The Node with which a handler's programs run: the machine's own for `Node20_1`, and one that npm installed
 * for `Node24`.
 *
 * @throws Error when the machine has no Node of its own.
 */
export function nodeFor(handler: Handler): string {
  return handler === 'Node24' ? path.join(PACKAGES, 'node24/bin', EXECUTABLE) : ownNode();
}

/**
 * npm puts the folder of the installed Node 24 before everything else in the PATH of its scripts, so that the
 * tests themselves may run with it. The machine's own Node is the one that npm was started with, or the first
 * in the PATH that npm has not put there.
 */
function ownNode(): string {
  const started = [process.execPath, process.env['npm_node_execpath'] ?? ''];
  const inPath = (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .map((entry) => path.join(entry, EXECUTABLE));
  const own = [...started, ...inPath].find(
    (file) => path.isAbsolute(file) && !file.includes('node_modules') && existsSync(file),
  );
  if (own === undefined) throw new Error('There is no Node on this machine beside the one for Node24.');
  return own;
}
