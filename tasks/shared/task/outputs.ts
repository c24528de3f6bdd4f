import * as tl from 'azure-pipelines-task-lib/task';
import { fitOutputs, printableJson, type StepOutputs } from '../core/outputs';
import * as say from '../messages/outputs';
import { agentLog, readVariable } from '../host/agent';
import { reasonOf, writeTemporary } from '../host/files';

/**
 * Sets the outputs of this step, `$(step.name)`: the one way in which a task does. None is longer than `LONGEST_OUTPUT`;
 * a warning names each that had to be cut. The entries of the table are in a file, all of them, that lies in the agent's
 * folder for temporary files until the job ends; where it cannot be written, its path is empty, and a warning says why.
 */
export function setOutputs(outputs: StepOutputs): void {
  const { table } = outputs;
  const pathName = table ? `${table.name}Path` : '';
  let file = '';
  if (table) {
    const written = leaveFile(`${table.name}.json`, `${printableJson(table.entries, 2)}\n`);
    if ('path' in written) file = written.path;
    else agentLog.warning(say.fileNotWritten(pathName, written.reason));
    set(pathName, file);
  }
  for (const fitted of fitOutputs(outputs)) {
    set(fitted.name, fitted.text);
    if (fitted.shown < fitted.total) agentLog.warning(say.outputCut(fitted, pathName, file));
  }
}

function set(name: string, value: string): void {
  tl.setVariable(name, value, false, true);
}

/**
 * Shows Markdown on the run's page. When it cannot be written that is a warning, and no reason to fail.
 *
 * @param heading of the section, which must do as the name of a file
 */
export function showSummary(heading: string, markdown: string): void {
  // The agent reads it after the task has ended.
  const written = leaveFile(`${heading}.md`, markdown);
  if ('path' in written) tl.uploadSummary(written.path);
  else agentLog.warning(say.summaryNotShown(written.reason));
}

/** Leaves a file for the rest of the job. */
function leaveFile(name: string, text: string): { readonly path: string } | { readonly reason: string } {
  const folder = readVariable('Agent.TempDirectory');
  if (!folder) return { reason: say.NO_TEMPORARY_FOLDER };
  try {
    return { path: writeTemporary(folder, name, text) };
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}
