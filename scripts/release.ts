import { parseArgs } from 'node:util';
import { packageFolder } from './pack';
import { publishArguments, runTfx } from './tfx';
import { findVsix } from './vsix';

/**
 * `npm run release`: publishes the package in dist/ to the Marketplace; with `-- --dev`, the one in dist/dev/.
 * `-- --share-with organisation` also shares it, which a package that is not public needs; it may be given more
 * than once, and an empty one counts for none. The token is in MARKETPLACE_TOKEN: a personal access token that may
 * publish, or one of Microsoft Entra.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { dev: { type: 'boolean' }, 'share-with': { type: 'string', multiple: true } },
  });
  const token = process.env['MARKETPLACE_TOKEN'];
  if (token === undefined || token === '')
    throw new Error('Set MARKETPLACE_TOKEN; CONTRIBUTING.md says how.');
  const { dev = false, 'share-with': shareWith = [] } = values;
  const organisations = shareWith.filter((name) => name !== '');
  await runTfx(publishArguments(findVsix(packageFolder(dev)), token, organisations));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
