import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { CancelTimes } from './cancelTimes';
import { readLines } from './lines';
import { cancelOnWindows } from './windowsCancel';

/** The program to start, and where. */
export interface ProcessCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
}

export interface ProcessStart {
  readonly command: ProcessCommand;
  readonly env: Readonly<Record<string, string>>;
  /** Called for each line of both outputs, in the order of arrival. */
  readonly onLine: (line: string) => void;
}

export interface ProcessEnd {
  readonly rawStdout: string;
  readonly rawStderr: string;
  /** Null if a signal ended the process. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly durationMs: number;
}

export interface TaskProcess {
  /** Resolves when the process has ended and its last line was read. */
  readonly ended: Promise<ProcessEnd>;
  /** Asks the process to end, then urges it, and then kills it. Returns immediately. */
  cancel(times: CancelTimes): void;
  /**
   * Stops listening to the process, which continues to run. This is what happens when `docker exec` is ended, because
   * it passes on no signal. For the agent, the process has ended.
   */
  abandon(): void;
  /** Kills the process immediately, as the end of a container does. */
  kill(): void;
}

/** Starts a task's program, and reads its output. */
export function startProcess({ command, env, onLine }: ProcessStart): TaskProcess {
  const startedAt = performance.now();
  const { program, args, cwd } = command;
  // On Windows, the process gets a console of its own, as from the agent.
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
