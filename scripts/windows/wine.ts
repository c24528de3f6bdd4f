import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The paths of the 64-bit Wine in Debian, which are not in the PATH. */
const PLACES = ['/usr/lib/wine/wine64', '/usr/bin/wine'];

/** The time limit of every program: ten minutes. */
const LONGEST_MS = 600_000;

/** A Wine with its own prefix. */
export interface Wine {
  /** Its major version, such as 8. */
  readonly version: number;
  /**
   * Runs a Windows program until it ends, by default for at most ten minutes. Wine cannot pass a Linux pipe to Node, so
   * the output is written to a file. Wine's server sometimes ends, together with all of its processes. The program is
   * then run once more, unless a time limit is given.
   *
   * @returns The exit code, and the text of both outputs.
   */
  run(program: string, args: readonly string[], folder: string, timeoutMs?: number): Ended;
  /** Ends all processes that still run in its prefix. */
  end(): void;
}

/** The result of a program. */
export interface Ended {
  readonly code: number;
  readonly output: string;
}

/** Returns the Wine of this machine, or `undefined` without one. `home` is a folder for its prefix. */
export function findWine(home: string): Wine | undefined {
  const file = [process.env['WINE'] ?? '', ...PLACES].find((place) => place !== '' && existsSync(place));
  if (file === undefined) return undefined;
  const { stdout } = spawnSync(file, ['--version'], { encoding: 'utf8' });
  const own = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    LANG: 'C.UTF-8',
    WINEPREFIX: path.join(home, 'prefix'),
    WINEDEBUG: '-all',
    // Neither .NET nor a browser is needed, and Wine would prompt to install them.
    WINEDLLOVERRIDES: 'mscoree,mshtml=',
  };
  const once = (program: string, args: readonly string[], folder: string, timeout: number): Ended => {
    const env = { ...own, WINEPATH: `Z:${path.dirname(program).replaceAll('/', '\\')}` };
    const text = path.join(home, 'output.txt');
    mkdirSync(home, { recursive: true });
    const written = openSync(text, 'w');
    const { status } = spawnSync(file, [program, ...args], {
      ...{ cwd: folder, env, stdio: ['ignore', written, written], timeout, killSignal: 'SIGKILL' },
    });
    closeSync(written);
    return { code: status ?? 1, output: readFileSync(text, 'utf8') };
  };
  return {
    version: Number(/^wine-(\d+)/.exec(stdout)?.[1] ?? 0),
    run(program, args, folder, timeoutMs) {
      const ended = once(program, args, folder, timeoutMs ?? LONGEST_MS);
      const isAgain = timeoutMs === undefined && ended.output.includes('wineserver crashed');
      return isAgain ? once(program, args, folder, LONGEST_MS) : ended;
    },
    end() {
      spawnSync('wineserver', ['-k'], { env: own, stdio: 'ignore' });
    },
  };
}
