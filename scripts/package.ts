import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ROOT, stage } from './stage';
import { createVsix } from './tfx';
import { checkVsix } from './vsix';

/**
 * `npm run package`: one checked .vsix in dist/, and nothing else there. `--dev` packs for the private test
 * channel. Everything is made in a temporary folder, so that a failure leaves no package behind.
 */
async function main(): Promise<void> {
  const dist = path.join(ROOT, 'dist');
  await rm(dist, { recursive: true, force: true });
  const workshop = await mkdtemp(path.join(os.tmpdir(), 'jit-vm-access-'));
  try {
    const staged = await stage(path.join(workshop, 'stage'));
    const dev = process.argv.includes('--dev');
    const name = await packageName(path.join(workshop, 'stage/vss-extension.json'), dev);
    const vsix = path.join(workshop, name);
    const overrides = dev ? path.join(ROOT, 'vss-extension.dev.json') : undefined;
    await createVsix(path.join(workshop, 'stage'), vsix, overrides);
    const { bytes } = await checkVsix(vsix, staged);
    await mkdir(dist, { recursive: true });
    await cp(vsix, path.join(dist, name));
    console.log(`Packed dist/${name}, ${Math.ceil(bytes / 1000)} kB, ${staged.length} files.`);
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}

async function packageName(manifestFile: string, dev: boolean): Promise<string> {
  const text = await readFile(manifestFile, 'utf8');
  const { id, version } = JSON.parse(text) as { id: string; version: string };
  return `${id}${dev ? '-dev' : ''}-${version}.vsix`;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
