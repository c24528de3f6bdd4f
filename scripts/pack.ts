import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { makeReproducible } from './archive';
import { checkListing, readListing } from './listing/check';
import { ROOT, SBOM, stage } from './stage';
import { createVsix } from './tfx';
import type { Variant } from './variant';
import { checkVsix } from './vsix';

/** A package that was built and checked. */
export interface Packed {
  /** Its path: `<id>-<version>.vsix`. */
  readonly vsix: string;
  /** The software bill of materials, which is also in the package. */
  readonly sbom: string;
  readonly bytes: number;
  /** The number of packed files, without the manifests. */
  readonly files: number;
  /** Whether everyone can install it once it is published. */
  readonly isPublic: boolean;
}

/** Returns the folder where `npm run package` and `npm run package:dev` write their package. */
export function packageFolder(dev: boolean): string {
  return path.join(ROOT, dev ? 'dist/dev' : 'dist');
}

/**
 * Packs the extension into a folder, with the staged files next to the package.
 *
 * @throws Error if something does not build, if a link or an image of the listing is broken, if tfx warns, or if the
 * package has unexpected content.
 */
export async function pack(folder: string, variant: Variant = {}): Promise<Packed> {
  const stageFolder = path.join(folder, 'stage');
  await mkdir(stageFolder, { recursive: true });
  const { files, repository, isPublic } = await stage(stageFolder, variant);
  checkListing(ROOT, await readListing(stageFolder, files), repository);
  const text = await readFile(path.join(stageFolder, 'vss-extension.json'), 'utf8');
  const { id, version } = JSON.parse(text) as { id: string; version: string };
  const vsix = path.join(folder, `${id}-${version}.vsix`);
  await createVsix(stageFolder, vsix);
  await makeReproducible(vsix);
  const { bytes } = await checkVsix(vsix, files);
  return { vsix, sbom: path.join(stageFolder, SBOM), bytes, files: files.length, isPublic };
}
