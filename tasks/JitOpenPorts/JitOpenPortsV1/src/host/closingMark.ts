import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A mark that the post-job step of this step has begun. In a container no signal tells a step that it is cancelled, so that
 * it may still run beside its post-job step: whatever it requested then, nobody would close. The folder for temporary
 * files is the job's own, and both see it. Nothing here needs the agent's library.
 */
function placeOfMark(): string | undefined {
  const folder = process.env['AGENT_TEMPDIRECTORY'];
  const job = process.env['SYSTEM_JOBID'];
  const task = process.env['SYSTEM_TASKINSTANCEID'];
  if (!folder || !job || !task) return undefined;
  return join(folder, `jit-closing-${job}-${task}`.replace(/[^\w-]/g, ''));
}

/** Leaves the mark. Where it cannot be written, the step goes on as if there were none. */
export function markClosing(): void {
  const place = placeOfMark();
  if (place === undefined) return;
  try {
    writeFileSync(place, '', { flag: 'wx', mode: 0o600 });
  } catch {
    // It is there already, or the folder is not.
  }
}

/** Whether the post-job step has begun. */
export function hasClosingBegun(): boolean {
  const place = placeOfMark();
  return place !== undefined && existsSync(place);
}
