import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { CancelTimes } from './cancelTimes';

const PROGRAM = path.join(__dirname, 'sendConsoleEvent.ts');
const EVENTS = { ctrlC: '0', ctrlBreak: '1' } as const;

/**
 * Ends a process as the agent does on Windows: with Ctrl-C, then Ctrl-Break, then by force. The times count from when
 * an event was sent, which a separate program does. A process with no time at all gets no event, because what it would
 * still do would be random. The process must have a console of its own: `windowsHide`, and no inherited output.
 */
export async function cancelOnWindows(child: ChildProcess, times: CancelTimes): Promise<void> {
  const { interruptMs, terminateMs } = times;
  const gone = once(child, 'close').catch(() => undefined);
  const events = [
    ['ctrlC', interruptMs],
    ['ctrlBreak', terminateMs],
  ] as const;
  for (const [event, ms] of interruptMs + terminateMs > 0 ? events : []) {
    if (child.exitCode !== null || child.signalCode !== null) return;
    await send(child, event);
    await Promise.race([wait(ms, undefined, { ref: false }), gone]);
  }
  child.kill('SIGKILL');
}

/** Resolves when the event was sent or could not be sent, which is shown for Ctrl-C. Wine sends no Ctrl-Break. */
async function send(child: ChildProcess, event: keyof typeof EVENTS): Promise<void> {
  const args = ['--import', 'tsx', PROGRAM, String(child.pid), EVENTS[event]];
  const sender = spawn(process.execPath, args, {
    ...{ cwd: __dirname, windowsHide: true },
    stdio: ['ignore', 'ignore', event === 'ctrlC' ? 'inherit' : 'ignore'],
  });
  await once(sender, 'close');
}
