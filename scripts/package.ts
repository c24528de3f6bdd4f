import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { pack, packageFolder } from './pack';
import { HOW_TO_NAME_ONE } from './repository';
import { ROOT } from './stage';

/** Returns a line in the format of `sha256sum --check`. */
async function formatSum(file: string): Promise<string> {
  const hash = createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
  return `${hash}  ${path.basename(file)}\n`;
}

/**
 * `npm run package`: builds one checked .vsix in dist/, with its software bill of materials and the hashes of both.
 * `npm run package:dev` packs the private channel into dist/dev/. `-- --public` fails if the package cannot be public.
 * Without it, a package that names no repository is private. `-- --publisher name` packs under that publisher, and an
 * empty name means the one in vss-extension.json. Everything is built in a temporary folder, so that a failure leaves
 * no package.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { dev: { type: 'boolean' }, public: { type: 'boolean' }, publisher: { type: 'string' } },
  });
  const { dev = false, public: isPublic = false, publisher = '' } = values;
  const folder = packageFolder(dev);
  await rm(folder, { recursive: true, force: true });
  const workshop = await mkdtemp(path.join(os.tmpdir(), 'jit-vm-access-'));
  try {
    const variant = { dev, isPublic, publisher: publisher === '' ? undefined : publisher };
    const packed = await pack(workshop, variant);
    const { vsix, sbom, bytes, files } = packed;
    await mkdir(folder, { recursive: true });
    for (const file of [vsix, sbom]) await cp(file, path.join(folder, path.basename(file)));
    const sums = await Promise.all([vsix, sbom].map(formatSum));
    await writeFile(path.join(folder, 'SHA256SUMS'), sums.join(''));
    const target = path.relative(ROOT, path.join(folder, path.basename(vsix)));
    console.log(`Packed ${target}, ${Math.ceil(bytes / 1000)} kB, ${files} files.`);
    if (!dev && !packed.isPublic) {
      console.log(`The package is private, because package.json names no repository. ${HOW_TO_NAME_ONE}`);
    }
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
