import { build } from 'esbuild';
import path from 'node:path';
import { externalTo, PROGRAM } from '../../scripts/bundle';
import { entryPoints, findTasks } from '../../scripts/tasks';
import { WEB_PAGES } from '../../scripts/webPages';

const REPOSITORY = path.resolve(__dirname, '../..');

/**
 * Returns the programs of the package as esbuild writes them without minifying, with the source file next to every
 * piece, by their names in the package.
 */
export async function readablePrograms(): Promise<ReadonlyMap<string, string>> {
  const tasks = (await findTasks(REPOSITORY)).flatMap(entryPoints);
  const entries = [...tasks, ...WEB_PAGES];
  return new Map(
    await Promise.all(
      entries.map(async (entry) => {
        const { source, target } = entry;
        const { outputFiles } = await build({
          absWorkingDir: REPOSITORY,
          entryPoints: [source],
          outdir: path.dirname(target),
          bundle: true,
          ...(target.endsWith('.html')
            ? { platform: 'browser', format: 'iife' }
            : { ...PROGRAM, external: externalTo(entry) }),
          write: false,
        });
        return [target, outputFiles.map(({ text }) => text).join('\n')] as const;
      }),
    ),
  );
}

/** Returns the folders of the packages that a readable program consists of, such as `node_modules/@azure/identity`. */
export function packageFolders(readable: string): readonly string[] {
  const pieces = readable.matchAll(/^\s*\/\/ (?:\S*?[/:])??(node_modules\/\S+)$/gm);
  const folders = [...pieces].map(
    ([, name = '']) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name,
  );
  return [...new Set(folders)];
}
