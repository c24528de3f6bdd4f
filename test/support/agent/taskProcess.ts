import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { CancelTimes } from './cancelTimes';
import { readLines } from './lines';
import { cancelOnWindows } from './windowsCancel';

/** What is started where. */
export interface ProcessCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
}

export interface ProcessStart {
  readonly command: ProcessCommand;
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
  /**
   * Hears no more of the process, which goes on, as when `docker exec` is ended: it hands no signal on. For the agent the
   * process has ended.
   */
  abandon(): void;
  /** Ends the process at once, as the end of a container does. */
  kill(): void;
}

/** Starts a task's program, and reads what it writes. */
export function startProcess({ command, env, onLine }: ProcessStart): TaskProcess {
  const startedAt = performance.now();
  const { program, args, cwd } = command;
  // On Windows a console of its own, as the agent gives it.
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
  const timers: NodeJS.Timeout[] = [];
  const heard = { stdout: [] as string[], stderr: [] as string[] };
  let isHeard = true;
  const hear =
    (lines: string[]) =>
    (line: string): void => {
      if (!isHeard) return;
      lines.push(line);
      onLine(line);
    };
  const end = (rest: Omit<ProcessEnd, 'durationMs'>): ProcessEnd => ({
    ...rest,
    durationMs: performance.now() - startedAt,
  });
  const finish = async (): Promise<ProcessEnd> => {
    const [rawStdout, rawStderr, closing] = await Promise.all([
      readLines(child.stdout, hear(heard.stdout)),
      readLines(child.stderr, hear(heard.stderr)),
      once(child, 'close').finally(() => {
        timers.forEach(clearTimeout);
      }),
    ]);
    const [exitCode, signal] = closing as [number | null, NodeJS.Signals | null];
    return end({ rawStdout, rawStderr, exitCode, signal });
  };
  let abandon = (): void => undefined;
  const abandoned = new Promise<ProcessEnd>((resolve) => {
    abandon = () => {
      isHeard = false;
      const [rawStdout, rawStderr] = [heard.stdout.join('\n'), heard.stderr.join('\n')];
      resolve(end({ rawStdout, rawStderr, exitCode: null, signal: 'SIGKILL' }));
    };
  });
  return {
    ended: Promise.race([finish(), abandoned]),
    cancel: (times) => {
      if (process.platform === 'win32') {
        void cancelOnWindows(child, times);
        return;
      }
      const { interruptMs, terminateMs } = times;
      child.kill('SIGINT');
      timers.push(setTimeout(() => child.kill('SIGTERM'), interruptMs));
      timers.push(setTimeout(() => child.kill('SIGKILL'), interruptMs + terminateMs));
    },
    abandon: () => {
      abandon();
    },
    kill: () => {
      child.kill('SIGKILL');
    },
  };
}
