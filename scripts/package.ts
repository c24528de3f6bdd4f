import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { pack, packageFolder } from './pack';
import { ROOT } from './stage';

/**
 * `npm run package`: one checked .vsix in dist/, and nothing else there. `npm run package:dev` packs the private
 * channel into dist/dev/. `-- --publisher name` packs under that publisher; an empty name means the one in
 * vss-extension.json. Everything is made in a temporary folder, so that a failure leaves no package behind.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { dev: { type: 'boolean' }, publisher: { type: 'string' } } });
  const { dev = false, publisher = '' } = values;
  const folder = packageFolder(dev);
  await rm(folder, { recursive: true, force: true });
  const workshop = await mkdtemp(path.join(os.tmpdir(), 'jit-vm-access-'));
  try {
    const variant = { dev, publisher: publisher === '' ? undefined : publisher };
    const { vsix, bytes, files } = await pack(workshop, variant);
    const target = path.join(folder, path.basename(vsix));
    await mkdir(folder, { recursive: true });
    await cp(vsix, target);
    console.log(`Packed ${path.relative(ROOT, target)}, ${Math.ceil(bytes / 1000)} kB, ${files} files.`);
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
