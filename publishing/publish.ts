import { parseArgs } from 'node:util';
import { publishArguments, runTfx } from './tfx.ts';

/**
 * `node publishing/publish.ts package.vsix`: publishes a package to the Marketplace. `--share-with organisation` also
 * shares it, which a package that is not public needs; it may be given more than once, and an empty one counts for
 * none. The token is in MARKETPLACE_TOKEN: a personal access token that may publish, or one of Microsoft Entra.
 *
 * Node 24 runs this file as it is, so that a job with a token needs nothing but what this folder's lockfile names.
 */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { 'share-with': { type: 'string', multiple: true } },
    allowPositionals: true,
  });
  const [vsix = '', ...more] = positionals;
  if (!vsix.endsWith('.vsix') || more.length > 0) throw new Error('Name one package: a file *.vsix.');
  const token = process.env['MARKETPLACE_TOKEN'];
  if (token === undefined || token === '')
    throw new Error('Set MARKETPLACE_TOKEN; CONTRIBUTING.md says how.');
  const { 'share-with': shareWith = [] } = values;
  const organisations = shareWith.filter((name) => name !== '');
  await runTfx(publishArguments(vsix, token, organisations));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
