import path from 'node:path';
import type { Handler } from './taskDefinition';

const REPOSITORY = path.resolve(__dirname, '../../..');

/**
 * The Node with which a handler's programs run: the tests' own for `Node20_1`, and one that npm installed for
 * `Node24`.
 */
export function nodeFor(handler: Handler): string {
  const windows = process.platform === 'win32';
  const node24 = path.join(REPOSITORY, 'node_modules/node24/bin', windows ? 'node.exe' : 'node');
  return handler === 'Node20_1' ? process.execPath : node24;
}
