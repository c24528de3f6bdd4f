import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bundle } from './bundle';
import { bundledPackages } from './bundledPackages';
import { withHelpLinks } from './helpLinks';
import { readLicences } from './licensedPackages';
import { listingText, MARKETPLACE_PAGE } from './listing/text';
import { formatNotices } from './notices';
import { findRepository, repositoryLinks, type Repository } from './repository';
import { formatSbom } from './sbom';
import { entryPoints, findTasks } from './tasks';
import type { Task } from './tasks';
import { variantManifest, variantTask, variantPages } from './variant';
import type { Manifest, Variant } from './variant';
import { makeWebPage, WEB_PAGES } from './webPages';
import { parseVersion, withTaskVersion } from './version';

/** The root of the repository. */
export const ROOT = path.resolve(__dirname, '..');

const NOTICES = 'ThirdPartyNotices.txt';
/** The software bill of materials, with the file name by the convention of CycloneDX. */
export const SBOM = 'sbom.cdx.json';

/** A folder with everything in a package. */
export interface Staged {
  readonly files: readonly string[];
  readonly repository: Repository | undefined;
  readonly isPublic: boolean;
}

/**
 * Writes the entire extension to a folder, as it will be packed: bundles, task.json files with their version, icons,
 * screenshots, manifest, the listing from docs/marketplace.md, LICENSE, notices, and software bill of materials. Any
 * previous content of the folder is removed. Publisher, IDs, and names are those of the variant.
 *
 * @returns The files of the package, relative and sorted, without the manifest, and the repository that the package
 * refers to.
 */
export async function stage(folder: string, variant: Variant = {}): Promise<Staged> {
  await rm(folder, { recursive: true, force: true });
  const packageJson = await readJson('package.json');
  const version = parseVersion(packageJson);
  const own = (await readJson('vss-extension.json')) as Manifest;
  const repository = findRepository(packageJson, variant.repository);
  const packed = variantManifest(own, await readJson('vss-extension.dev.json'), variant, repository);
  const tasks = await findTasks(ROOT);
  const entries = tasks.flatMap(entryPoints);
  const taskFiles = await Promise.all(entries.map((entry) => bundle(ROOT, entry, folder, repository)));
  const pages = await Promise.all(
    WEB_PAGES.map(async (page) => ({
      target: page.target,
      record: await makeWebPage(ROOT, page, folder),
    })),
  );
  const programs = await Promise.all(
    [...taskFiles.flat(), ...pages].map(async ({ target, record }) => ({
      target,
      content: await readFile(path.join(folder, target)),
      packages: await readLicences(ROOT, bundledPackages(record)),
    })),
  );
  const ids = new Map<string, string>();
  await Promise.all(
    tasks.map((task) => {
      const named = variantTask(task.definition, own, packed, variant);
      ids.set(task.definition.id, named.id);
      const definition = withHelpLinks(named, repository);
      return stageTask({ ...task, definition: withTaskVersion(definition, version) }, folder);
    }),
  );
  const images = (await readdir(path.join(ROOT, 'images'), { recursive: true }))
    .map((file) => `images/${file.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.png'));
  const copied = ['LICENSE', ...images];
  await Promise.all(copied.map((file) => cp(path.join(ROOT, file), path.join(folder, file))));
  const page = await readFile(path.join(ROOT, MARKETPLACE_PAGE), 'utf8');
  await writeFile(path.join(folder, 'README.md'), listingText(page, MARKETPLACE_PAGE, repository));
  const manifest = {
    ...variantPages(packed, ids, variant),
    ...repositoryLinks(repository),
    version: version.text,
  };
  await writeJson(path.join(folder, 'vss-extension.json'), manifest);
  const notices = await formatNotices(
    ROOT,
    programs.flatMap(({ packages }) => packages),
  );
  await writeFile(path.join(folder, NOTICES), notices);
  await writeFile(path.join(folder, SBOM), formatSbom({ id: packed.id, version: version.text }, programs));
  const made = programs.map(({ target }) => target);
  const files = ['README.md', ...copied, NOTICES, SBOM, ...made, ...tasks.flatMap(besidePrograms)].sort();
  return { files, repository, isPublic: packed['public'] === true };
}

const besidePrograms = (task: Task): string[] =>
  ['task.json', 'icon.png', 'package.json'].map((file) => `${task.folder}/${file}`);

async function stageTask(task: Task, folder: string): Promise<void> {
  const target = path.join(folder, task.folder);
  await mkdir(target, { recursive: true });
  await cp(path.join(ROOT, task.folder, 'icon.png'), path.join(target, 'icon.png'));
  await writeJson(path.join(target, 'task.json'), task.definition);
  // Node searches the parent folders for the module type, and would use whatever an agent's machine has there.
  await writeJson(path.join(target, 'package.json'), { type: 'commonjs' });
}

async function readJson(file: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(path.join(ROOT, file), 'utf8')) as Record<string, unknown>;
}

async function writeJson(file: string, content: unknown): Promise<void> {
  await writeFile(file, `${JSON.stringify(content, null, 2)}\n`);
}
