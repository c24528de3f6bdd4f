import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bundle } from './bundle';
import { bundledPackages } from './bundledPackages';
import { formatNotices } from './notices';
import { entryPoints, findTasks } from './tasks';
import type { Task } from './tasks';
import { parseVersion, withTaskVersion } from './version';

/** The repository. */
export const ROOT = path.resolve(__dirname, '..');

/**
 * Lays the whole extension out in a folder, as it will lie in the package: bundles, task.json files with their
 * version, icons, manifest, README, LICENSE and notices. What was in the folder before is removed.
 *
 * @returns The files of the package, relative and sorted; the manifest is not among them.
 */
export async function stage(folder: string): Promise<string[]> {
  await rm(folder, { recursive: true, force: true });
  const version = parseVersion(await readJson('package.json'));
  const tasks = await findTasks(ROOT);
  const bundles = await Promise.all(
    tasks.flatMap((task) => entryPoints(task).map((entry) => bundle(ROOT, entry, folder))),
  );
  await Promise.all(tasks.map((task) => stageTask(task, folder, version)));
  const images = (await readdir(path.join(ROOT, 'images'))).filter((file) => file.endsWith('.png'));
  const copied = ['README.md', 'LICENSE', ...images.map((file) => `images/${file}`)];
  await Promise.all(copied.map((file) => cp(path.join(ROOT, file), path.join(folder, file))));
  const notices = await formatNotices(ROOT, bundles.flatMap(bundledPackages));
  await writeFile(path.join(folder, 'ThirdPartyNotices.txt'), notices);
  await writeJson(path.join(folder, 'vss-extension.json'), {
    ...(await readJson('vss-extension.json')),
    version: version.text,
  });
  return [...copied, 'ThirdPartyNotices.txt', ...tasks.flatMap(taskFiles)].sort();
}

function taskFiles(task: Task): string[] {
  const own = ['task.json', 'icon.png'].map((file) => `${task.folder}/${file}`);
  return [...own, ...entryPoints(task).map((entry) => entry.target)];
}

async function stageTask(
  task: Task,
  folder: string,
  version: ReturnType<typeof parseVersion>,
): Promise<void> {
  const target = path.join(folder, task.folder);
  await mkdir(target, { recursive: true });
  await cp(path.join(ROOT, task.folder, 'icon.png'), path.join(target, 'icon.png'));
  await writeJson(path.join(target, 'task.json'), withTaskVersion(task.definition, version));
}

async function readJson(file: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(path.join(ROOT, file), 'utf8')) as Record<string, unknown>;
}

async function writeJson(file: string, content: unknown): Promise<void> {
  await writeFile(file, `${JSON.stringify(content, null, 2)}\n`);
}
