import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { toScriptEnvironment } from './environment';
import type { Job } from './job';
import { whyNotStarted } from './startLimits';

const execute = promisify(execFile);

/**
 * Runs `- bash:` as a later step of a job: macros such as `$(jit.host)` are put in, the script becomes a file in the
 * temp folder, and every variable that is no secret is in its environment.
 *
 * @returns What it wrote to its output.
 * @throws Error when it could not be started or did not end with 0.
 */
export async function runScript({ variables, folders, options }: Job, script: string): Promise<string> {
  const env = toScriptEnvironment({ variables, folders, own: options.env ?? {} });
  const refusal = whyNotStarted(env);
  if (refusal !== undefined) throw new Error(`No process starts: ${refusal}`);
  const file = path.join(folders.temp, `${randomUUID()}.sh`);
  await writeFile(file, variables.expand(script));
  const { stdout } = await execute('bash', ['--noprofile', '--norc', file], {
    ...{ cwd: folders.sources, env, maxBuffer: 10_000_000 },
  });
  return stdout;
}
