import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { makeReproducible } from './archive';
import { checkListing, readListing } from './listing/check';
import { ROOT, SBOM, stage } from './stage';
import { createVsix } from './tfx';
import type { Variant } from './variant';
import { checkVsix } from './vsix';

/** A package that was made and checked. */
export interface Packed {
  /** Where it is: `<id>-<version>.vsix`. */
  readonly vsix: string;
  /** The bill of materials, which is in the package as well. */
  readonly sbom: string;
  readonly bytes: number;
  /** How many files were packed, the manifests not counted. */
  readonly files: number;
  /** Whether everyone can install it once it is published. */
  readonly isPublic: boolean;
}

/** Where `npm run package` and `npm run package:dev` leave their package. */
export function packageFolder(dev: boolean): string {
  return path.join(ROOT, dev ? 'dist/dev' : 'dist');
}

/**
 * Packs the extension into a folder, with the staged files beside the package.
 *
 * @throws Error when something does not build, when a link or an image of the listing is broken, when tfx warns, or
 *   when the package is not as it should be.
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
