import { build, formatMessages, transform } from 'esbuild';
import type { BuildFailure, BuildOptions, Message, Metafile } from 'esbuild';
import { mkdir, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { findDuplicates, findExternals } from './bundledPackages';
import type { BundleRecord } from './bundledPackages';
import { deferred } from './deferred';
import { fileAddress, type Repository } from './repository';
import type { EntryPoint } from './tasks';

/** One file of a program. */
export interface ProgramFile {
  /** Relative to the package: `tasks/JitOpenPorts/JitOpenPortsV1/index.js`. */
  readonly target: string;
  readonly record: BundleRecord;
}

/**
 * How esbuild bundles a program. `module` comes before `main`, because only ES modules can be reduced to the code that
 * is used. The syntax is that of Node 16, to which old agents fall back: there, the program must at least reach the
 * sentence that reports it.
 */
export const PROGRAM = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  splitting: true,
  target: 'node16',
  mainFields: ['module', 'main'],
  chunkNames: '[name]-[hash]',
  charset: 'utf8',
  legalComments: 'eof',
  // The sign-in and pipeline libraries check whether each body is a form. None is ever sent, and Node would load all of
  // `fetch` for the check.
  define: { FormData: 'undefined' },
  plugins: [deferred],
} satisfies BuildOptions;

/** The second pass. esbuild only splits programs of ES modules, but Node loads CommonJS modules faster. */
const COMMONJS = {
  format: 'cjs',
  platform: 'node',
  target: PROGRAM.target,
  charset: PROGRAM.charset,
  legalComments: 'eof',
  minify: true,
  supported: { 'dynamic-import': false },
} as const;

/**
 * Bundles one entry point into CommonJS files that need nothing else: the entry itself, and what it imports later or
 * not in every run. They are minified, because an agent downloads every task of a job again.
 *
 * @param repository - Messages refer to its documents by their URL, or without it to the Marketplace page.
 * @returns The files, with the entry first.
 * @throws Error if esbuild warns, if a package is bundled twice, or if one is not bundled.
 */
export async function bundle(
  root: string,
  entry: EntryPoint,
  stageFolder: string,
  repository?: Repository,
): Promise<readonly ProgramFile[]> {
  const documents = repository && fileAddress(repository, '{file}');
  const folder = path.dirname(entry.target);
  const result = await build({
    ...PROGRAM,
    absWorkingDir: root,
    entryPoints: [{ in: entry.source, out: path.basename(entry.target, '.js') }],
    outdir: folder,
    write: false,
    minify: true,
    define: {
      ...PROGRAM.define,
      DOCUMENT_ADDRESS: documents === undefined ? 'undefined' : JSON.stringify(documents),
    },
    external: externalTo(entry),
    metafile: true,
    logLevel: 'silent',
  }).catch(async (cause: unknown) => {
    throw new Error(await describe(entry, 'error', (cause as BuildFailure).errors), { cause });
  });
  if (result.warnings.length > 0) throw new Error(await describe(entry, 'warning', result.warnings));
  const { outputs } = result.metafile;
  refuse(`${entry.target} contains packages twice`, findDuplicates(result.metafile));
  const known = [...builtinModules, ...externalTo(entry), ...Object.keys(outputs)];
  refuse(`${entry.target} leaves packages outside`, findExternals(result.metafile, known));
  await mkdir(path.join(stageFolder, folder), { recursive: true });
  await Promise.all(
    result.outputFiles.map(async (file) => {
      const { code } = await transform(file.text, COMMONJS);
      await writeFile(path.join(stageFolder, path.relative(root, file.path)), code);
    }),
  );
  return filesOf(outputs, entry);
}

const filesOf = (outputs: Metafile['outputs'], entry: EntryPoint): readonly ProgramFile[] =>
  Object.entries(outputs)
    .map(([target, output]) => ({ target, record: { outputs: { [target]: output } } }))
    .toSorted((one, other) => Number(other.target === entry.target) - Number(one.target === entry.target));

/**
 * The files that other programs of a task share with its main program, because a copy would double the size of the
 * package.
 */
const MAIN = './index.js';
export const externalTo = (entry: EntryPoint): string[] =>
  path.basename(entry.target) === path.basename(MAIN) ? [] : [MAIN];

async function describe(entry: EntryPoint, kind: 'error' | 'warning', messages: Message[]): Promise<string> {
  const texts = await formatMessages(messages, { kind });
  return `${entry.source} does not bundle:\n${texts.join('\n')}`;
}

/** Throws an error with the findings if there are any. */
export function refuse(sentence: string, findings: readonly string[]): void {
  if (findings.length > 0) throw new Error([`${sentence}:`, ...findings].join('\n  '));
}
