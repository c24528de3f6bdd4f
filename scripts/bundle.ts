import { build, formatMessages } from 'esbuild';
import type { BuildFailure, Message } from 'esbuild';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { findDuplicates, findExternals } from './bundledPackages';
import type { BundleRecord } from './bundledPackages';
import { fileAddress, type Repository } from './repository';
import type { EntryPoint } from './tasks';

/**
 * Bundles one entry point into one CommonJS file that needs nothing beside it: minified, because an agent downloads
 * every task of a job anew, with the names of functions kept.
 *
 * The syntax is Node 16's, on which old agents fall back: there the program must get as far as the sentence
 * that says so. `module` comes before `main`: only modules of that kind can be cut down to what is used.
 *
 * @param repository - Messages refer to its documents by their address; without one, to the Marketplace page.
 * @throws Error when esbuild warns, when a package is bundled twice, or when one is left outside.
 */
export async function bundle(
  root: string,
  entry: EntryPoint,
  stageFolder: string,
  repository?: Repository,
): Promise<BundleRecord> {
  const documents = repository && fileAddress(repository, '{file}');
  const result = await build({
    absWorkingDir: root,
    entryPoints: [entry.source],
    outfile: path.join(stageFolder, entry.target),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node16',
    mainFields: ['module', 'main'],
    charset: 'utf8',
    minify: true,
    // Errors and stack traces go by the names of classes and functions.
    keepNames: true,
    // The sign-in and pipeline libraries ask of each body whether it is a form; none is sent, and Node would load its whole
    // `fetch` to answer.
    define: {
      FormData: 'undefined',
      DOCUMENT_ADDRESS: documents === undefined ? 'undefined' : JSON.stringify(documents),
    },
    legalComments: 'eof',
    external: isMain(entry) ? [] : [MAIN],
    metafile: true,
    logLevel: 'silent',
  }).catch(async (cause: unknown) => {
    throw new Error(await describe(entry, 'error', (cause as BuildFailure).errors), { cause });
  });
  if (result.warnings.length > 0) throw new Error(await describe(entry, 'warning', result.warnings));
  refuse(`${entry.target} contains packages twice`, findDuplicates(result.metafile));
  const known = isMain(entry) ? builtinModules : [...builtinModules, MAIN];
  refuse(`${entry.target} leaves packages outside`, findExternals(result.metafile, known));
  return result.metafile;
}

/** What other stages of a task share with its main one: its file, because a copy would double the package. */
const MAIN = './index.js';
const isMain = (entry: EntryPoint): boolean => path.basename(entry.target) === 'index.js';

async function describe(entry: EntryPoint, kind: 'error' | 'warning', messages: Message[]): Promise<string> {
  const texts = await formatMessages(messages, { kind });
  return `${entry.source} does not bundle:\n${texts.join('\n')}`;
}

/** Throws with what was found, if anything was. */
export function refuse(sentence: string, findings: readonly string[]): void {
  if (findings.length > 0) throw new Error([`${sentence}:`, ...findings].join('\n  '));
}
