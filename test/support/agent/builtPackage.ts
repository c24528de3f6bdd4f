import { readdirSync } from 'node:fs';
import path from 'node:path';

const DIST = path.resolve(__dirname, '../../../dist');

/**
 * The package that `npm run package` has left in dist/.
 *
 * @throws Error when there is none, or more than one: then nobody knows which one is tested.
 */
export function builtVsix(): string {
  const found = readdirSync(DIST).filter((file) => file.endsWith('.vsix'));
  const [only] = found;
  if (only === undefined || found.length > 1) {
    throw new Error(`dist/ must hold one .vsix, not ${found.length}. Run "npm run package" first.`);
  }
  return path.join(DIST, only);
}
