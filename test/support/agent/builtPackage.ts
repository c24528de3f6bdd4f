import path from 'node:path';
import { findVsix } from '../../../scripts/vsix';

/** The package that `npm run package` has left in dist/. */
export function builtVsix(): string {
  return findVsix(path.resolve(__dirname, '../../../dist'));
}
