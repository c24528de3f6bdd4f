import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Where Debian puts the 64-bit Wine, which is in no PATH. */
const PLACES = ['/usr/lib/wine/wine64', '/usr/bin/wine'];

/** No program here runs longer: ten minutes. */
const LONGEST_MS = 600_000;

/** A Wine with a prefix of its own. */
export interface Wine {
  /** Its main version, such as 8. */
  readonly version: number;
  /**
   * Runs a Windows program to its end, for ten minutes at most unless told otherwise. Wine cannot hand a Linux pipe to Node: what it writes
   * goes to a file. Wine's server ends now and then, and all that it runs with it: then the program is run once more, unless
   * a time is given.
   *
   * @returns The exit code, and what was written to both outputs.
   */
  run(program: string, args: readonly string[], folder: string, timeoutMs?: number): Ended;
  /** Ends all that still runs in its prefix. */
  end(): void;
}

/** How a program ended. */
export interface Ended {
  readonly code: number;
  readonly output: string;
}

/** The Wine of this machine; nothing where there is none. `home`: a folder for its prefix. */
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
    // Neither .NET nor a browser is needed, and Wine would ask whether to install them.
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
