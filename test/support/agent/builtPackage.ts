import path from 'node:path';
import { findVsix } from '../../../scripts/vsix';

/** Returns the path of the package that `npm run package` has written to dist/. */
export function builtVsix(): string {
  return findVsix(path.resolve(__dirname, '../../../dist'));
}
