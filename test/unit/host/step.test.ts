import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Runs a program in a process of its own, with what `host/step` has, after a signal that came before. */
function runCancelled(program: string): { readonly status: number | null; readonly stdout: string } {
  const module = path.resolve(__dirname, '../../../tasks/shared/task/step.ts');
  const whole = `
    const { runStep, runAfterJob } = require(${JSON.stringify(module)});
    process.emit('SIGINT');
    ${program}`;
  // The task library keeps the key of its vault there.
  const temporary = mkdtempSync(path.join(os.tmpdir(), 'step-'));
  const env = { ...process.env, AGENT_TEMPDIRECTORY: temporary };
  try {
    return spawnSync(process.execPath, ['--import', 'tsx', '-e', whole], { encoding: 'utf8', env });
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

describe('a step that was cancelled before it began', () => {
  it('ends with its result although its work does not', () => {
    const { status, stdout } = runCancelled(`
      void runStep({ work: () => new Promise(() => undefined), leftOpen: () => 'Nothing is open.' });`);
    assert.equal(status, 0);
    assert.match(stdout, /^##vso\[task\.complete result=Failed;\]JIT801: .*Nothing is open\./m);
  });

  it('ends its stage after the job with what is not done, although that work does not end', () => {
    const { status, stdout } = runCancelled(`
      void runAfterJob({ work: () => new Promise(() => undefined), unfinished: () => ['This is open.'] });`);
    assert.equal(status, 0);
    assert.match(stdout, /^##vso\[task\.issue type=warning;.*\]This is open\./m);
  });
});
