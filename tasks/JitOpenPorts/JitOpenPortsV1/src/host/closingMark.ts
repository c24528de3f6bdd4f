import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Returns the path of the file that marks that the post-job step of this step has begun. In a container, no signal
 * informs a step that it is canceled, so it might still run at the same time as its post-job step, and nothing would
 * close what it requests then. The folder for temporary files belongs to the job, and both steps can see it. Nothing in
 * this module needs the agent's library.
 */
function placeOfMark(): string | undefined {
  const folder = process.env['AGENT_TEMPDIRECTORY'];
  const job = process.env['SYSTEM_JOBID'];
  const task = process.env['SYSTEM_TASKINSTANCEID'];
  if (!folder || !job || !task) return undefined;
  return join(folder, `jit-closing-${job}-${task}`.replace(/[^\w-]/g, ''));
}

/** Writes the mark. If it cannot be written, the step continues as if there were no mark. */
export function markClosing(): void {
  const place = placeOfMark();
  if (place === undefined) return;
  try {
    writeFileSync(place, '', { flag: 'wx', mode: 0o600 });
  } catch {
    // The file already exists, or the folder does not exist.
  }
}

/** Whether the post-job step has begun. */
export function hasClosingBegun(): boolean {
  const place = placeOfMark();
  return place !== undefined && existsSync(place);
}
