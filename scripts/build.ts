import path from 'node:path';
import { ROOT, stage } from './stage';

/** `npm run build`: writes the extension as it will be packed to dist/stage. */
const folder = path.join(ROOT, 'dist/stage');
stage(folder).then(
  ({ files }) => {
    console.log(`Built ${files.length} files in dist/stage.`);
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
