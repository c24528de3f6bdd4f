import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { toScriptEnvironment } from './environment';
import type { Job } from './job';
import { nodeFor } from './node';
import { whyNotStarted } from './startLimits';

const execute = promisify(execFile);

/**
 * Runs a script as a later step of a job, outside a container: macros such as `$(jit.host)` are replaced, the script
 * becomes a file in the temp folder, and every variable that is not secret is in its environment. The script is
 * JavaScript, because not every system has the same kind of shell.
 *
 * @returns The output of the script.
 * @throws Error if it could not be started or did not exit with 0.
 */
export async function runScript({ variables, folders, options }: Job, script: string): Promise<string> {
  const env = toScriptEnvironment({ variables, folders, own: options.env ?? {} });
  const refusal = whyNotStarted(env);
  if (refusal !== undefined) throw new Error(`No process starts: ${refusal}`);
  const file = path.join(folders.temp, `${randomUUID()}.js`);
  await writeFile(file, variables.expand(script));
  const { stdout } = await execute(nodeFor('Node20_1'), [file], {
    ...{ cwd: folders.sources, env, maxBuffer: 10_000_000 },
  });
  return stdout;
}
