import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { CancelTimes } from './cancelTimes';
import { readLines } from './lines';

export interface ProcessStart {
  readonly node: string;
  readonly script: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Called for the lines of both outputs, in the order in which they arrive. */
  readonly onLine: (line: string) => void;
}

export interface ProcessEnd {
  readonly rawStdout: string;
  readonly rawStderr: string;
  /** Null when a signal ended the process. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly durationMs: number;
}

export interface TaskProcess {
  /** Resolves when the process is gone and its last line was read. */
  readonly ended: Promise<ProcessEnd>;
  /** Asks the process to end, then urges it, then kills it. Returns at once. */
  cancel(times: CancelTimes): void;
}

/** Starts a task's program, and reads what it writes. */
export function startProcess({ node, script, cwd, env, onLine }: ProcessStart): TaskProcess {
  const startedAt = performance.now();
  const child = spawn(node, [script], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const timers: NodeJS.Timeout[] = [];
  const finish = async (): Promise<ProcessEnd> => {
    const [rawStdout, rawStderr, closing] = await Promise.all([
      readLines(child.stdout, onLine),
      readLines(child.stderr, onLine),
      once(child, 'close').finally(() => {
        timers.forEach(clearTimeout);
      }),
    ]);
    const [exitCode, signal] = closing as [number | null, NodeJS.Signals | null];
    return { rawStdout, rawStderr, exitCode, signal, durationMs: performance.now() - startedAt };
  };
  return {
    ended: finish(),
    cancel: ({ interruptMs, terminateMs }) => {
      child.kill('SIGINT');
      timers.push(setTimeout(() => child.kill('SIGTERM'), interruptMs));
      timers.push(setTimeout(() => child.kill('SIGKILL'), interruptMs + terminateMs));
    },
  };
}
