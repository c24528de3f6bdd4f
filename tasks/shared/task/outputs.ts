import { fitOutputs, printableJson, type OutputFile, type StepOutputs } from '../core/outputs';
import * as say from '../messages/outputs';
import type { Host } from '../host/host';
import { reasonOf, writeTemporary } from '../host/files';

/**
 * Sets the outputs of this step, `$(step.name)`: the one way in which a task does. None is longer than `LONGEST_OUTPUT`;
 * a warning names each that had to be cut. The entries of the table are in a file, all of them, that lies in the agent's
 * folder for temporary files until the job ends; where it cannot be written, its path is empty, and a warning says why.
 */
export function setOutputs(host: Host, outputs: StepOutputs): void {
  const { table, files = {} } = outputs;
  const pathName = table ? `${table.name}Path` : '';
  const file = table
    ? leaveOutputFile(host, pathName, {
        name: `${table.name}.json`,
        text: `${printableJson(table.entries, 2)}\n`,
      })
    : '';
  for (const [name, other] of Object.entries(files)) leaveOutputFile(host, name, other);
  for (const fitted of fitOutputs(outputs)) {
    host.setOutput(fitted.name, fitted.text);
    if (fitted.shown < fitted.total) host.log.warning(say.outputCut(fitted, pathName, file));
  }
}

/**
 * Shows Markdown on the run's page. When it cannot be written that is a warning, and no reason to fail.
 *
 * @param heading of the section, which must do as the name of a file
 */
export function showSummary(host: Host, heading: string, markdown: string): void {
  const written = leaveFile(host, `${heading}.md`, markdown);
  if ('path' in written) host.showSummary(written.path);
  else host.log.warning(say.summaryNotShown(written.reason));
}

/** Leaves a file for the rest of the job, and sets the output that names it: empty where it cannot be written. */
function leaveOutputFile(host: Host, output: string, { name, text }: OutputFile): string {
  const written = leaveFile(host, name, text);
  const path = 'path' in written ? written.path : '';
  if ('reason' in written) host.log.warning(say.fileNotWritten(output, written.reason));
  host.setOutput(output, path);
  return path;
}

/** Leaves a file for the rest of the job. */
export function leaveFile(
  host: Host,
  name: string,
  text: string,
): { readonly path: string } | { readonly reason: string } {
  const folder = host.readVariable('Agent.TempDirectory');
  if (!folder) return { reason: say.NO_TEMPORARY_FOLDER };
  try {
    return { path: writeTemporary(folder, name, text) };
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}
