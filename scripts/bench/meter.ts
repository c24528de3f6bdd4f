import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The resources that a process used from its start to its end. */
export interface Usage {
  /** User and system time of all of its threads. */
  readonly cpuMs: number;
  /** Its maximum memory at any time: its largest resident set. */
  readonly peakBytes: number;
}

/**
 * Makes a process of Node record its own usage at its end. Node does not report the usage of a single child process.
 */
export interface Meter {
  /** Variables for the environment of the process. */
  readonly env: Readonly<Record<string, string>>;
  /**
   * Returns the usage of the last process.
   *
   * @throws Error if no process ended since the last reading
   */
  read(): Usage;
}

/**
 * Runs in the process itself. Linux includes the memory of the parent process in `maxRSS` (`exec_mmap` in fs/exec.c),
 * and the measuring process is larger than the measured one. `VmHWM` has only the memory of the process itself.
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

/** Creates a meter with its files in an existing folder. It measures one process at a time. */
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
