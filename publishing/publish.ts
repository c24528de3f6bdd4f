import { parseArgs } from 'node:util';
import { publishArguments, runTfx, shareArguments } from './tfx.ts';
import { waitForValidation } from './validation.ts';
import { readIdentity, type PackageIdentity } from './vsix.ts';

/**
 * `node publishing/publish.ts package.vsix`: publishes a private package to the Marketplace, and waits until it is
 * validated. `--share-with organization` then shares it. It can be given more than once, and an empty value is ignored.
 * `--public` publishes a public package, for everyone. The token is in MARKETPLACE_TOKEN: a Microsoft Entra token, or a
 * personal access token with permission to publish.
 *
 * Node 24 runs this file directly, so that a job with a token needs nothing except the packages in this folder's
 * lockfile.
 */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { 'share-with': { type: 'string', multiple: true }, public: { type: 'boolean' } },
    allowPositionals: true,
  });
  const [vsix = '', ...more] = positionals;
  if (!vsix.endsWith('.vsix') || more.length > 0) throw new Error('Name one package: a file *.vsix.');
  const token = process.env['MARKETPLACE_TOKEN'];
  if (token === undefined || token === '')
    throw new Error('Set MARKETPLACE_TOKEN; CONTRIBUTING.md says how.');
  const identity = await readIdentity(vsix);
  checkAudience(vsix, identity, values.public === true);
  const { 'share-with': shareWith = [] } = values;
  const organizations = shareWith.filter((name) => name !== '');
  const name = `${identity.publisher}.${identity.id} ${identity.version}`;

  await runTfx(publishArguments(vsix, token));
  console.log(`Published ${name}. Waiting until the Marketplace has validated it.`);
  await waitForValidation(runTfx, { vsix, identity, token });
  console.log(`${name} is valid.`);
  if (organizations.length === 0) return;
  await runTfx(shareArguments(vsix, organizations, token));
  console.log(`Shared it with ${organizations.join(', ')}.`);
}

/**
 * A package is published for everyone only if the command says so, and never without a repository.
 *
 * @throws Error if the command and the package have different audiences.
 */
function checkAudience(vsix: string, { isPublic, hasRepository }: PackageIdentity, wanted: boolean): void {
  if (isPublic && !wanted) throw new Error(`${vsix} is public. To publish it for everyone, add --public.`);
  if (!isPublic && wanted) {
    throw new Error(`${vsix} is private. Pack a public one: npm run package -- --public`);
  }
  if (isPublic && !hasRepository) {
    throw new Error(
      `${vsix} is public and names no repository. Name one and pack again: npm pkg set repository.type=git repository.url=https://github.com/your-name/your-repository`,
    );
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
