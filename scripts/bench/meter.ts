import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What a process used of the machine, from its start to its end. */
export interface Usage {
  /** User and system time of all its threads. */
  readonly cpuMs: number;
  /** The most memory that it held at once: its largest resident set. */
  readonly peakBytes: number;
}

/** Lets a process of Node note at its end what it used: Node tells nobody else what a single child used. */
export interface Meter {
  /** For the environment of the process. */
  readonly env: Readonly<Record<string, string>>;
  /**
   * What the last process used.
   *
   * @throws Error when none has ended since the last reading
   */
  read(): Usage;
}

/**
 * Runs in the process itself. Linux counts the memory of whoever started a process towards its `maxRSS`
 * (`exec_mmap` in fs/exec.c), and whoever measures is bigger than what is measured: `VmHWM` is its own.
 */
const NOTE_AT_EXIT = `
process.on('exit', () => {
  const { readFileSync, writeFileSync } = require('fs');
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const status = process.platform === 'linux' ? readFileSync('/proc/self/status', 'utf8') : '';
  const peakKb = Number(/^VmHWM:\\s*(\\d+) kB$/m.exec(status)?.[1] ?? maxRSS);
  const usage = { cpuMs: (userCPUTime + systemCPUTime) / 1000, peakBytes: peakKb * 1024 };
  writeFileSync(FILE, JSON.stringify(usage));
});
`;

/** Makes a meter, with its files in a folder that is there. One process at a time. */
export function createMeter(folder: string): Meter {
  const [program, file] = [path.join(folder, 'meter.cjs'), path.join(folder, 'usage.json')];
  writeFileSync(program, `const FILE = ${JSON.stringify(file)};${NOTE_AT_EXIT}`);
  return {
    env: { NODE_OPTIONS: `--require ${JSON.stringify(program)}` },
    read() {
      const usage = JSON.parse(readFileSync(file, 'utf8')) as Usage;
      rmSync(file);
      return usage;
    },
  };
}
